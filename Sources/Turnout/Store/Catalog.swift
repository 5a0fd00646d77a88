internal import Glibc
internal import Synchronization

/// The open catalog of a store: the LMDB environment that only writers and the command open.
///
/// LMDB's locks belong to a process and a file: opening the file twice in one process, or closing
/// it once of two, silently drops them. So a process has one `Catalog` per file, counted here.
final class Catalog: Sendable {
  private let environment: LMDBEnvironment
  private let identity: FileStatus.Identity
  private let process: Int32
  /// Who holds it, of those that share it; changed under the lock of `open`.
  private let holders = Atomic(1)
  /// The thread that is inside a transaction; 0 for none. LMDB would wait for itself for ever.
  private let writingThread = Atomic<UInt>(0)
  /// Whether the pages have been walked, once and under the lock, before LMDB walks them.
  private let isWalked = Atomic(false)
  /// Where it is; of a copy, where that was taken.
  private let path: String
  /// Of a copy for reading: why nobody may write.
  private let refusal: TurnoutError?

  private init(
    _ environment: LMDBEnvironment, _ identity: FileStatus.Identity, _ path: String,
    refusal: TurnoutError? = nil
  ) {
    self.environment = environment
    self.identity = identity
    self.process = getpid()
    self.path = path
    self.refusal = refusal
  }

  private static let open = Mutex<[FileStatus.Identity: Catalog]>([:])

  /// Writes the catalog of a store without revisions, in full and synced, at a path that nobody
  /// else knows.
  static func writeEmpty(_ path: String, access: StoreAccess) throws(TurnoutError) {
    // LMDB would follow a link that stands there.
    let file = try File.open(path, .makeNew, permissions: 0o600)
    try access.apply(to: file, as: .catalog)
    let environment = try LMDBEnvironment(
      opening: path, being: try file.status().identity,
      flags: [.noSubfolder, .noLock, .noThreadLocals], mapBytes: StoreLayout.catalogMapBytes,
      databasesMax: CatalogTransaction.databasesMax)
    defer { environment.close() }
    try environment.write { lmdb throws(TurnoutError) in
      try CatalogTransaction(lmdb, path: path).mark(format: StoreLayout.format, id: .random())
    }
  }

  /// The catalog at `path`. Each call is answered by a `release`.
  static func hold(_ path: String, access: StoreAccess) throws(TurnoutError) -> Catalog {
    // LMDB minds only descriptors of its lock file, so this one of the data may come and go.
    let file = try File.open(path, .readAndWrite)
    let status = try file.status()
    guard status.isRegular else { throw notAFile(path) }
    guard status.size >= StoreLayout.catalogBytesMin else {
      throw TurnoutError(.corrupt, "\(path) is cut short. Restore the store from a copy.")
    }
    // Earlier builds let everybody read it. What is another user's is left as it is.
    if !access.isRight(status, .catalog) { try? access.apply(to: file, as: .catalog) }
    let identity = status.identity
    let result: Result<Catalog, TurnoutError> = open.withLock { open in
      // What a parent of this process opened is left alone: not used, not closed.
      if let shared = open[identity], shared.process == getpid() {
        shared.holders.add(1, ordering: .relaxed)
        return .success(shared)
      }
      do throws(TurnoutError) {
        try CatalogPages.requireMeta(path)
        try reserveLock(path, access)
        let environment = try LMDBEnvironment(
          opening: path, being: identity, flags: [.noSubfolder, .noThreadLocals],
          mapBytes: StoreLayout.catalogMapBytes, databasesMax: CatalogTransaction.databasesMax)
        let catalog = Catalog(environment, identity, path)
        open[identity] = catalog
        return .success(catalog)
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  /// The catalog at `path` as it is now, in memory and without its lock, where writing was refused for
  /// `refusal`. It is closed by its `release`.
  static func copy(of path: String, refusal: TurnoutError) throws(TurnoutError) -> Catalog {
    let copy = try CatalogCopy.take(path)
    let environment = try LMDBEnvironment(
      opening: copy.path, flags: [.noSubfolder, .noLock, .readOnly, .noThreadLocals],
      mapBytes: nil, databasesMax: CatalogTransaction.databasesMax)
    return Catalog(environment, try copy.status().identity, path, refusal: refusal)
  }

  /// LMDB maps its lock file and writes to it through the map; on a full disk that would be a
  /// signal. Its pages are taken here, where a full disk is an error. Nobody in this process has
  /// the file open, so that closing it drops no lock.
  private static func reserveLock(
    _ path: String, _ access: StoreAccess
  ) throws(TurnoutError) {
    let lock = try File.open(path + "-lock", .make, permissions: 0o600)
    let status = try lock.status()
    // LMDB writes to it: not to what somebody else calls by another name.
    guard status.isRegular, status.names == 1 else { throw notAFile(lock.path) }
    if !access.isRight(status, .lock) { try? access.apply(to: lock, as: .lock) }
    try lock.reserve(size: StoreLayout.lockBytes)
  }

  private static func notAFile(_ path: String) -> TurnoutError {
    TurnoutError(
      .corrupt, "\(path) is not a regular file of its own. Remove it, if it is the lock.")
  }

  func release() {
    guard process == getpid() else { return }
    if refusal != nil { return environment.close() }
    Self.open.withLock { open in
      if holders.subtract(1, ordering: .relaxed).newValue == 0 {
        open[identity] = nil
        environment.close()
      }
    }
  }

  /// Begins a transaction and with it takes the store's lock, waiting for whoever holds it. The
  /// same thread ends it.
  ///
  /// Reading takes the lock too. A reading transaction of LMDB would need a slot in the lock file,
  /// which fails between containers and, forgotten by a process that died, lets the file grow.
  func begin() throws(TurnoutError) -> CatalogTransaction {
    if refusal != nil { return try beginReading() }
    guard process == getpid() else {
      throw TurnoutError(
        .closed, "The store of \(environment.path) was opened before a fork. Open it again here.")
    }
    let thread = UInt(pthread_self())
    guard writingThread.load(ordering: .relaxed) != thread else {
      throw TurnoutError(
        .conflict,
        "This thread is already writing to \(environment.path). End that transaction first.")
    }
    let transaction = try environment.begin(readOnly: false)
    do throws(TurnoutError) {
      if !isWalked.load(ordering: .relaxed) {
        try CatalogPages.require(environment.path)
        isWalked.store(true, ordering: .relaxed)
      }
      let begun = try CatalogTransaction(transaction, path: environment.path)
      writingThread.store(thread, ordering: .relaxed)
      return begun
    } catch {
      transaction.abort()
      throw error
    }
  }

  /// A transaction on a copy: nobody else has it.
  private func beginReading() throws(TurnoutError) -> CatalogTransaction {
    let transaction = try environment.begin(readOnly: true)
    do throws(TurnoutError) {
      return try CatalogTransaction(transaction, path: path, create: false)
    } catch {
      transaction.abort()
      throw error
    }
  }

  /// Throws where this is a copy for reading.
  func requireWritable() throws(TurnoutError) {
    if let refusal { throw refusal }
  }

  func commit(_ transaction: CatalogTransaction) throws(TurnoutError) {
    writingThread.store(0, ordering: .relaxed)
    try transaction.lmdb.commit()
  }

  func abort(_ transaction: CatalogTransaction) {
    writingThread.store(0, ordering: .relaxed)
    transaction.lmdb.abort()
  }

  /// Bytes of the catalog's file.
  func fileBytes() throws(TurnoutError) -> Int {
    try File.status(descriptor: environment.descriptor(), path: environment.path).size
  }
}
