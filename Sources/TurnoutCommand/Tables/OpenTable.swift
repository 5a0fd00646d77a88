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

  /// The table of a revision. `head` names itself and the heads before it to everybody; any other is
  /// looked up in the catalog, which wants permission to read that.
  static func revision(
    _ number: UInt64, of directory: String, sources: FrozenTable.Sources = .left
  ) throws(TurnoutError) -> OpenTable {
    if let head = try? Head.read(directory: directory), let seal = head.seal(of: number) {
      return try OpenTable(
        FrozenTable.open(
          directory: directory, revision: number, expecting: seal, sources: sources))
    }
    return try OpenTable(Store.openToRead(directory).table(number, sources: sources))
  }

  /// The table that is head, or of a point that is asked for. Throws where nothing was published.
  static func asked(
    _ point: StorePoint?, of directory: String, sources: FrozenTable.Sources = .left
  ) throws(TurnoutError) -> OpenTable {
    if let point { return try point.open(in: directory, sources: sources).table }
    guard let head = try head(of: directory, sources: sources) else {
      throw TurnoutError(
        .noTable, "nothing is published in \(directory) yet; `turnout publish` does it")
    }
    return head
  }

  /// The table that a process which starts now serves, and the head whose overlay is over it: where head
  /// is damaged, the latest before it that is whole, with a warning.
  static func served(
    of directory: String
  ) throws(TurnoutError) -> (table: OpenTable?, head: Head?) {
    do throws(TurnoutError) {
      let table = try head(of: directory)
      return (table, try Head.read(directory: directory))
    } catch {
      guard error.status == .corrupt || error.status == .noRevision else { throw error }
      let found: Head?
      do throws(TurnoutError) {
        found = try Head.read(directory: directory)
      } catch {
        found = try? Head.readBefore(directory: directory)
      }
      for (revision, seal) in found?.all ?? [] {
        guard
          let frozen = try? FrozenTable.open(
            directory: directory, revision: revision, expecting: seal),
          let table = try? OpenTable(frozen)
        else { continue }
        Console.warn(
          "\(error.message) Revision \(revision) answers, as in every process that starts now.")
        return (table, found)
      }
      throw error
    }
  }

  init(_ number: UInt64, in transaction: StoreTransaction) throws(TurnoutError) {
    guard let table = try transaction.headTable(), table.revision == number else {
      throw TurnoutError(.conflict, "Head changed while it was read. Try again.")
    }
    try self.init(table)
  }
}

extension Head {
  /// Itself and the heads before it, the latest first.
  fileprivate var all: [(revision: UInt64, seal: TableSeal)] {
    [(revision, seal)] + earlier.map { ($0.revision, $0.seal) }
  }

  fileprivate func seal(of number: UInt64) -> TableSeal? {
    all.first { $0.revision == number }?.seal
  }
}
