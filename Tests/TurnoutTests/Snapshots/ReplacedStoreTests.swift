import Testing

@testable import Turnout

/// What an engine does whose store is renamed, with another one in its place.
@Suite struct ReplacedStoreTests {
  private func made(_ path: String, _ seed: UInt64) throws {
    try Store.create(path).publishStated(seed)
  }

  private func serves(_ core: CoreReference) throws -> Digest {
    try core.refresh()
    return core.status().digest
  }

  @Test func whoHasAStoreOpenFollowsItsPathAlthoughTheStoreIsOpenedUnderItsNewName() throws {
    let folder = try TemporaryFolder()
    let (first, second) = (folder.path + "/first", folder.path + "/second")
    try made(first, 1)
    try made(second, 2)
    let one = try Cores.open(path: first, noThread: true)
    let wanted = try serves(one)
    // Before anybody has looked at the path again.
    try Directory.rename(first, to: folder.path + "/renamed")
    try Directory.rename(second, to: first)
    let other = try Cores.open(path: folder.path + "/renamed", noThread: true)
    #expect(try serves(other) == wanted)
    #expect(try serves(one) != wanted)
    #expect(one.bits != other.bits)
    #expect(try Cores.open(path: first, noThread: true).bits == one.bits)
    #expect(try Cores.open(path: folder.path + "/renamed", noThread: true).bits == other.bits)
    for core in [one, one, other, other] { #expect(core.close()) }
  }

  @Test func twoPathsToOneStoreShareIt() throws {
    let folder = try TemporaryFolder()
    try made(folder.store, 1)
    let one = try Cores.open(path: folder.store, noThread: true)
    let other = try Cores.open(path: folder.path + "/./store", noThread: true)
    #expect(one.bits == other.bits)
    for core in [one, other] { #expect(core.close()) }
  }
}
