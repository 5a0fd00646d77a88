/// What one publish, activation or rollback came to.
package struct Published: Sendable, Hashable {
  /// The revision that was made or made current; when nothing changed, the one that was there.
  package let revision: UInt64
  /// Whether there was nothing to do, and no revision and no history entry were made.
  package let unchanged: Bool
  /// Head afterwards; 0 for none.
  package let head: UInt64
  /// Of the image.
  package let digest: Digest
  package let bytes: UInt64
}

/// A change of a store while it holds the lock of all writers. Only inside `Store.write`, and only
/// on its thread.
package final class StoreTransaction {
  let store: Store
  let catalog: CatalogTransaction
  private var isOpen = true
  var isChanged = false
  /// Table files of this transaction, which go if it does not commit.
  private var madeTables: [UInt64] = []
  private var openedTables: [FrozenTable] = []

  init(store: Store) throws(TurnoutError) {
    self.store = store
    try store.catalog.requireWritable()
    let catalog = try store.catalog.begin()
    self.catalog = catalog
    do throws(TurnoutError) {
      try StoreRepair(store: store, catalog: catalog).run()
    } catch {
      store.catalog.abort(catalog)
      isOpen = false
      throw error
    }
    step(.repaired)
  }

  func requireOpen() throws(TurnoutError) {
    if isOpen { return }
    throw TurnoutError(.closed, "The transaction on the store at \(store.directory) has ended.")
  }

  private func step(_ step: Store.Step) {
    store.options.afterStep?(step)
  }

  // MARK: Asking

  /// The revision that is head; nil before the first publish.
  package func head() throws(TurnoutError) -> Revision? {
    try requireOpen()
    return try catalog.headRevision()?.revision
  }

  /// Head's table, to compile against; nil before the first publish. Valid until the transaction
  /// ends.
  package func headTable() throws(TurnoutError) -> FrozenTable? {
    guard let head = try head() else { return nil }
    if let table = openedTables.first(where: { $0.revision == head.number }) { return table }
    let table = try store.openTable(head.number, in: catalog)
    openedTables.append(table)
    return table
  }

  /// The table of a revision, with its documents. Valid until the transaction ends.
  package func table(_ number: UInt64) throws(TurnoutError) -> FrozenTable {
    try requireOpen()
    let table = try store.openTable(number, in: catalog, sources: .read)
    openedTables.append(table)
    return table
  }

  /// Whether a revision is head or ever was.
  package func wasHead(_ number: UInt64) throws(TurnoutError) -> Bool {
    try requireOpen()
    if try catalog.head()?.revision == number { return true }
    if try catalog.revision(number)?.left != nil { return true }
    return try catalog.historyEntries(limit: .max).contains { $0.head == number }
  }

  /// The latest revision that was head before and whose table is whole, to compile against where
  /// head's is damaged; nil if there is none. Valid until the transaction ends.
  package func earlierTable() throws(TurnoutError) -> FrozenTable? {
    try requireOpen()
    for earlier in try catalog.earlierHeads() {
      guard let table = try? store.openTable(earlier.number, in: catalog) else { continue }
      guard (try? Image.validate(table.image)) != nil else {
        table.unmap()
        continue
      }
      openedTables.append(table)
      return table
    }
    return nil
  }

  // MARK: Changing

  /// Adds a table as the next revision, and makes it head unless `action` is `.stage`.
  ///
  /// Nothing happens if the image's digest is that of head, or, for `.stage`, that of the newest
  /// revision, unless that one's file is damaged or gone. `expectHead` refuses with `.conflict` if head
  /// is another (0: none).
  package func publish(
    image: [UInt8], sources: [UInt8], action: HistoryEntry.Action = .publish,
    by signature: Signature, expectHead: UInt64? = nil, moved: ChangeSummary? = nil
  ) throws(TurnoutError) -> Published {
    try requireOpen()
    try signature.check()
    let digest = try TableFile.digest(ofImage: image)
    let head = try catalog.head()
    try require(head: expectHead, found: head)
    let stage = action == .stage
    for same in [try self.head(), stage ? try catalog.allRevisions().last : nil] {
      guard let same, same.imageDigest == digest, try isWhole(same) else { continue }
      return published(same, head: head?.revision ?? 0, unchanged: true)
    }

    let number = try catalog.nextRevision()
    let seal = try write(image: image, sources: sources, as: number)
    let revision = Revision(
      number: number, seal: seal, imageDigest: digest, imageBytes: UInt64(image.count),
      published: signature.time)
    try catalog.put(revision)
    try catalog.setNextRevision(number &+ 1)
    let newHead = stage ? head?.revision ?? 0 : number
    try record(action, revision, head: head, newHead: newHead, signature, moved)
    return published(revision, head: newHead, unchanged: false)
  }

  /// Whether the revision's table can be opened, with its sources. Where it cannot, publishing it once
  /// more is how a store is mended.
  private func isWhole(_ revision: Revision) throws(TurnoutError) -> Bool {
    do throws(TurnoutError) {
      try store.openTable(revision.number, in: catalog, sources: .read).unmap()
      return true
    } catch {
      guard error.status == .corrupt || error.status == .noRevision else { throw error }
      return false
    }
  }

  /// Says what moves where a table takes head's place; for the history.
  package typealias Describing = (FrozenTable) -> ChangeSummary?

  /// Makes a revision head. Nothing happens if it is head already.
  package func activate(
    _ number: UInt64, by signature: Signature, expectHead: UInt64? = nil,
    moved: Describing = { _ in nil }
  ) throws(TurnoutError) -> Published {
    try move(to: number, .activate, signature, expectHead, moved)
  }

  /// Makes a revision head that was head before: `number`, or the last one that was another.
  package func rollback(
    to number: UInt64? = nil, by signature: Signature, expectHead: UInt64? = nil,
    moved: Describing = { _ in nil }
  ) throws(TurnoutError) -> Published {
    try requireOpen()
    let head = try catalog.head()
    try require(head: expectHead, found: head)
    if let number {
      try requireWasHead(number)
      return try move(to: number, .rollback, signature, expectHead, moved)
    }
    guard let head, head.previous != 0 else {
      throw TurnoutError(
        .noRevision,
        "The store at \(store.directory) has no earlier head to roll back to. "
          + "Activate a revision by its number.")
    }
    return try move(to: head.previous, .rollback, signature, expectHead, moved)
  }

  /// Back is where head has been: what was only staged has served nobody yet.
  private func requireWasHead(_ number: UInt64) throws(TurnoutError) {
    guard try catalog.revision(number) != nil else {
      throw store.noRevision(number, in: catalog)
    }
    if try wasHead(number) { return }
    throw TurnoutError(
      .conflict,
      "Revision \(number) of the store at \(store.directory) was never head, so that there is no way "
        + "back to it. `turnout activate \(number)` makes it head.")
  }

  private func move(
    to number: UInt64, _ action: HistoryEntry.Action, _ signature: Signature,
    _ expectHead: UInt64?, _ moved: Describing
  ) throws(TurnoutError) -> Published {
    try requireOpen()
    try signature.check()
    let head = try catalog.head()
    try require(head: expectHead, found: head)
    guard let revision = try catalog.revision(number) else {
      throw store.noRevision(number, in: catalog)
    }
    if head?.revision == number { return published(revision, head: number, unchanged: true) }
    // Readers would refuse a damaged table and stay where they are; better to say it here.
    let table = try store.openTable(number, in: catalog, sources: .read)
    defer { table.unmap() }
    try record(action, revision, head: head, newHead: number, signature, moved(table))
    return published(revision, head: number, unchanged: false)
  }

  private func require(head expected: UInt64?, found: HeadRecord?) throws(TurnoutError) {
    guard let expected else { return }
    let head = found?.revision ?? 0
    if head == expected { return }
    throw TurnoutError(
      .conflict,
      "Head of the store at \(store.directory) is \(head), not \(expected): somebody else changed "
        + "it. Look at the history, then try again with the new head.")
  }

  private func record(
    _ action: HistoryEntry.Action, _ revision: Revision, head: HeadRecord?, newHead: UInt64,
    _ signature: Signature, _ moved: ChangeSummary?
  ) throws(TurnoutError) {
    let previous = head?.revision ?? 0
    try catalog.append(
      HistoryEntry(
        number: 0, action: action, revision: revision.number, previousHead: previous,
        head: newHead, time: signature.time, digest: revision.imageDigest,
        bytes: revision.imageBytes, author: signature.author, message: signature.message,
        moved: moved))
    if newHead != previous {
      if var before = try catalog.revision(previous) {
        before.left = signature.time
        try catalog.put(before)
      }
      try catalog.setHead(
        HeadRecord(
          revision: newHead, previous: previous, activated: signature.time,
          generation: head?.generation ?? 0))
    }
    isChanged = true
  }

  private func published(_ revision: Revision, head: UInt64, unchanged: Bool) -> Published {
    Published(
      revision: revision.number, unchanged: unchanged, head: head, digest: revision.imageDigest,
      bytes: revision.imageBytes)
  }

  private func write(
    image: [UInt8], sources: [UInt8], as number: UInt64
  ) throws(TurnoutError) -> TableSeal {
    let temporary = StoreLayout.tableTemporary(store.directory)
    do throws(TurnoutError) {
      let written = try TableFile.write(
        image: image, sources: sources, path: temporary,
        access: try StoreAccess(ofWriter: store.directory))
      step(.tableWritten)
      madeTables.append(number)
      try Directory.rename(temporary, to: StoreLayout.table(store.directory, number))
      try Directory.sync(StoreLayout.tables(store.directory))
      step(.tableRenamed)
      return written
    } catch {
      _ = try? Directory.remove(temporary)
      throw error
    }
  }

  // MARK: Ending

  /// Commits, then tells the readers. The head file's bytes are on the disk before, so that after
  /// the commit only names change and a full disk cannot come between.
  func finish() throws(TurnoutError) {
    guard isOpen, isChanged else { return abandon() }
    do throws(TurnoutError) {
      try retire()
      if let head = try StoreRepair.head(in: catalog) {
        try StoreRepair.writeTemporary(head.encoded, directory: store.directory)
      }
      step(.headWritten)
    } catch {
      abandon()
      throw error
    }

    isOpen = false
    unmapTables()
    do throws(TurnoutError) {
      try store.catalog.commit(catalog)
    } catch {
      // Whether the disk has it is for the next writer to find out; often that can be now.
      try? store.repair()
      throw error
    }
    step(.committed)
    do throws(TurnoutError) {
      // The commit gave up the lock: what `head` says is decided anew, by what the catalog says.
      try store.repair()
    } catch {
      throw TurnoutError(
        error.status,
        "The change is committed, but readers were not told: \(error.message) "
          + "The next change of the store tells them.")
    }
  }

  /// Ends without having done anything, whatever was done until now.
  package func abandon() {
    guard isOpen else { return }
    isOpen = false
    unmapTables()
    for number in madeTables {
      _ = try? Directory.remove(StoreLayout.table(store.directory, number))
    }
    _ = try? Directory.remove(StoreLayout.headTemporary(store.directory))
    store.catalog.abort(catalog)
  }

  private func unmapTables() {
    for table in openedTables { table.unmap() }
    openedTables = []
  }
}
