import Turnout

/// The tables of all revisions that a store keeps, any of which may become head: those, and what
/// could not be read.
struct KeptTables {
  /// The oldest first.
  var tables: [TableDestinations] = []
  var head: UInt64?
  /// In sentences.
  var warnings: [String] = []

  /// Those that decisions come from, or may with the next `activate`: head and what is newer.
  func isAhead(_ revision: UInt64) -> Bool { revision >= head ?? 0 }

  /// Head's first, then the newest first: what one of them says of a destination counts.
  var byPrecedence: [TableDestinations] {
    tables.reversed().filter { $0.revision == head }
      + tables.reversed().filter { $0.revision != head }
  }
}

/// Reads what a store keeps, each table once.
struct KeptTablesReader {
  let directory: String
  private var known: [UInt64: (digest: Digest, table: TableDestinations)] = [:]

  init(_ directory: String) { self.directory = directory }

  /// Wants permission to read the catalog: it alone knows which revisions are kept.
  mutating func read() throws(TurnoutError) -> KeptTables {
    let store = try Store.openToRead(directory)
    let status = try store.status()
    var kept = KeptTables(head: status.head?.number)
    var read: [UInt64: (digest: Digest, table: TableDestinations)] = [:]
    for revision in status.revisions {
      let number = revision.number
      if let known = known[number], known.digest == revision.imageDigest {
        read[number] = known
      } else {
        do throws(TurnoutError) {
          read[number] = (revision.imageDigest, try Self.table(revision, of: store))
        } catch {
          // Swept since, by another publish; the next look finds the catalog without it.
          if error.status == .noRevision, number != kept.head { continue }
          guard error.status == .corrupt || error.status == .noRevision else { throw error }
          kept.warnings.append(
            "revision \(number) cannot be read, so clusters that it alone has are left out: "
              + error.message)
        }
      }
      if let table = read[number]?.table { kept.tables.append(table) }
    }
    known = read
    return kept
  }

  private static func table(
    _ revision: Revision, of store: Store
  ) throws(TurnoutError) -> TableDestinations {
    let table = try store.table(revision.number)
    defer { table.unmap() }
    let image = try Image.validate(table.image, sealedAs: revision.imageDigest)
    return TableDestinations(image, revision: revision.number)
  }
}
