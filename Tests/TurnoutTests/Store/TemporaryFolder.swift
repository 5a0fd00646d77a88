import Glibc
import StoreProbe
import Testing

@testable import Turnout

/// A folder of a test's own, removed with all that is in it at the end of its life.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    path = "/tmp/turnout-\(getpid())-\(UInt64.random(in: .min ... .max))"
    try #require(try Directory.make(path))
  }

  deinit {
    Self.remove(path)
  }

  var store: String { path + "/store" }

  private static func remove(_ path: String) {
    guard let status = try? Directory.status(path), status.isFolder else {
      _ = try? Directory.remove(path)
      return
    }
    _ = unsafe chmod(path, 0o755)
    for name in (try? Directory.names(path)) ?? [] { remove(path + "/" + name) }
    _ = unsafe rmdir(path)
  }

  static func text(_ path: String) throws -> String {
    String(decoding: try File.read(path, limit: 1 << 24) ?? [], as: UTF8.self)
  }

  static func target(ofLink path: String) throws -> String {
    // SAFETY: as many bytes as there is room for are written.
    let bytes = unsafe [CChar](unsafeUninitializedCapacity: 4096) { buffer, count in
      guard let start = buffer.baseAddress else { return }
      count = unsafe max(0, readlink(path, start, buffer.count))
    }
    return String(decoding: bytes.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Puts `bytes` in place of the file at `path`, whatever its permissions.
  static func overwrite(_ path: String, _ bytes: [UInt8]) throws {
    _ = unsafe chmod(path, 0o644)
    let file = try File.open(path, .replace)
    try file.write(bytes)
  }
}

extension Signature {
  static let test = Signature(author: "tester", message: "a test", time: 1_763_700_000_000_000_000)
}

extension Store {
  /// Publishes a stand-in of a table.
  @discardableResult
  func publish(seed: UInt64, bytes: Int = 5000, stage: Bool = false) throws -> Published {
    try publish(
      image: ProbeImage.make(seed: seed, bytes: bytes), sources: Array("sources \(seed)".utf8),
      action: stage ? .stage : .publish, by: .test)
  }
}

/// The status of the error that `body` throws; nil if it throws none.
func failure(_ body: () throws -> Void) -> Status? {
  do {
    try body()
    return nil
  } catch let error as TurnoutError {
    return error.status
  } catch {
    Issue.record("not a TurnoutError: \(error)")
    return nil
  }
}
