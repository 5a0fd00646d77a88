/// The pages of a catalog, walked without LMDB, which does not defend itself against damaged ones.
///
/// Every page that the newest meta page leads to is looked at: its number, its kind, that its nodes lie
/// inside of it and in order, that no page has two uses, and that none in use is said to be free. What
/// the records say is then left to their checksums. Only under the store's lock, so that nobody writes.
struct CatalogPages {
  private let bytes: Bytes
  private let pageBytes: Int
  /// One place for each page: whether it was met.
  private var met: [Bool]
  private var faults: [String] = []
  private var freed: [(pages: [UInt64], from: UInt64)] = []
  private static let faultsMax = 32
  private static let depthMax = 32
  private static let pageBytesMax = 65_536
  private static let magic: UInt32 = 0xBEEF_C0DE

  private enum Kind {
    static let branch: UInt16 = 0x01
    static let leaf: UInt16 = 0x02
    static let overflow: UInt16 = 0x04
    static let meta: UInt16 = 0x08
    static let all: UInt16 = 0x0F
  }
  private static let headerBytes = 16
  private static let databaseBytes = 48
  private static let valueElsewhere: UInt16 = 0x01
  private static let databaseInside: UInt16 = 0x02
  private static let noPage = UInt64.max

  /// What is wrong with the catalog's pages, in words; empty if nothing is.
  static func faults(of path: String) throws(TurnoutError) -> [String] {
    try faults(in: try File.open(path))
  }

  private static func faults(in file: borrowing File) throws(TurnoutError) -> [String] {
    let mapping = try Mapping.map(file)
    defer { mapping.unmap() }
    try mapping.populate(file)
    guard let (meta, pageBytes) = newestMeta(mapping.bytes) else {
      return ["neither of its two first pages says what it holds"]
    }
    if let fault = lastFault(meta, pageBytes) { return [fault] }
    var pages = CatalogPages(
      bytes: mapping.bytes, pageBytes: pageBytes,
      met: [Bool](repeating: false, count: Int(meta.last) + 1))
    pages.met[0] = true
    pages.met[1] = true
    pages.walk(meta.free, "free pages")
    pages.walk(meta.main, "main")
    pages.checkFree()
    return pages.faults
  }

  /// Pages that were taken and given back in one change are counted and may never have been written.
  private static func lastFault(_ meta: Meta, _ pageBytes: Int) -> String? {
    meta.last < UInt64(StoreLayout.catalogMapBytes / pageBytes)
      ? nil : "its last page would be \(meta.last), which its map has no room for"
  }

  /// Throws where LMDB could crash on a page. Only under the lock.
  static func require(_ path: String) throws(TurnoutError) {
    try require(try File.open(path), named: path)
  }

  /// The same of a file that nobody else has, called `name`.
  static func require(_ file: borrowing File, named name: String) throws(TurnoutError) {
    guard let fault = try faults(in: file).first else { return }
    throw damaged(name, fault)
  }

  /// The bytes of both meta pages: they change with every commit.
  static func metaPages(of file: borrowing File) throws(TurnoutError) -> [UInt8] {
    let bytes = try file.read(at: 0, count: 2 * pageBytesMax)
    guard let (_, pageBytes) = bytes.withBytes({ newestMeta($0) }) else {
      throw damaged(file.path, "its first pages do not say what it holds")
    }
    return Array(bytes.prefix(2 * pageBytes))
  }

  /// The same of what LMDB reads before it gives the lock.
  static func requireMeta(_ path: String) throws(TurnoutError) {
    let bytes = try File.open(path).read(at: 0, count: 2 * pageBytesMax)
    let isLMDB = bytes.withBytes { $0.u32(headerBytes) == magic }
    guard isLMDB else {
      throw TurnoutError(
        .notAStore, "\(path) is not a file of LMDB. Name a store, or restore it from a backup.")
    }
    guard let (meta, pageBytes) = bytes.withBytes({ newestMeta($0) }) else {
      throw damaged(path, "its first pages do not say what it holds")
    }
    // LMDB would map as much, or say that there is no memory for it.
    if let fault = lastFault(meta, pageBytes) { throw damaged(path, fault) }
  }

