/// Tables that were in force and to which head may go back: they stay mapped, so that a rollback reads
/// and checks nothing, whatever their size.
///
/// A table is here because this process validated it and the store still keeps it. It is used again only
/// for the same revision, seal and digest of the same store, and only while the file under its name is the
/// one that was read then and has not been touched since; anything else is read anew. Its pages are the page
/// cache's, which every process shares and the kernel takes back when it needs room.
struct EarlierTables: Sendable {
  /// How many besides the one in force.
  static let tablesMax = 3
  /// What all of them map; the latest is kept whatever its size.
  static let bytesMax = 256 << 20

  private struct Kept: Sendable {
    let store: StoreID
    let seal: TableSeal
    let digest: Digest
    let table: AdoptedTable

    func isTable(of head: Head) -> Bool {
      store == head.store && table.table.revision == head.revision && seal == head.seal
        && digest == head.imageDigest
    }
  }

  /// The latest first.
  private var kept: [Kept] = []

  var count: Int { kept.count }
  var bytes: Int { kept.reduce(0) { $0 + $1.table.table.mapping.bytes.count } }

  /// The table of `head`, with all of its pages in memory; nil if it has to be read.
  mutating func table(of head: Head, _ directory: String) -> AdoptedTable? {
    guard let index = kept.firstIndex(where: { $0.isTable(of: head) }) else { return nil }
    let found = kept.remove(at: index).table
    guard
      let file = try? File.openIfPresent(StoreLayout.table(directory, head.revision)),
      (try? file.status().version) == found.table.version,
      (try? found.table.mapping.populate(file)) != nil
    else { return nil }
    return found
  }

  /// Keeps `table`, which has gone out of force.
  mutating func keep(_ table: AdoptedTable, of head: Head) {
    // The tests that poison what is reclaimed look for readers of what went out of force.
    guard table.table.pages == .shared, !Poison.isOn else { return }
    kept.removeAll { $0.isTable(of: head) }
    kept.insert(
      Kept(store: head.store, seal: head.seal, digest: head.imageDigest, table: table), at: 0)
    while kept.count > 1, kept.count > Self.tablesMax || bytes > Self.bytesMax { kept.removeLast() }
  }

  /// Lets go of what the store of `head` no longer keeps: a file that was removed takes its room on the
  /// disk for as long as somebody maps it.
  mutating func follow(_ head: Head) {
    kept.removeAll { kept in
      let isKept = head.earlier.contains { earlier in
        earlier.revision == kept.table.table.revision && earlier.seal == kept.seal
          && earlier.imageDigest == kept.digest
      }
      return kept.store != head.store || !(isKept || kept.isTable(of: head))
    }
  }

  mutating func clear() { kept = [] }
}
