import Turnout
import TurnoutCompiler

/// What a table may be called on the command's line: `@head`, `@3`, `@yesterday 15:00` for what was head
/// then, or the path of a document, of a folder of documents, of a table file or of a store, whose head is
/// meant.
enum TableReference: Hashable {
  case head
  case point(StorePoint)
  case path(String)

  /// Whatever begins with `@` is of the store; a file of such a name is `./@…`.
  init(_ text: String) throws(TurnoutError) {
    guard text.hasPrefix("@") else {
      self = .path(text)
      return
    }
    let name = String(text.dropFirst())
    if name == "head" {
      self = .head
    } else if !name.hasPrefix("@"), let point = StorePoint(argument: name) {
      self = .point(point)
    } else {
      throw TurnoutError(
        .invalidArgument,
        "\(text) is no revision and no time: say @head, a number, as @3, or @ and a time; "
          + "\(Moment.expectation). A file of that name is ./\(text)")
    }
  }
}

/// A table that was named, readable while it is open.
struct ReferencedTable {
  /// As it was named.
  let name: String
  /// Nil of a table that is in no store.
  let revision: UInt64?
  let image: Image
  /// Of a time: what was in force then, its overlay too.
  var past: StorePast?
}

extension TableReference {
  /// Calls `body` with the table, of the store in `directory` where the reference is to one. Documents
  /// are compiled against `earlier`, as a publish would; what is wrong in them goes to standard error.
  func open<T>(
    as name: String, in directory: String, against earlier: Image?,
    _ body: (ReferencedTable) throws -> T
  ) throws -> T {
    switch self {
    case .head:
      return try body(ReferencedTable(name, OpenTable.asked(nil, of: directory)))
    case .point(let point):
      let (table, past) = try point.open(in: directory)
      var referenced = ReferencedTable(name, table)
      referenced.past = past
      return try body(referenced)
    case .path(let path):
      guard let status = try Directory.status(path) else {
        throw TurnoutError(
          .ioError, "\(path) is not there. Name a document, a folder, a table file or a store.")
      }
      if status.isFolder, try NewStore.isThere(path) {
        return try body(ReferencedTable(name, OpenTable.asked(nil, of: path)))
      }
      if status.isRegular, try Self.isTable(path) {
        return try TableImage.read(path).bytes.withBytes { bytes in
          try body(ReferencedTable(name: name, revision: nil, image: Image.validate(bytes)))
        }
      }
      let compilation = try Compilation(
        Documents.load(paths: [path]), against: earlier, tellsWarnings: false)
      return try compilation.image.withBytes { bytes in
        try body(ReferencedTable(name: name, revision: nil, image: Image.validate(bytes)))
      }
    }
  }

  /// Whether the file begins as tables do. No document does: it would not be UTF-8 text without zeros.
  private static func isTable(_ path: String) throws -> Bool {
    var start = [UInt8](repeating: 0, count: 8)
    let count = try ByteStream.open(path).read(into: &start)
    return count == start.count
      && start.withBytes { bytes in bytes.u64(0) == Format.magic }
  }
}

extension ReferencedTable {
  fileprivate init(_ name: String, _ table: OpenTable) {
    self.init(name: name, revision: table.revision, image: table.image)
  }
}
