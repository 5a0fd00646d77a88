import Turnout

/// The processes of this machine, or of this container, as `/proc` shows them.
enum ProcessTable {
  static var own: Int32 { SystemUser.process }

  /// Their numbers, as names in `/proc`.
  static func all() throws(TurnoutError) -> [String] {
    try Directory.names("/proc").compactMap(UInt64.init).sorted().map(String.init)
  }

  static func isThere(_ process: String) -> Bool {
    guard let status = try? Directory.status("/proc/\(process)") else { return false }
    return status.isFolder && !isOfTheKernel(process)
  }

  /// The system's own threads map nothing.
  private static func isOfTheKernel(_ process: String) -> Bool {
    (fields(of: process)?.dropFirst(6).first).flatMap { UInt64($0) }.map { $0 & 0x20_0000 != 0 }
      ?? false
  }

  static func command(_ process: String) -> String {
    String(decoding: read("/proc/\(process)/comm").prefix { $0 != 0x0a }, as: UTF8.self)
  }

  /// For how long it has run.
  static func ageSeconds(_ process: String) -> Int64? {
    // The kernel counts hundredths here, whatever it counts elsewhere.
    guard let started = fields(of: process)?.dropFirst(19).first.flatMap({ Int64($0) }),
      let seconds = String(decoding: read("/proc/uptime"), as: UTF8.self)
        .split(separator: ".").first.flatMap({ Int64($0) })
    else { return nil }
    return max(0, seconds - started / 100)
  }

  /// What `/proc/PID/stat` says behind the name, which may hold anything: from the state on.
  private static func fields(of process: String) -> [Substring]? {
    let text = String(decoding: read("/proc/\(process)/stat"), as: UTF8.self)
    guard let end = text.lastIndex(of: ")") else { return nil }
    return text[text.index(after: end)...].split(separator: " ")
  }

  private static func read(_ path: String) -> [UInt8] {
    (try? FileBytes.read(path, atMost: 4096)) ?? []
  }
}
