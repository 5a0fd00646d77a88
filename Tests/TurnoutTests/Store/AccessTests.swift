import Glibc
import Testing

@testable import Turnout

/// Who may do what with a store's files. These run as root, here and in CI: they give files to a group.
@Suite struct AccessTests {
  private static let group: UInt32 = 61_100

  private func requireRoot() throws {
    try #require(geteuid() == 0, "this test gives files to a group: run it as root")
  }

  /// A store with two tables; its folder.
  private func made() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let store = try Store.create(folder.store)
    for seed in 1...2 { try store.publish(seed: UInt64(seed)) }
    return folder
  }

  private func permissions(_ folder: String) throws -> [String: UInt32] {
    var found: [String: UInt32] = [:]
    for name in ["bell", "head", "tables", "tables/00000001.mdb"] {
      found[name] = try Directory.status(folder + "/" + name)?.permissions
    }
    return found
  }

  private static let open: [String: UInt32] = [
    "bell": 0o644, "head": 0o644, "tables": 0o755, "tables/00000001.mdb": 0o444,
  ]
  private static let closed: [String: UInt32] = [
    "bell": 0o640, "head": 0o640, "tables": 0o2750, "tables/00000001.mdb": 0o440,
  ]

  /// One that is shipped to be read has no catalog, whose opening gives the files their modes elsewhere.
  @Test(arguments: [true, false])
  func aStoreIsGivenToAGroupAndBack(hasCatalog: Bool) throws {
    try requireRoot()
    let folder = try made()
    if !hasCatalog {
      for name in ["catalog.mdb", "catalog.mdb-lock"] {
        try Directory.remove(folder.store + "/" + name)
      }
    }
    #expect(try permissions(folder.store) == Self.open)
    let access = try StoreAccess.change(folder.store, toGroup: Self.group)
    #expect(access.isClosed && access.group == Self.group)
    #expect(try permissions(folder.store) == Self.closed)
    #expect(try StoreAccessReview(folder.store).findings == [])
    for name in Self.closed.keys {
      #expect(try Directory.status(folder.store + "/" + name)?.group == Self.group)
    }
    #expect(try !StoreAccess.change(folder.store, toGroup: nil).isClosed)
    #expect(try permissions(folder.store) == Self.open)
    #expect(try StoreAccessReview(folder.store).findings == [])
  }

  @Test func whatSaysOtherwiseThanTheFolderIsFound() throws {
    try requireRoot()
    let folder = try made()
    try StoreAccess.change(folder.store, toGroup: Self.group)
    #expect(unsafe chown(folder.store + "/head", 0, 0) == 0)
    try Directory.remove(folder.store + "/bell")
    #expect(unsafe mkfifo(folder.store + "/bell", 0o640) == 0)
    #expect(unsafe chmod(folder.store + "/tables/00000002.mdb", 0o644) == 0)
    let words = try StoreAccessReview(folder.store).findings.map { "\($0.place): \($0.message)" }
    #expect(
      words == [
        "head: It is group 0's and should be group 61100's. The next change of the store by its owner "
          + "mends that.",
        "bell: It is no regular file. The next change of the store makes it anew.",
        "tables/00000002.mdb: It has the permissions 644 and should have 440. The next change of the "
          + "store by its owner mends that.",
      ])
    try Store.open(folder.store).publish(seed: 3)
    #expect(try StoreAccessReview(folder.store).findings == [])
  }

  @Test func aFolderThatEverybodyMayWriteToIsFound() throws {
    let folder = try made()
    #expect(unsafe chmod(folder.store, 0o757) == 0)
    let found = try StoreAccessReview(folder.store).findings
    #expect(found.map(\.place) == ["."])
    #expect(found.first?.message.hasSuffix("`chmod o-w \(folder.store)`.") == true)
    #expect(failure { try Store.open(folder.store).publish(seed: 3) } == .permissionDenied)
  }

  /// An empty folder that is there already becomes the group's before anything is in it.
  @Test func aStoreAndACopyAreMadeForAGroupInFoldersThatAreThere() throws {
    try requireRoot()
    let folder = try TemporaryFolder()
    let copy = folder.path + "/copy"
    for path in [folder.store, copy] { #expect(try Directory.make(path)) }
    try Store.create(folder.store, group: Self.group).publish(seed: 1)
    _ = try StoreCopy(of: folder.store, as: .store, to: copy)
    for path in [folder.store, copy] {
      let found = try #require(try Directory.status(path))
      #expect(found.permissions == 0o2750 && found.group == Self.group)
      #expect(try permissions(path) == Self.closed)
      #expect(try StoreAccessReview(path).findings == [])
    }
    #expect(failure { _ = try Store.create(folder.store, group: 61_101) } == .conflict)
    #expect(try Store.create(folder.store, group: Self.group).revisions().count == 1)
  }
}
