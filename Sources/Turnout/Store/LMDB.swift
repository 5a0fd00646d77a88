internal import CLMDB
internal import Glibc

/// LMDB, one Swift function for each C function used; its codes become `TurnoutError`s.
///
/// The only file that imports CLMDB. `act` and `path` go into the messages.
@safe
struct LMDBEnvironment: @unchecked Sendable {
  private let environment: OpaquePointer
  let path: String

  struct Flags: OptionSet, Sendable {
    let rawValue: UInt32
    static let noSubfolder = Flags(rawValue: UInt32(MDB_NOSUBDIR))
    static let noLock = Flags(rawValue: UInt32(MDB_NOLOCK))
    static let readOnly = Flags(rawValue: UInt32(MDB_RDONLY))
    static let noThreadLocals = Flags(rawValue: UInt32(MDB_NOTLS))
    /// Only for a file that nobody knows yet and that its maker syncs.
    static let noSync = Flags(rawValue: UInt32(MDB_NOSYNC))
  }

  /// Opens an environment, `mapBytes` of it mapped; nil takes what the file says. Throws unless its file
  /// is `identity`, if one is given: the name may have got another since, and LMDB follows links.
  init(
    opening path: String, being identity: FileStatus.Identity? = nil, flags: Flags, mapBytes: Int?,
    databasesMax: UInt32
  ) throws(TurnoutError) {
    var created: OpaquePointer?
    // SAFETY: the result outlives the call.
    let code = unsafe mdb_env_create(&created)
    guard let environment = unsafe created else { throw LMDB.error(code, "open", path) }
    // SAFETY: this value owns the environment until `close`.
    unsafe self.environment = environment
    self.path = path
    do throws(TurnoutError) {
      if let mapBytes {
        // SAFETY: the environment is open in nobody's hands yet.
        try LMDB.check(unsafe mdb_env_set_mapsize(environment, mapBytes), "size", path)
      }
      // SAFETY: as above.
      try LMDB.check(unsafe mdb_env_set_maxdbs(environment, databasesMax), "open", path)
      // SAFETY: the path is passed as a terminated text for the call.
      let code = unsafe mdb_env_open(environment, path, flags.rawValue, Self.permissions)
      try LMDB.check(code, "open", path)
      if let identity { try require(identity) }
    } catch {
      close()
      throw error
    }
  }

  /// Of what LMDB would have to make: every file is there before it is opened.
  private static let permissions: UInt32 = 0o600

  /// Ends the environment; no transaction may be open. Never in a child of the process that opened.
  func close() {
    // SAFETY: the owner calls this once.
    unsafe mdb_env_close(environment)
  }

  /// The descriptor of the data file; it stays LMDB's own.
  func descriptor() throws(TurnoutError) -> Int32 {
    var descriptor: Int32 = -1
    // SAFETY: the environment is open and the result outlives the call.
    try LMDB.check(unsafe mdb_env_get_fd(environment, &descriptor), "examine", path)
    return descriptor
  }

  private func require(_ identity: FileStatus.Identity) throws(TurnoutError) {
    guard try File.status(descriptor: descriptor(), path: path).identity == identity else {
      throw TurnoutError(.corrupt, "\(path) was replaced while it was opened. Try again.")
    }
  }

  /// Begins a transaction. A writing one holds the lock of all processes until it ends, and is used
  /// by this thread alone.
  func begin(readOnly: Bool) throws(TurnoutError) -> LMDBTransaction {
    var begun: OpaquePointer?
    // SAFETY: the environment is open and the result outlives the call.
    let code = unsafe mdb_txn_begin(environment, nil, readOnly ? UInt32(MDB_RDONLY) : 0, &begun)
    guard let transaction = unsafe begun else {
      throw LMDB.error(code, "begin a transaction in", path)
    }
    // SAFETY: the transaction is the caller's from here.
    return unsafe LMDBTransaction(transaction, path: path)
  }

  /// Does all of `body` in a writing transaction, or nothing if it throws.
  func write(_ body: (LMDBTransaction) throws(TurnoutError) -> Void) throws(TurnoutError) {
    let transaction = try begin(readOnly: false)
    do throws(TurnoutError) {
      try body(transaction)
    } catch {
      transaction.abort()
      throw error
    }
    try transaction.commit()
  }
}