  private static func damaged(_ path: String, _ fault: String) -> TurnoutError {
    TurnoutError(
      .corrupt,
      "\(path) is damaged: \(fault). `turnout verify` says more; restore the store from a backup.")
  }

  private init(bytes: Bytes, pageBytes: Int, met: [Bool]) {
    self.bytes = bytes
    self.pageBytes = pageBytes
    self.met = met
  }

  // MARK: Where it begins

  private struct Meta {
    var transaction: UInt64
    var last: UInt64
    var free: Database
    var main: Database
  }

  private struct Database {
    var depth: Int
    var entries: UInt64
    var root: UInt64
  }

  private static func database(_ bytes: Bytes, _ offset: Int) -> Database? {
    guard let depth = bytes.u16(offset + 6), let entries = bytes.u64(offset + 32),
      let root = bytes.u64(offset + 40)
    else { return nil }
    return Database(depth: Int(depth), entries: entries, root: root)
  }

  private static func newestMeta(_ bytes: Bytes) -> (Meta, pageBytes: Int)? {
    var newest: (Meta, pageBytes: Int)?
    // The page's size stands in both; the second lies where the first says.
    guard let size = bytes.u32(headerBytes + 24).map(Int.init),
      (512...pageBytesMax).contains(size), size & (size - 1) == 0
    else { return nil }
    for page in 0...1 {
      let start = page * size + headerBytes
      guard bytes.u16(start - 6) == Kind.meta, bytes.u32(start) == magic,
        bytes.u32(start + 4) == 1, bytes.u32(start + 24).map(Int.init) == size,
        let free = database(bytes, start + 24), let main = database(bytes, start + 72),
        let last = bytes.u64(start + 120), let transaction = bytes.u64(start + 128)
      else { return nil }
      let meta = Meta(transaction: transaction, last: last, free: free, main: main)
      if newest.map({ $0.0.transaction < transaction }) ?? true { newest = (meta, size) }
    }
    return newest
  }

  // MARK: Walking

  private mutating func fault(_ text: String) {
    if faults.count < Self.faultsMax { faults.append(text) }
  }

  /// Takes a page for one use; false if it is outside or has one already. Free pages may lie behind
  /// the file's end.
  private mutating func take(_ page: UInt64, _ what: String, isFree: Bool = false) -> Bool {
    guard page < UInt64(met.count), page > 1,
      isFree || bytes.has(Int(page) * pageBytes, pageBytes)
    else {
      fault("\(what): page \(page) is outside of the file")
      return false
    }
    guard !met[Int(page)] else {
      fault("\(what): page \(page) has another use, too")
      return false
    }
    met[Int(page)] = true
    return true
  }

  private mutating func walk(_ database: Database, _ what: String) {
    guard database.root != Self.noPage else {
      if database.entries != 0 { fault("\(what): has entries and no page") }
      return
    }
    var entries: UInt64 = 0
    var last: [UInt8]?
    walk(database.root, database.depth, what, &entries, &last)
    if entries != database.entries {
      fault("\(what): holds \(entries) entries and should hold \(database.entries)")
    }
  }

  private mutating func walk(
    _ page: UInt64, _ depth: Int, _ what: String, _ entries: inout UInt64, _ last: inout [UInt8]?
  ) {
    guard depth > 0, depth <= Self.depthMax else {
      return fault("\(what): is deeper than it says")
    }
    guard take(page, what) else { return }
    let start = Int(page) * pageBytes
    let kind = depth == 1 ? Kind.leaf : Kind.branch
    guard bytes.u64(start) == page, bytes.u16(start + 10).map({ $0 & Kind.all }) == kind,
      let lower = bytes.u16(start + 12).map(Int.init),
      let upper = bytes.u16(start + 14).map(Int.init),
      lower >= Self.headerBytes, lower <= upper, upper <= pageBytes
    else { return fault("\(what): page \(page) is not the page that it should be") }
    for index in 0..<((lower - Self.headerBytes) / 2) {
      guard let at = bytes.u16(start + Self.headerBytes + 2 * index).map(Int.init), at >= upper,
        let node = Node(bytes, start + at, end: start + pageBytes)
      else {
        fault("\(what): page \(page) is damaged at its entry \(index)")
        continue
      }
      if kind == Kind.branch {
        walk(node.child, depth - 1, what, &entries, &last)
      } else {
        entries += 1
        if what != Self.freeName {
          if let last, !last.lexicographicallyPrecedes(node.key) {
            fault("\(what): the keys of page \(page) are out of order")
          }
          last = node.key
        }
        value(of: node, page, what)
      }
    }
  }

