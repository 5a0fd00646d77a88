/// The page on which readers wait and that writers ring when `head` has changed.
///
/// The bell makes a change seen at once. It is never what makes it seen: a reader looks at `head`
/// after every wait, rung or not. Any thread may use it; it needs no write permission to wait.
package final class Bell: Sendable {
  private let file: File
  private let mapping: Mapping
  private let futex: Futex

  private init(file: consuming File, mapping: Mapping, futex: Futex) {
    self.file = file
    self.mapping = mapping
    self.futex = futex
  }

  deinit {
    mapping.unmap()
  }

  /// Opens a store's bell for waiting; nil if there is none that this process can map.
  package static func open(directory: String) -> Bell? {
    try? open(StoreLayout.bell(directory), .read)
  }

  private static let magic: [UInt8] = Array("TURNBELL".utf8)
  private static let magicOffset = 8

  private static func open(
    _ path: String, _ access: File.Access
  ) throws(TurnoutError) -> Bell? {
    guard let file = try File.openIfPresent(path, access) else { return nil }
    guard try file.status().size == StoreLayout.bellBytes,
      try file.read(at: magicOffset, count: magic.count) == magic
    else { return nil }
    return try map(file, access)
  }

  private static func map(
    _ file: consuming File, _ access: File.Access
  ) throws(TurnoutError) -> Bell {
    let mapping = try Mapping.map(file, writable: access == .readAndWrite)
    return Bell(file: file, mapping: mapping, futex: Futex(firstWordOf: mapping))
  }

  /// Opens a store's bell for ringing. One that is missing or is none is made anew, in place, so
  /// that those who hold the file keep hearing it. Only under the catalog's lock.
  package static func openOrMake(directory: String) throws(TurnoutError) -> Bell {
    let path = StoreLayout.bell(directory)
    if let status = try Directory.status(path, links: .refused),
      !status.isRegular || status.names != 1
    {
      // A link, a pipe, another file's second name: nobody waits on it, and nothing is written to it.
      try Directory.remove(path)
    }
    if let bell = try open(path, .readAndWrite) { return bell }
    let file = try File.open(path, .make)
    try file.truncate(size: StoreLayout.bellBytes)
    try file.reserve(size: StoreLayout.bellBytes)
    try file.write(magic, at: magicOffset)
    var format = FieldWriter()
    format.put(StoreLayout.format)
    try file.write(format.bytes, at: magicOffset + magic.count)
    try StoreAccess(ofWriter: directory).apply(to: file, as: .bell)
    try file.sync()
    return try map(file, .readAndWrite)
  }

  /// The counter's present value, to be read before `head` is, and waited on afterwards.
  package var value: UInt32 {
    // Not through the mapping: a bell that somebody truncates must not end the process.
    (try? file.read(at: 0, count: 4)).flatMap { bytes in
      var reader = FieldReader(bytes)
      return reader.field()
    } ?? 0
  }

  /// Waits until the counter is not `value`, at most `timeoutMilliseconds`.
  ///
  /// `.unusable` comes back at once: whoever gets it sleeps the timeout and opens the bell anew.
  @discardableResult
  package func wait(while value: UInt32, timeoutMilliseconds: Int) -> Futex.Waking {
    futex.wait(while: value, timeoutMilliseconds: timeoutMilliseconds)
  }

  /// Wakes all who wait, in every process, without a change: they look at `head` and wait again.
  func wake() {
    futex.wakeAll()
  }

  /// Bumps the counter and wakes all who wait, in every process. Only on a bell opened for ringing.
  package func ring() {
    futex.increment()
    futex.wakeAll()
  }
}
