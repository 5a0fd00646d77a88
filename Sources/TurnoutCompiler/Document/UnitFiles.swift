package import Turnout

/// One file that documents name by `units_file`, as it was read.
package struct UnitFile: Sendable, Hashable {
  /// As `UnitFiles.path` makes it.
  package var path: String
  package var bytes: [UInt8]

  package init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }
}

/// The files of units that documents may name. Checking reads no file by itself: whoever checks says
/// what each path holds, from a disk or from a store.
package struct UnitFiles: Sendable {
  package typealias Read = @Sendable (_ path: String) -> Result<[UInt8], TurnoutError>

  let read: Read

  /// `read` is called once for each path that the sources name, on the thread that checks, and
  /// gives the whole file or says why it cannot.
  package init(read: @escaping Read) {
    self.read = read
  }

  /// Those that were read when the sources were checked before.
  package init(_ files: [UnitFile]) {
    let byPath = Dictionary(files.map { ($0.path, $0.bytes) }) { first, _ in first }
    self.init { path in
      byPath[path].map(Result.success)
        ?? .failure(TurnoutError(.ioError, "\(path) is not among the files that were read"))
    }
  }

  /// For sources that name none.
  package static let none = UnitFiles([])

  /// The path of a file that the source called `source` names: relative to the folder of that
  /// source, unless it begins with `/`.
  package static func path(_ written: String, in source: String) -> String {
    guard !written.hasPrefix("/"), let slash = source.utf8.lastIndex(of: UInt8(ascii: "/")) else {
      return written
    }
    return String(source[...slash]) + written
  }
}
