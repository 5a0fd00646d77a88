import Testing

@testable import Turnout

/// What LMDB refuses, in our words.
@Suite struct LMDBTests {
  private func made(_ path: String, mapBytes: Int = 1 << 20) throws -> LMDBEnvironment {
    _ = try File.open(path, .makeNew)
    return try LMDBEnvironment(
      opening: path, flags: [.noSubfolder, .noLock, .noThreadLocals], mapBytes: mapBytes,
      databasesMax: 4)
  }

  private func error(_ body: () throws -> Void) -> TurnoutError? {
    #expect(throws: TurnoutError.self) { try body() }
  }

  private func value(_ environment: LMDBEnvironment, _ key: [UInt8]) throws -> [UInt8]? {
    let transaction = try environment.begin(readOnly: true)
    defer { transaction.abort() }
    return try transaction.get(try transaction.unnamed(), key)
  }

  @Test func whatThrowsWritesNothing() throws {
    let folder = try TemporaryFolder()
    let environment = try made(folder.path + "/a")
    defer { environment.close() }
    let refused = error {
      try environment.write { lmdb throws(TurnoutError) in
        try lmdb.put(try lmdb.unnamed(), [1], [2])
        throw TurnoutError(.conflict, "no")
      }
    }
    #expect(refused?.status == .conflict)
    #expect(try value(environment, [1]) == nil)
    try environment.write { lmdb throws(TurnoutError) in
      try lmdb.put(try lmdb.unnamed(), [1], [2])
    }
    #expect(try value(environment, [1]) == [2])
  }

  @Test func aFullMapIsALimitAndLeavesWhatWasThere() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a"
    let environment = try made(path, mapBytes: 65_536)
    defer { environment.close() }
    try environment.write { lmdb throws(TurnoutError) in
      try lmdb.put(try lmdb.unnamed(), [1], [2])
    }
    let refused = error {
      try environment.write { lmdb throws(TurnoutError) in
        try lmdb.put(try lmdb.unnamed(), [2], [UInt8](repeating: 0, count: 100_000))
      }
    }
    #expect(refused?.status == .limitExceeded)
    #expect(refused?.message.hasPrefix("\(path) has no room left in its map.") == true)
    #expect(try value(environment, [1]) == [2] && value(environment, [2]) == nil)
  }

  @Test func aFileThatTookTheNameIsNotOpened() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a"
    try made(path).close()
    let other = try made(folder.path + "/b")
    other.close()
    let identity = try #require(try Directory.status(folder.path + "/b")).identity
    let refused = error {
      _ = try LMDBEnvironment(
        opening: path, being: identity, flags: [.noSubfolder, .noLock, .readOnly], mapBytes: nil,
        databasesMax: 0)
    }
    #expect(refused?.status == .corrupt)
    #expect(refused?.message == "\(path) was replaced while it was opened. Try again.")
  }

  @Test func writingToWhatIsOpenToReadIsRefused() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a"
    try made(path).close()
    let environment = try LMDBEnvironment(
      opening: path, flags: [.noSubfolder, .noLock, .readOnly, .noThreadLocals], mapBytes: nil,
      databasesMax: 0)
    defer { environment.close() }
    #expect(error { _ = try environment.begin(readOnly: false) }?.status == .permissionDenied)
  }

  @Test func keysDatabasesAndRoomThatCannotBeAreErrors() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a"
    let environment = try made(path)
    defer { environment.close() }
    let other = try made(folder.path + "/b")
    defer { other.close() }
    try other.write { lmdb throws(TurnoutError) in _ = try lmdb.database("x", create: true) }
    let foreign = try other.begin(readOnly: true)
    defer { foreign.abort() }
    let elsewhere = try #require(try foreign.database("x", create: false))
    #expect(try foreign.database("y", create: false) == nil)

    let transaction = try environment.begin(readOnly: false)
    defer { transaction.abort() }
    let database = try transaction.unnamed()
    try transaction.remove(database, [7])
    let noKey = error { try transaction.put(database, [], [1]) }
    #expect(noKey?.status == .ioError)
    #expect(noKey?.message.hasPrefix("Cannot write \(path): MDB_BAD_VALSIZE") == true)
    #expect(error { _ = try transaction.entries(elsewhere) }?.status == .ioError)
    for (count, offset) in [(3, 0), (8, 5), (8, -1), (8, 9)] {
      let noRoom = error {
        try transaction.put(database, [1], count: count, bytes: [1, 2, 3, 4], at: offset)
      }
      #expect(noRoom?.status == .invalidArgument)
    }
    #expect(try transaction.entries(database).isEmpty)
    try transaction.put(database, [1], count: 8, bytes: [1, 2, 3, 4], at: 4)
    #expect(try transaction.get(database, [1]) == [0, 0, 0, 0, 1, 2, 3, 4])
  }
}
