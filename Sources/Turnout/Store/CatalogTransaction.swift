/// The catalog's records inside one transaction: what is where, byte by byte as
/// `Docs/store-format.md` says.
struct CatalogTransaction {
  static let databasesMax: UInt32 = 8

  let lmdb: LMDBTransaction
  private let path: String
  private let store: LMDBTransaction.Database
  private let revisions: LMDBTransaction.Database
  private let history: LMDBTransaction.Database
  private let overlay: LMDBTransaction.Database
  private let pinned: LMDBTransaction.Database

  init(_ lmdb: LMDBTransaction, path: String, create: Bool = true) throws(TurnoutError) {
    func database(_ name: String) throws(TurnoutError) -> LMDBTransaction.Database {
      if let database = try lmdb.database(name, create: create) { return database }
      throw TurnoutError(.corrupt, "\(path) lacks its database \(name). Restore it from a copy.")
    }
    self.lmdb = lmdb
    self.path = path
    store = try database("store")
    revisions = try database("revisions")
    history = try database("history")
    overlay = try database("overlay")
    pinned = try database("pins")
  }

  var damaged: TurnoutError {
    TurnoutError(
      .corrupt,
      "\(path) is damaged. `turnout verify` says where; restore the store from a backup.")
  }

  // MARK: Records

  /// Every record ends in the XXH3-64 of its key and itself: LMDB does not notice damaged bytes.
  private static let checksumBytes = 8

  private static func checksum(_ key: [UInt8], _ value: [UInt8]) -> [UInt8] {
    var writer = FieldWriter()
    writer.put(XXH3.hash64(key + value))
    return writer.bytes
  }

  private func checked(_ key: [UInt8], _ stored: [UInt8]) throws(TurnoutError) -> [UInt8] {
    let value = Array(stored.dropLast(Self.checksumBytes))
    guard stored.count >= Self.checksumBytes,
      stored.suffix(Self.checksumBytes).elementsEqual(Self.checksum(key, value))
    else { throw damaged }
    return value
  }

  private func get(
    _ database: LMDBTransaction.Database, _ key: [UInt8]
  ) throws(TurnoutError) -> [UInt8]? {
    guard let stored = try lmdb.get(database, key) else { return nil }
    return try checked(key, stored)
  }

  private func put(
    _ database: LMDBTransaction.Database, _ key: [UInt8], _ value: [UInt8]
  ) throws(TurnoutError) {
    try lmdb.put(database, key, value + Self.checksum(key, value))
  }

  private func entries(
    _ database: LMDBTransaction.Database, descending: Bool = false, limit: Int = .max
  ) throws(TurnoutError) -> [(key: [UInt8], value: [UInt8])] {
    var found: [(key: [UInt8], value: [UInt8])] = []
    for (key, stored) in try lmdb.entries(database, descending: descending, limit: limit) {
      found.append((key, try checked(key, stored)))
    }
    return found
  }

  // MARK: The store

  private static let formatKey = Array("format".utf8)
  private static let idKey = Array("id".utf8)
  private static let nextKey = Array("next".utf8)
  private static let headKey = Array("head".utf8)
  private static let retentionKey = Array("retention".utf8)

  /// The store's format; nil in a catalog that nobody has marked as a store's yet.
  func format() throws(TurnoutError) -> UInt32? {
    guard let stored = try lmdb.get(store, Self.formatKey) else { return nil }
    // Of format 1, whose records have no checksums.
    let isOldest = stored.count == MemoryLayout<UInt32>.size
    var reader = FieldReader(isOldest ? stored : try checked(Self.formatKey, stored))
    guard let format = reader.field(UInt32.self), reader.isAtEnd else { throw damaged }
    return format
  }

  func mark(format: UInt32, id: StoreID) throws(TurnoutError) {
    var writer = FieldWriter()
    writer.put(format)
    try put(store, Self.formatKey, writer.bytes)
    try put(store, Self.idKey, id.bytes)
    try setNextRevision(1)
  }

  func id() throws(TurnoutError) -> StoreID {
    guard let id = try get(store, Self.idKey).flatMap({ StoreID(bytes: $0) }) else {
      throw damaged
    }
    return id
  }

  /// The number of the next revision. It only grows, so that no number is used twice.
  func nextRevision() throws(TurnoutError) -> UInt64 {
    guard let bytes = try get(store, Self.nextKey) else { throw damaged }
    var reader = FieldReader(bytes)
    guard let next = reader.field(UInt64.self), next > 0, reader.isAtEnd else { throw damaged }
    return next
  }

  func setNextRevision(_ next: UInt64) throws(TurnoutError) {
    var writer = FieldWriter()
    writer.put(next)
    try put(store, Self.nextKey, writer.bytes)
  }

  func head() throws(TurnoutError) -> HeadRecord? {
    guard let bytes = try get(store, Self.headKey) else { return nil }
    guard let head = HeadRecord(parsing: bytes) else { throw damaged }
    return head
  }

  func setHead(_ head: HeadRecord) throws(TurnoutError) {
    try put(store, Self.headKey, head.encoded)
  }