  private static let freeName = "free pages"

  /// A key and where its value or its child is. Nil where it does not fit into its page.
  private struct Node {
    let key: [UInt8]
    let flags: UInt16
    let valueAt: Int
    let valueBytes: Int
    let child: UInt64

    init?(_ bytes: Bytes, _ at: Int, end: Int) {
      guard let low = bytes.u16(at), let high = bytes.u16(at + 2), let flags = bytes.u16(at + 4),
        let keyBytes = bytes.u16(at + 6).map(Int.init), at + 8 + keyBytes <= end,
        let key = bytes.copy(at + 8, keyBytes)
      else { return nil }
      self.key = key
      self.flags = flags
      valueAt = at + 8 + keyBytes
      valueBytes = Int(low) | Int(high) << 16
      child = UInt64(low) | UInt64(high) << 16 | UInt64(flags) << 32
    }
  }

  private mutating func value(of node: Node, _ page: UInt64, _ what: String) {
    let end = (Int(page) + 1) * pageBytes
    guard node.flags & ~(Self.valueElsewhere | Self.databaseInside) == 0 else {
      return fault("\(what): page \(page) has an entry of no known kind")
    }
    var at = node.valueAt
    if node.flags & Self.valueElsewhere != 0 {
      guard at + 8 <= end, let first = bytes.u64(at), let place = overflow(first, node, what) else {
        return fault("\(what): page \(page) has a long value that is not there")
      }
      at = place
    } else if at + node.valueBytes > end {
      return fault("\(what): page \(page) has a value that leaves it")
    }
    if what == Self.freeName { return free(at, node, page) }
    guard node.flags & Self.databaseInside != 0 else { return }
    guard node.valueBytes == Self.databaseBytes, let inside = Self.database(bytes, at) else {
      return fault("\(what): page \(page) has a database that is none")
    }
    walk(inside, String(decoding: node.key, as: UTF8.self))
  }

  /// Takes the pages of a long value; where it begins.
  private mutating func overflow(_ first: UInt64, _ node: Node, _ what: String) -> Int? {
    let count = (Self.headerBytes - 1 + node.valueBytes) / pageBytes + 1
    guard first < UInt64(met.count), UInt64(count) <= UInt64(met.count) - first else { return nil }
    let start = Int(first) * pageBytes
    guard bytes.u64(start) == first, bytes.u16(start + 10).map({ $0 & Kind.all }) == Kind.overflow,
      bytes.u32(start + 12).map(Int.init) == count
    else { return nil }
    for page in first..<(first + UInt64(count)) {
      if !take(page, what) { return nil }
    }
    return start + Self.headerBytes
  }

  // MARK: Free pages

  private mutating func free(_ at: Int, _ node: Node, _ page: UInt64) {
    guard let count = bytes.u64(at), count <= UInt64(met.count),
      node.valueBytes == 8 + 8 * Int(count),
      case let pages = (0..<Int(count)).compactMap({ bytes.u64(at + 8 + 8 * $0) }),
      pages.count == Int(count)
    else { return fault("\(Self.freeName): page \(page) has a list of no known form") }
    freed.append((pages, page))
  }

  /// After all pages in use were met.
  private mutating func checkFree() {
    for (pages, from) in freed {
      for page in pages where !take(page, "free pages, page \(from)", isFree: true) { return }
    }
  }
}