/// A transaction, ended exactly once: by `commit` or by `abort`.
@safe
struct LMDBTransaction {
  private let transaction: OpaquePointer
  let path: String

  struct Database {
    fileprivate let handle: UInt32
  }

  fileprivate init(_ transaction: OpaquePointer, path: String) {
    // SAFETY: stored; the caller of `begin` ends it once.
    unsafe self.transaction = transaction
    self.path = path
  }

  func commit() throws(TurnoutError) {
    // SAFETY: open until here; LMDB ends it whatever the result.
    try LMDB.check(unsafe mdb_txn_commit(transaction), "commit to", path)
  }

  func abort() {
    // SAFETY: open until here.
    unsafe mdb_txn_abort(transaction)
  }

  /// The database that every file has.
  func unnamed() throws(TurnoutError) -> Database {
    var handle: UInt32 = 0
    // SAFETY: the transaction is open.
    try LMDB.check(unsafe mdb_dbi_open(transaction, nil, 0, &handle), "read", path)
    return Database(handle: handle)
  }

  /// The database of that name; nil when it is not there and `create` is false.
  func database(_ name: String, create: Bool) throws(TurnoutError) -> Database? {
    var handle: UInt32 = 0
    let flags = create ? UInt32(MDB_CREATE) : 0
    // SAFETY: the transaction is open; the name is passed as a terminated text for the call.
    let code = unsafe mdb_dbi_open(transaction, name, flags, &handle)
    if code == MDB_NOTFOUND { return nil }
    try LMDB.check(code, "open a database of", path)
    return Database(handle: handle)
  }

  /// A copy of the value of `key`; nil when it is not there.
  func get(_ database: Database, _ key: [UInt8]) throws(TurnoutError) -> [UInt8]? {
    // SAFETY: a plain struct of zeros.
    var value = unsafe MDB_val()
    // SAFETY: the transaction is open, the key is readable during the call.
    let code = unsafe LMDB.withValue(key) { key in
      unsafe mdb_get(transaction, database.handle, key, &value)
    }
    if code == MDB_NOTFOUND { return nil }
    try LMDB.check(code, "read", path)
    // SAFETY: LMDB's memory stays as it is until the transaction does something else.
    return unsafe LMDB.copy(value)
  }

  func put(_ database: Database, _ key: [UInt8], _ value: [UInt8]) throws(TurnoutError) {
    // SAFETY: the transaction is open; key and value are readable during the call.
    let code = unsafe LMDB.withValue(key) { key in
      unsafe LMDB.withValue(value) { value in
        unsafe mdb_put(transaction, database.handle, key, value, 0)
      }
    }
    try LMDB.check(code, "write", path)
  }

  /// Puts a value of `count` bytes: zeros, with `bytes` from `offset` on.
  func put(
    _ database: Database, _ key: [UInt8], count: Int, bytes: [UInt8], at offset: Int
  ) throws(TurnoutError) {
    guard offset >= 0, offset <= count, bytes.count <= count - offset else {
      throw TurnoutError(.invalidArgument, "A value for \(path) is larger than its room.")
    }
    // SAFETY: a plain struct of zeros.
    var value = unsafe MDB_val()
    unsafe value.mv_size = count
    // SAFETY: the transaction is open, the key is readable during the call.
    let code = unsafe LMDB.withValue(key) { key in
      unsafe mdb_put(transaction, database.handle, key, &value, UInt32(MDB_RESERVE))
    }
    try LMDB.check(code, "write", path)
    // SAFETY: LMDB reserved `count` bytes, which this thread alone sees until the next operation.
    let room = unsafe UnsafeMutableRawBufferPointer(start: value.mv_data, count: count)
    unsafe room.initializeMemory(as: UInt8.self, repeating: 0)
    // SAFETY: within the room, by the guard.
    unsafe UnsafeMutableRawBufferPointer(rebasing: room[offset...]).copyBytes(from: bytes)
  }

  /// Removes a key; nothing happens when it is not there.
  func remove(_ database: Database, _ key: [UInt8]) throws(TurnoutError) {
    // SAFETY: the transaction is open, the key is readable during the call.
    let code = unsafe LMDB.withValue(key) { key in
      unsafe mdb_del(transaction, database.handle, key, nil)
    }
    if code == MDB_NOTFOUND { return }
    try LMDB.check(code, "write", path)
  }