  /// Which revisions are kept; what every store did before somebody said.
  func retention() throws(TurnoutError) -> Retention {
    guard let bytes = try get(store, Self.retentionKey) else { return .standard }
    var reader = FieldReader(bytes)
    guard let retention = reader.retention(), reader.isAtEnd else { throw damaged }
    return retention
  }

  func setRetention(_ retention: Retention) throws(TurnoutError) {
    var writer = FieldWriter()
    writer.put(retention)
    try put(store, Self.retentionKey, writer.bytes)
  }

  // MARK: Revisions

  func revision(_ number: UInt64) throws(TurnoutError) -> Revision? {
    guard let bytes = try get(revisions, Self.key(number)) else { return nil }
    guard let revision = Revision(number: number, parsing: bytes) else { throw damaged }
    return revision
  }

  /// All revisions, the oldest first.
  func allRevisions() throws(TurnoutError) -> [Revision] {
    var all: [Revision] = []
    for (key, value) in try entries(revisions) {
      guard let number = Self.number(key), let revision = Revision(number: number, parsing: value)
      else { throw damaged }
      all.append(revision)
    }
    return all
  }

  /// The revision that is head; nil before the first publish.
  func headRevision() throws(TurnoutError) -> (record: HeadRecord, revision: Revision)? {
    guard let record = try head() else { return nil }
    guard let revision = try revision(record.revision) else { throw damaged }
    return (record, revision)
  }

  func put(_ revision: Revision) throws(TurnoutError) {
    try put(revisions, Self.key(revision.number), revision.encoded)
  }

  func removeRevision(_ number: UInt64) throws(TurnoutError) {
    try lmdb.remove(revisions, Self.key(number))
  }

  /// The revisions that retention leaves alone because somebody asked for it, the oldest first.
  func pins() throws(TurnoutError) -> [Pin] {
    var all: [Pin] = []
    for (key, value) in try entries(pinned) {
      var reader = FieldReader(value)
      guard let number = Self.number(key), let pin = reader.pin(of: number), reader.isAtEnd else {
        throw damaged
      }
      all.append(pin)
    }
    return all
  }

  func put(_ pin: Pin) throws(TurnoutError) {
    var writer = FieldWriter()
    writer.put(pin)
    try put(pinned, Self.key(pin.revision), writer.bytes)
  }

  func removePin(_ revision: UInt64) throws(TurnoutError) {
    try lmdb.remove(pinned, Self.key(revision))
  }

  // MARK: History and overlay

  /// The newest `limit` entries, the newest first.
  func historyEntries(limit: Int) throws(TurnoutError) -> [HistoryEntry] {
    var all: [HistoryEntry] = []
    for (key, value) in try entries(history, descending: true, limit: limit) {
      guard let number = Self.number(key), let entry = HistoryEntry(number: number, parsing: value)
      else { throw damaged }
      all.append(entry)
    }
    return all
  }

  /// Adds an entry under the next number; beyond the limits, the oldest go.
  func append(
    _ entry: HistoryEntry, bytesMax: Int = StoreLayout.historyBytesMax
  ) throws(TurnoutError) {
    var number: UInt64 = 1
    if let (key, _) = try entries(history, descending: true, limit: 1).first {
      guard let last = Self.number(key), last < .max else { throw damaged }
      number = last + 1
    }
    try put(history, Self.key(number), entry.encoded)
    var size = try lmdb.size(history)
    while size.entries > StoreLayout.historyEntriesMax || size.bytes > bytesMax,
      let (oldest, _) = try entries(history, limit: 1).first
    {
      try lmdb.remove(history, oldest)
      size = try lmdb.size(history)
    }
  }

  func put(_ entry: OverlayEntry) throws(TurnoutError) {
    var writer = FieldWriter()
    writer.put(entry)
    try put(overlay, Self.key(entry), writer.bytes)
  }

  func remove(_ entry: OverlayEntry) throws(TurnoutError) {
    try lmdb.remove(overlay, Self.key(entry))
  }

  func overlayEntries() throws(TurnoutError) -> [OverlayEntry] {
    var all: [OverlayEntry] = []
    for (_, value) in try entries(overlay) {
      var reader = FieldReader(value)
      guard let entry = reader.overlayEntry(), reader.isAtEnd else { throw damaged }
      all.append(entry)
    }
    return all.sorted(by: OverlayEntry.precedes)
  }

  // MARK: Keys

  private static func key(_ entry: OverlayEntry) -> [UInt8] {
    [entry.kind.rawValue] + Array(entry.name.utf8)
  }

  /// Big-endian, so that LMDB's order of bytes is the order of the numbers.
  private static func key(_ number: UInt64) -> [UInt8] {
    var writer = FieldWriter()
    writer.put(number.byteSwapped)
    return writer.bytes
  }

  private static func number(_ key: [UInt8]) -> UInt64? {
    var reader = FieldReader(key)
    guard let swapped = reader.field(UInt64.self), reader.isAtEnd else { return nil }
    return swapped.byteSwapped
  }
}
