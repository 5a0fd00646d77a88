/// A revision that was head and is kept, as `head` names it.
package struct EarlierHead: Sendable, Hashable {
  package var revision: UInt64
  package var seal: TableSeal
  package var imageDigest: Digest
}

extension FieldWriter {
  mutating func put(_ earlier: EarlierHead) {
    put(earlier.revision)
    put(earlier.seal)
    put(earlier.imageDigest)
  }
}

extension FieldReader {
  mutating func earlierHead() -> EarlierHead? {
    guard let revision = field(UInt64.self), revision > 0, let seal = seal(), let digest = digest()
    else { return nil }
    return EarlierHead(revision: revision, seal: seal, imageDigest: digest)
  }
}

extension CatalogTransaction {
  /// The revisions that were head before and are kept, the latest first, without the one that is.
  /// Staged ones that never were head are not among them: nobody has let them serve.
  func earlierHeads() throws(TurnoutError) -> [Revision] {
    guard let head = try head() else { return [] }
    var numbers = [head.previous]
    for entry in try historyEntries(limit: StoreLayout.earlierEntriesMax) {
      numbers += [entry.head, entry.previousHead]
    }
    var found: [Revision] = []
    var seen: Set<UInt64> = [0, head.revision]
    for number in numbers where seen.insert(number).inserted {
      guard let revision = try revision(number) else { continue }
      found.append(revision)
      if found.count == StoreLayout.earlierHeadsMax { break }
    }
    return found
  }
}
