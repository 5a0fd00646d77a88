/// A store, open for writing and for asking what it holds. Readers do not need one: they follow
/// `Head`, `Bell` and `FrozenTable`.
///
/// Any thread may use it. A change holds the lock of all processes while it lasts; so does a
/// question, for a moment. Close all of a process's stores before it forks, or open anew in the
/// child: there an inherited store says `.closed`.
package final class Store: Sendable {
  package struct Options: Sendable {
    /// How many of the newest revisions a change leaves, at least 1, whatever the store says; nil: as
    /// it says.
    package var keep: Int?
    /// What the age of revisions is counted to: nanoseconds since 1970 in UTC.
    package var clock: @Sendable () -> Int64 = { SystemClock.now }
    /// Called after each step of a change, for tests that end the process there.
    package var afterStep: (@Sendable (Step) -> Void)?

    package init(keep: Int? = nil, afterStep: (@Sendable (Step) -> Void)? = nil) {
      self.keep = keep
      self.afterStep = afterStep
    }
  }

  /// The steps of a change, in their order. `committed` is the point at which it has happened.
  package enum Step: String, Sendable, CaseIterable {
    case repaired
    case tableWritten
    case tableRenamed
    case headWritten
    case committed
    case headRenamed
    case rung
    case swept
  }

  package let directory: String
  let options: Options
  let catalog: Catalog

  private init(directory: String, options: Options, catalog: Catalog) {
    self.directory = directory
    self.options = options
    self.catalog = catalog
  }

  deinit {
    catalog.release()
  }

  /// Opens the store in `directory` for writing.
  package static func open(
    _ directory: String, options: Options = Options()
  ) throws(TurnoutError) -> Store {
    try StoreLayout.requireStore(directory)
    try StoreCreation.refuseNetwork(directory)
    guard try Directory.status(StoreLayout.catalog(directory)) != nil else {
      throw TurnoutError(
        .corrupt,
        "\(StoreLayout.catalog(directory)) is missing. Readers go on with what head names; "
          + "restore the store from a copy to write.")
    }
    let access = try StoreAccess(ofWriter: directory)
    let store = Store(
      directory: directory, options: options,
      catalog: try Catalog.hold(StoreLayout.catalog(directory), access: access))
    try store.checkFormat()
    return store
  }

  /// Opens the store in `directory` to be asked: for writing where that may be, which takes turns with
  /// writers; elsewhere, for a user or a mount that may only read, over a copy of the catalog as it is now.
  ///
  /// Throws `.permissionDenied` where the catalog may not be read either.
  package static func openToRead(_ directory: String) throws(TurnoutError) -> Store {
    do throws(TurnoutError) {
      return try open(directory)
    } catch {
      guard error.status == .permissionDenied || error.status == .networkFileSystem else {
        throw error
      }
      let store = Store(
        directory: directory, options: Options(),
        catalog: try Catalog.copy(of: StoreLayout.catalog(directory), refusal: error))
      try store.checkFormat()
      return store
    }
  }

  /// Makes a store in `directory`, which may be missing or empty, and opens it. The folder that
  /// holds `directory` must be there. A store that is there already is opened.
  /// - Parameter group: alone may read the store, which is an error if it is there and others may.
  package static func create(
    _ directory: String, group: UInt32? = nil, options: Options = Options()
  ) throws(TurnoutError) -> Store {
    try StoreCreation.run(directory, group: group)
    return try open(directory, options: options)
  }

  private func checkFormat() throws(TurnoutError) {
    guard let format = try ask({ transaction throws(TurnoutError) in try transaction.format() })
    else {
      throw TurnoutError(
        .notAStore,
        "\(StoreLayout.catalog(directory)) is no catalog of a store. "
          + "Name a store, or restore it from a copy.")
    }
    guard format >= StoreLayout.format else {
      throw TurnoutError(
        .corrupt,
        "The store at \(directory) has format \(format), which only builds before 0.1 wrote. "
          + "Publish its documents into a new store.")
    }
    guard format <= StoreLayout.format else {
      throw TurnoutError(
        .newerFormat,
        "The store at \(directory) has format \(format); this build knows up to "
          + "\(StoreLayout.format). Update Turnout here.")
    }
  }

  // MARK: Changing

  /// Holds the lock of all writers while `body` reads and changes the store: what it compiles
  /// against is head until it ends. What it did happens when it returns, and not at all if it throws.
  package func write<Result>(_ body: (StoreTransaction) throws -> Result) throws -> Result {
    let transaction = try StoreTransaction(store: self)
    do {
      let result = try body(transaction)
      try transaction.finish()
      return result
    } catch {
      transaction.abandon()
      throw error
    }
  }

  func change<Result>(
    _ body: (StoreTransaction) throws(TurnoutError) -> Result
  ) throws(TurnoutError) -> Result {
    let transaction = try StoreTransaction(store: self)
    do throws(TurnoutError) {
      let result = try body(transaction)
      try transaction.finish()
      return result
    } catch {
      transaction.abandon()
      throw error
    }
  }

  /// `StoreTransaction.publish` alone.
  package func publish(
    image: [UInt8], sources: [UInt8], action: HistoryEntry.Action = .publish,
    by signature: Signature, expectHead: UInt64? = nil
  ) throws(TurnoutError) -> Published {
    try change { transaction throws(TurnoutError) in
      try transaction.publish(
        image: image, sources: sources, action: action, by: signature, expectHead: expectHead)
    }
  }

  /// `StoreTransaction.activate` alone.
  @discardableResult
  package func activate(
    _ revision: UInt64, by signature: Signature, expectHead: UInt64? = nil
  ) throws(TurnoutError) -> Published {
    try change { transaction throws(TurnoutError) in
      try transaction.activate(revision, by: signature, expectHead: expectHead)
    }
  }

  /// `StoreTransaction.rollback` alone.
  @discardableResult
  package func rollback(
    to revision: UInt64? = nil, by signature: Signature, expectHead: UInt64? = nil
  ) throws(TurnoutError) -> Published {
    try change { transaction throws(TurnoutError) in
      try transaction.rollback(to: revision, by: signature, expectHead: expectHead)
    }
  }

  /// Sweeps what a crashed writer left and makes `head` what the catalog says. Every change begins
  /// with it.
  package func repair() throws(TurnoutError) {
    try catalog.requireWritable()
    let transaction = try catalog.begin()
    defer { catalog.abort(transaction) }
    try StoreRepair(store: self, catalog: transaction).run()
  }

  // MARK: Asking

  func ask<Result>(
    _ body: (CatalogTransaction) throws(TurnoutError) -> Result
  ) throws(TurnoutError) -> Result {
    let transaction = try catalog.begin()
    defer { catalog.abort(transaction) }
    return try body(transaction)
  }

  /// What happened, the newest first.
  package func history(limit: Int = .max) throws(TurnoutError) -> [HistoryEntry] {
    try ask { transaction throws(TurnoutError) in try transaction.historyEntries(limit: limit) }
  }

  /// The revisions that are left, the oldest first.
  package func revisions() throws(TurnoutError) -> [Revision] {
    try ask { transaction throws(TurnoutError) in try transaction.allRevisions() }
  }

  /// Opens the table of a revision; the caller unmaps it.
  package func table(
    _ revision: UInt64, sources: FrozenTable.Sources = .left
  ) throws(TurnoutError) -> FrozenTable {
    try ask { transaction throws(TurnoutError) in
      try self.openTable(revision, in: transaction, sources: sources)
    }
  }

  func openTable(
    _ number: UInt64, in transaction: CatalogTransaction, sources: FrozenTable.Sources = .left
  ) throws(TurnoutError) -> FrozenTable {
    guard let revision = try transaction.revision(number) else {
      throw noRevision(number, in: transaction)
    }
    return try FrozenTable.open(
      directory: directory, revision: number, expecting: revision.seal, sources: sources)
  }

  /// There is no table of that number: it was never given to one, or retention took it.
  func noRevision(_ number: UInt64, in transaction: CatalogTransaction) -> TurnoutError {
    if number > 0, let next = try? transaction.nextRevision(), number < next {
      return TurnoutError(
        .noRevision,
        "Revision \(number) of the store at \(directory) was published, and its table is no longer "
          + "kept. A backup from then still has it; `turnout retention --for 30d` keeps tables longer, "
          + "`turnout pin` those that matter.")
    }
    return TurnoutError(
      .noRevision,
      "The store at \(directory) has no revision \(number). `turnout history` lists them.")
  }

  package func status() throws(TurnoutError) -> StoreStatus {
    try ask { transaction throws(TurnoutError) in
      let revisions = try transaction.allRevisions()
      let head = try transaction.head()
      return StoreStatus(
        id: try transaction.id(),
        // Opening a store of another format is refused.
        format: StoreLayout.format,
        head: try head.flatMap { head throws(TurnoutError) in
          try transaction.revision(head.revision)
        },
        activated: head?.activated,
        previousHead: head.flatMap { $0.previous == 0 ? nil : $0.previous },
        generation: head?.generation ?? 0,
        overlayEntries: try transaction.overlayEntries().count,
        nextRevision: try transaction.nextRevision(),
        revisions: revisions,
        retention: try transaction.retention(),
        pins: try transaction.pins(),
        tableFileBytes: revisions.reduce(0) { $0 &+ $1.seal.fileBytes },
        catalogFileBytes: UInt64(try catalog.fileBytes()))
    }
  }
}

/// A store in numbers.
package struct StoreStatus: Sendable {
  package let id: StoreID
  package let format: UInt32
  /// Nil before the first publish.
  package let head: Revision?
  /// When head became head, in nanoseconds since 1970 in UTC.
  package let activated: Int64?
  /// Where a rollback would go.
  package let previousHead: UInt64?
  package let generation: UInt64
  package let overlayEntries: Int
  package let nextRevision: UInt64
  /// The oldest first.
  package let revisions: [Revision]
  package let retention: Retention
  /// The oldest revision first.
  package let pins: [Pin]
  package let tableFileBytes: UInt64
  package let catalogFileBytes: UInt64
}
