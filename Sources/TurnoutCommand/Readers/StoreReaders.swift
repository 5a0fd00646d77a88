import Turnout

/// The processes that have a store's files mapped: who reads it, and which tables they hold, those
/// included that the store does not name any more. Seen is what `/proc` shows to this user.
struct StoreReaders {
  struct Table {
    let revision: UInt64
    var bytes: UInt64
    /// Its file has no name any more: its disk space comes back when this process lets it go.
    let isRemoved: Bool
  }

  struct Reader {
    let process: UInt64
    let command: String
    let ageSeconds: Int64?
    /// By revision.
    var tables: [Table] = []
    /// Of copies in its own memory.
    var copiedBytes: UInt64 = 0
  }

  /// By process.
  private(set) var readers: [Reader] = []
  /// How many processes may not be looked at.
  private(set) var hidden = 0

  private static let processesMax = 65_536
  private static let copyName = "/memfd:turnout-table"

  init(_ directory: String) throws(TurnoutError) {
    let own = "\(ProcessTable.own)"
    let known = try Self.identities(of: directory, own)
    for process in try ProcessTable.all().prefix(Self.processesMax) where process != own {
      guard let files = MappedFile.all(of: process) else {
        if ProcessTable.isThere(process) { hidden += 1 }
        continue
      }
      guard let found = Self.reader(process, files, known) else { continue }
      readers.append(found)
    }
  }

  /// What the kernel calls the files of the store: its bell, revision 0, and its tables. They are
  /// mapped for a moment to find out.
  private static func identities(
    of directory: String, _ own: String
  ) throws(TurnoutError) -> [MappedFile.Identity: UInt64] {
    var mapped: [(mapping: Mapping, revision: UInt64)] = []
    defer { for one in mapped { one.mapping.unmap() } }
    if let bell = try? File.openIfPresent(StoreLayout.bell(directory)),
      let mapping = try? Mapping.map(bell, bytesMax: 1)
    {
      mapped.append((mapping, 0))
    }
    let tables = StoreLayout.tables(directory)
    for name in try Directory.names(tables) {
      guard let revision = StoreLayout.revision(ofTable: name[...]),
        let file = try? File.openIfPresent(name, in: tables),
        let mapping = try? Mapping.map(file, bytesMax: 1)
      else { continue }
      mapped.append((mapping, revision))
    }
    var identities: [MappedFile.Identity: UInt64] = [:]
    for file in MappedFile.all(of: own) ?? [] {
      guard let one = mapped.first(where: { $0.mapping.address == file.start }) else { continue }
      identities[file.identity] = one.revision
    }
    return identities
  }

  private static func reader(
    _ process: String, _ files: [MappedFile], _ known: [MappedFile.Identity: UInt64]
  ) -> Reader? {
    let named = files.filter { known[$0.identity] != nil }
    guard let number = UInt64(process), !named.isEmpty else { return nil }
    var reader = Reader(
      process: number, command: ProcessTable.command(process),
      ageSeconds: ProcessTable.ageSeconds(process))
    for file in named {
      guard let revision = known[file.identity], revision != 0 else { continue }
      reader.add(revision, file.bytes, isRemoved: false)
    }
    // A table that was removed is known by the folder that the process sees the store in.
    let folders = Set(named.map { $0.folder })
    for file in files where file.isRemoved {
      if file.name == copyName {
        reader.copiedBytes += file.bytes
      } else if known[file.identity] == nil, folders.contains(file.folder),
        let revision = StoreLayout.revision(ofTable: file.lastName)
      {
        reader.add(revision, file.bytes, isRemoved: true)
      }
    }
    reader.tables.sort { ($0.revision, $0.isRemoved ? 1 : 0) < ($1.revision, $1.isRemoved ? 1 : 0) }
    return reader
  }
}

extension StoreReaders.Reader {
  fileprivate mutating func add(_ revision: UInt64, _ bytes: UInt64, isRemoved: Bool) {
    if let index = tables.firstIndex(where: {
      $0.revision == revision && $0.isRemoved == isRemoved
    }) {
      tables[index].bytes += bytes
    } else {
      tables.append(StoreReaders.Table(revision: revision, bytes: bytes, isRemoved: isRemoved))
    }
  }

  var tableBytes: UInt64 { tables.reduce(0) { $0 + $1.bytes } }
}

extension MappedFile {
  fileprivate var lastName: Substring {
    name.lastIndex(of: "/").map { name[name.index(after: $0)...] } ?? name
  }

  /// The store's folder, as the process sees it: above the bell, and above the folder of the tables.
  fileprivate var folder: Substring {
    var path = name.dropLast(lastName.count + 1)
    if path.hasSuffix("/tables"), lastName != "bell" { path = path.dropLast("/tables".count) }
    return path
  }
}
