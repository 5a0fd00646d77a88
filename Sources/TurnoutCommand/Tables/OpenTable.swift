import Turnout

/// A revision's table, mapped and validated. It stays mapped until the process ends.
struct OpenTable {
  let revision: UInt64
  let image: Image
  /// What the store keeps of the documents, if it was asked for; empty for a table that came by `apply`.
  let sources: [UInt8]

  init(_ table: FrozenTable) throws(TurnoutError) {
    revision = table.revision
    image = try Image.validate(table.image)
    sources = table.sources
  }

  /// The table that is head; nil where there is a store and nothing was published. Needs no write
  /// permission.
  static func head(
    of directory: String, sources: FrozenTable.Sources = .left
  ) throws(TurnoutError) -> OpenTable? {
    var seen: UInt64?
    while true {
      guard let head = try Head.read(directory: directory) else { return nil }
      do throws(TurnoutError) {
        return try OpenTable(
          FrozenTable.open(
            directory: directory, revision: head.revision, expecting: head.seal, sources: sources))
      } catch {
        // Between the two, other publishes may have made the revision old and swept it.
        guard error.status == .noRevision, head.revision != seen else { throw error }
        seen = head.revision
      }
    }
  }

  /// The table of a revision. Any but head is looked up in the catalog, which wants a store that
  /// this process may write to.
  static func revision(
    _ number: UInt64, of directory: String, sources: FrozenTable.Sources = .left
  ) throws(TurnoutError) -> OpenTable {
    if let head = try Head.read(directory: directory), head.revision == number {
      return try OpenTable(
        FrozenTable.open(
          directory: directory, revision: number, expecting: head.seal, sources: sources))
    }
    return try OpenTable(Store.open(directory).table(number, sources: sources))
  }

  /// The table of a revision, or of head without one. Throws where nothing was published.
  static func revision(
    _ number: UInt64?, orHeadOf directory: String, sources: FrozenTable.Sources = .left
  ) throws(TurnoutError) -> OpenTable {
    if let number { return try revision(number, of: directory, sources: sources) }
    guard let head = try head(of: directory, sources: sources) else {
      throw TurnoutError(
        .noTable, "nothing is published in \(directory) yet; `turnout publish` does it")
    }
    return head
  }

  init(_ number: UInt64, in transaction: StoreTransaction) throws(TurnoutError) {
    guard let table = try transaction.headTable(), table.revision == number else {
      throw TurnoutError(.conflict, "Head changed while it was read. Try again.")
    }
    try self.init(table)
  }
}
