/// The names of a store's files, and its formats' numbers and bounds.
package enum StoreLayout {
  /// The format of `head` and of the catalog that this build writes, and the newest it reads.
  package static let format: UInt32 = 2

  /// How many revisions that were head before `head` names.
  package static let earlierHeadsMax = 15
  /// In how many of the newest entries of the history they are looked for.
  static let earlierEntriesMax = 256
  package static let headBytesMax = 2 << 20
  package static let bellBytes = 4096
  package static let overlayEntriesMax = 4096
  package static let overlayNameBytesMax = 257
  package static let imageBytesMax = Int(UInt32.max) - 4096
  package static let sourcesBytesMax = Int(UInt32.max) - 4096
  package static let authorBytesMax = 256
  package static let messageBytesMax = 4096
  /// How many revisions retention keeps at most, for their number or for their age.
  package static let revisionsMax = 4096
  package static let pinsMax = 1024
  package static let historyEntriesMax = 65_536
  /// What the pages of the history may take of the catalog's map.
  package static let historyBytesMax = 512 << 20
  /// What LMDB makes its lock file: 126 readers' slots of 64 bytes and as much as one for itself.
  package static let lockBytes = 8192
  /// LMDB's two pages about the rest.
  package static let catalogBytesMin = 8192
  package static let catalogMapBytes = 1 << 30

  package static func head(_ directory: String) -> String { directory + "/head" }
  package static func headTemporary(_ directory: String) -> String { directory + "/head.new" }
  package static func headBefore(_ directory: String) -> String { directory + "/head.before" }
  package static func bell(_ directory: String) -> String { directory + "/bell" }
  package static func catalog(_ directory: String) -> String { directory + "/catalog.mdb" }
  package static func tables(_ directory: String) -> String { directory + "/tables" }
  package static func tableTemporary(_ directory: String) -> String {
    tables(directory) + "/" + tableTemporaryName
  }
  package static func table(_ directory: String, _ revision: UInt64) -> String {
    tables(directory) + "/" + tableName(revision)
  }

  /// At least eight digits, so that names sort as their numbers do for the first 10^8 revisions.
  package static func tableName(_ revision: UInt64) -> String {
    let digits = String(revision)
    return String(repeating: "0", count: max(0, 8 - digits.utf8.count)) + digits + ".mdb"
  }

  /// Whether a name is one that a writer gives: its temporary one, or digits and `.mdb`.
  static func isTableName(_ name: String) -> Bool {
    name == tableTemporaryName || revision(ofTable: name[...]) != nil
  }

  /// Whose table a file of this name is; nil of other names.
  package static func revision(ofTable name: Substring) -> UInt64? {
    guard name.hasSuffix(".mdb") else { return nil }
    let digits = name.dropLast(4)
    return digits.utf8.allSatisfy { (0x30...0x39).contains($0) } ? UInt64(digits) : nil
  }

  package static let tableTemporaryName = "new.mdb"

  /// Says why a directory cannot be read as a store; returns its folder's status if it can be one.
  ///
  /// A reader may be unable to open the catalog, so the mark is that a `catalog.mdb` or a `head` is
  /// there.
  @discardableResult
  package static func requireStore(_ directory: String) throws(TurnoutError) -> FileStatus {
    guard let status = try Directory.status(directory) else {
      throw TurnoutError(
        .noStore, "There is no store at \(directory). Publish a document to make one there.")
    }
    guard status.isFolder else {
      throw TurnoutError(.notAStore, "\(directory) is not a folder. A store is a folder.")
    }
    if try Directory.status(catalog(directory)) != nil { return status }
    if try Directory.status(head(directory)) != nil { return status }
    throw TurnoutError(
      .notAStore,
      "\(directory) is a folder but not a store: it holds neither catalog.mdb nor head. "
        + "Name the store's own folder, or publish into a new one.")
  }
}