  /// Copies of at most `limit` entries, from the lowest key upwards or from the highest downwards.
  func entries(
    _ database: Database, descending: Bool = false, limit: Int = .max
  ) throws(TurnoutError) -> [(key: [UInt8], value: [UInt8])] {
    var opened: OpaquePointer?
    // SAFETY: the transaction is open and the result outlives the call.
    let code = unsafe mdb_cursor_open(transaction, database.handle, &opened)
    guard let cursor = unsafe opened else { throw LMDB.error(code, "read", path) }
    // SAFETY: closed once, before its transaction ends.
    defer { unsafe mdb_cursor_close(cursor) }
    var found: [(key: [UInt8], value: [UInt8])] = []
    var step = descending ? MDB_LAST : MDB_FIRST
    while found.count < limit {
      var key = unsafe MDB_val()
      var value = unsafe MDB_val()
      // SAFETY: the cursor is open and the results outlive the call.
      let code = unsafe mdb_cursor_get(cursor, &key, &value, step)
      if code == MDB_NOTFOUND { break }
      try LMDB.check(code, "read", path)
      // SAFETY: both are copied before the cursor moves.
      unsafe found.append((LMDB.copy(key), LMDB.copy(value)))
      step = descending ? MDB_PREV : MDB_NEXT
    }
    return found
  }

  /// How many entries a database holds, and the bytes of its pages.
  func size(_ database: Database) throws(TurnoutError) -> (entries: Int, bytes: Int) {
    var statistics = MDB_stat()
    // SAFETY: the transaction is open and the result outlives the call.
    try LMDB.check(unsafe mdb_stat(transaction, database.handle, &statistics), "read", path)
    let pages =
      statistics.ms_branch_pages &+ statistics.ms_leaf_pages &+ statistics.ms_overflow_pages
    return (statistics.ms_entries, pages &* Int(statistics.ms_psize))
  }
}

private enum LMDB {
  static func check(_ code: Int32, _ act: String, _ path: String) throws(TurnoutError) {
    if code != MDB_SUCCESS { throw error(code, act, path) }
  }

  static func error(_ code: Int32, _ act: String, _ path: String) -> TurnoutError {
    switch code {
    case MDB_MAP_FULL:
      return TurnoutError(
        .limitExceeded,
        "\(path) has no room left in its map. Remove revisions, or publish into a new store.")
    case MDB_INVALID:
      return TurnoutError(
        .notAStore, "\(path) is not a file of LMDB. Name a store, or restore it from a copy.")
    case MDB_VERSION_MISMATCH:
      return TurnoutError(
        .newerFormat, "\(path) was written by another version of LMDB. Update Turnout here.")
    case MDB_CORRUPTED, MDB_PAGE_NOTFOUND, MDB_PANIC, MDB_INCOMPATIBLE:
      return TurnoutError(.corrupt, "Cannot \(act) \(path): it is damaged. Restore it from a copy.")
    case EIO where lacksRoom(path):
      // LMDB calls a write that the full disk cut short an input/output error.
      return .system(ENOSPC, "\(act) \(path)")
    case 1...:
      return .system(code, "\(act) \(path)")
    default:
      // SAFETY: LMDB returns a terminated text of its own.
      let reason = unsafe String(cString: mdb_strerror(code))
      return TurnoutError(.ioError, "Cannot \(act) \(path): \(reason).")
    }
  }

  private static func lacksRoom(_ path: String) -> Bool {
    (try? Directory.freeBytes(path)).map { $0 < 1 << 20 } == true
  }

  static func withValue(
    _ bytes: [UInt8], _ body: (UnsafeMutablePointer<MDB_val>) -> Int32
  ) -> Int32 {
    // SAFETY: LMDB only reads keys and values that are given to it; the array outlives the call.
    unsafe bytes.withUnsafeBytes { buffer in
      var value = unsafe MDB_val(
        mv_size: buffer.count, mv_data: UnsafeMutableRawPointer(mutating: buffer.baseAddress))
      return unsafe body(&value)
    }
  }

  static func copy(_ value: MDB_val) -> [UInt8] {
    // SAFETY: LMDB's keys and values are readable for their size.
    unsafe [UInt8](UnsafeRawBufferPointer(start: value.mv_data, count: value.mv_size))
  }
}
