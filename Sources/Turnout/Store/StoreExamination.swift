/// Everything that a store holds, read in full: what `turnout verify` says.
package struct StoreExamination: Sendable {
  /// Something that is not as it was written.
  package struct Finding: Sendable, Hashable {
    /// The file, named from the store's folder on.
    package let place: String
    /// What is wrong, and what to do.
    package let message: String
  }

  package let directory: String
  package private(set) var findings: [Finding] = []
  /// What is no damage: what a writer that was ended has left, what could not be looked at.
  package private(set) var notes: [String] = []
  package private(set) var tables = 0
  package private(set) var tableBytes: UInt64 = 0
  package private(set) var historyEntries = 0

  /// Reads the store in `directory`. Throws only where there is none or it cannot be looked at; what is
  /// wrong is among the findings. Any number of writers and readers may be at work.
  package init(
    _ directory: String, progress: (String) -> Void = { _ in }
  ) throws(TurnoutError) {
    try StoreLayout.requireStore(directory)
    self.directory = directory
    // What may be done to a store is for `turnout access` to say, but that everybody may do it.
    for fault in (try? StoreAccess.faults(of: directory)) ?? [] { find(".", fault) }
    progress("reading the catalog")
    let head = try examineHead()
    let revisions = try examineCatalog(head)
    for (index, revision) in revisions.enumerated() {
      progress("reading table \(index + 1) of \(revisions.count)")
      try examineTable(revision, isHead: revision.number == head?.revision)
    }
  }

  private mutating func find(_ place: String, _ message: String) {
    findings.append(Finding(place: place, message: message))
  }

  // MARK: Head and bell

  private mutating func examineHead() throws(TurnoutError) -> Head? {
    if Bell.open(directory: directory) == nil {
      find(
        "bell",
        "It is missing, damaged or not to be read: readers look four times a second. The next change "
          + "of the store makes it anew.")
    }
    do throws(TurnoutError) {
      _ = try Head.readBefore(directory: directory)
    } catch {
      try requireLookedAt(error)
      find("head.before", error.message)
    }
    do throws(TurnoutError) {
      return try Head.read(directory: directory)
    } catch {
      try requireLookedAt(error)
      find("head", error.message)
      return nil
    }
  }

  /// Throws what is no damage: the process lacks what it needs to look.
  private func requireLookedAt(_ error: TurnoutError) throws(TurnoutError) {
    if error.status == .outOfMemory || error.status == .limitExceeded { throw error }
  }

  // MARK: The catalog

  /// What the catalog says there is; without one, what `head` names.
  private mutating func examineCatalog(_ head: Head?) throws(TurnoutError) -> [Revision] {
    let path = StoreLayout.catalog(directory)
    do throws(TurnoutError) {
      guard try Directory.status(path) != nil else {
        notes.append("There is no catalog: a store that is only read. What head names was read.")
        return Self.named(by: head)
      }
      let faults = try pageFaults(path)
      for fault in faults { find("catalog.mdb", Self.restore(fault)) }
      // LMDB may crash on what was found.
      if !faults.isEmpty { return Self.named(by: head) }
      return try examineRecords()
    } catch {
      try requireLookedAt(error)
      if error.status == .permissionDenied || error.status == .networkFileSystem {
        notes.append("The catalog's records were not read: \(error.message)")
      } else {
        find("catalog.mdb", error.message)
      }
      return Self.named(by: head)
    }
  }

  /// Under the lock; who may not take it compares a copy with files that a writer may be changing, so that
  /// something is wrong only if it still is at a later look.
  private mutating func examineRecords() throws(TurnoutError) -> [Revision] {
    var revisions: [Revision] = []
    let before = self
    for _ in 0..<8 {
      self = before
      let store = try Store.openToRead(directory)
      revisions = try store.ask { transaction throws(TurnoutError) in
        try self.examine(transaction)
      }
      let isLocked = (try? store.catalog.requireWritable()) != nil
      if isLocked || findings.count == before.findings.count { break }
      SystemClock.sleep(nanoseconds: 20_000_000)
    }
    return revisions
  }

  private static func restore(_ fault: String) -> String {
    "\(fault). Restore the store from a backup; readers go on with what head names."
  }

  /// Without the lock, for LMDB gives it only to who has opened what may be damaged. A writer at work
  /// can make a walk go wrong, but not each of several.
  private func pageFaults(_ path: String) throws(TurnoutError) -> [String] {
    var faults: [String] = []
    for _ in 0..<8 {
      faults = try CatalogPages.faults(of: path)
      if faults.isEmpty { return [] }
      SystemClock.sleep(nanoseconds: 20_000_000)
    }
    return faults
  }

  private static func named(by head: Head?) -> [Revision] {
    guard let head else { return [] }
    let all =
      [EarlierHead(revision: head.revision, seal: head.seal, imageDigest: head.imageDigest)]
      + head.earlier
    return all.map { one in
      Revision(
        number: one.revision, seal: one.seal, imageDigest: one.imageDigest, imageBytes: 0,
        published: 0)
    }
  }

  /// Under the lock.
  private mutating func examine(_ catalog: CatalogTransaction) throws(TurnoutError) -> [Revision] {
    let revisions = try catalog.allRevisions()
    let record = try catalog.head()
    let next = try catalog.nextRevision()
    _ = try catalog.id()
    _ = try catalog.retention()
    for pin in try catalog.pins() where !revisions.contains(where: { $0.number == pin.revision }) {
      find("catalog.mdb", Self.restore("revision \(pin.revision) is pinned and not in it"))
    }
    _ = try catalog.overlayEntries()
    if let last = revisions.last, last.number >= next {
      find("catalog.mdb", Self.restore("it has revision \(last.number), and the next is \(next)"))
    }
    if let record, !revisions.contains(where: { $0.number == record.revision }) {
      find("catalog.mdb", Self.restore("head, revision \(record.revision), is not in it"))
    }
    try examineHistory(catalog, head: record)
    if !findings.contains(where: { $0.place == "catalog.mdb" || $0.place == "head" }) {
      try compare(catalog, record)
    }
    try examineNames(revisions)
    return revisions
  }

  private mutating func examineHistory(
    _ catalog: CatalogTransaction, head: HeadRecord?
  ) throws(TurnoutError) {
    let entries = try catalog.historyEntries(limit: .max)
    historyEntries = entries.count
    if entries.first?.head ?? 0 != head?.revision ?? 0 {
      find("catalog.mdb", Self.restore("its history does not end in its head"))
    }
    for (later, earlier) in zip(entries, entries.dropFirst())
    where later.number != earlier.number + 1 || later.previousHead != earlier.head {
      find(
        "catalog.mdb",
        Self.restore("entry \(later.number) of its history does not follow \(earlier.number)"))
    }
  }

  /// `head` repeats what the catalog says, or what it said before a writer that was ended.
  private mutating func compare(
    _ catalog: CatalogTransaction, _ record: HeadRecord?
  ) throws(TurnoutError) {
    let wanted = try StoreRepair.head(in: catalog)
    let found = try Head.read(directory: directory)
    if found == wanted { return }
    guard let found else {
      return find(
        "head", "It is missing: a process that starts finds no table. Any change makes it again.")
    }
    guard let wanted, let record, found.store == wanted.store,
      found.generation <= wanted.generation,
      found.revision == wanted.revision || found.revision == record.previous
    else {
      return find(
        "head",
        "It names revision \(found.revision) of store \(found.store), generation "
          + "\(found.generation), which the catalog does not know. Restore both from a backup.")
    }
    notes.append(
      "A writer was ended before it told the readers: they are at revision \(found.revision). The "
        + "next change of the store tells them.")
  }

  private mutating func examineNames(_ revisions: [Revision]) throws(TurnoutError) {
    let known = Set(revisions.map { StoreLayout.tableName($0.number) })
    for name in try Directory.names(StoreLayout.tables(directory)) where !known.contains(name) {
      notes.append(
        StoreLayout.isTableName(name)
          ? "tables/\(name) was left by a writer that was ended. The next change removes it."
          : "tables/\(name) is not Turnout's.")
    }
  }

  // MARK: Tables

  private mutating func examineTable(
    _ revision: Revision, isHead: Bool
  ) throws(TurnoutError) {
    tables += 1
    tableBytes += revision.seal.fileBytes
    do throws(TurnoutError) {
      let table = try FrozenTable.open(
        directory: directory, revision: revision.number, expecting: revision.seal, sources: .read)
      defer { table.unmap() }
      let image = try Image.validate(table.image)
      guard image.digest == revision.imageDigest else {
        throw TurnoutError(
          .corrupt, "It holds the table \(image.digest), not \(revision.imageDigest).")
      }
    } catch {
      try requireLookedAt(error)
      if error.status == .permissionDenied { throw error }
      // Retention may have taken it meanwhile.
      if error.status == .noRevision, !isKept(revision.number) { return }
      find(
        "tables/\(StoreLayout.tableName(revision.number))",
        error.message
          + (isHead
            ? " It is head: processes that start serve the head before."
            : " It is not head: nobody serves it."))
    }
  }

  private func isKept(_ number: UInt64) -> Bool {
    guard let known = try? Store.open(directory).revisions() else { return true }
    return known.contains { $0.number == number }
  }
}
