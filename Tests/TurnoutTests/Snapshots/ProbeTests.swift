import Foundation
import Testing

/// Scenarios that need processes of their own; `Tests/Probes/SnapshotProbe` says what each does. A
/// probe poisons what is reclaimed, so that a use after it ends in a crash or a wrong revision.
@Suite(.serialized) struct SnapshotProbeTests {
  @Test func everyReadingIsWholeWhileHeadMovesAsFastAsItCan() throws {
    try probe("race", "2", "3")
  }

  @Test func threadsWithoutALineReadAsSafely() throws {
    try probe("race", "2", "4", "1")
  }

  @Test func everyReadingSeesTheOverlayOfOneGeneration() throws {
    try probe("overlay", "2", "3")
  }

  @Test func headMayMoveBetweenAnyTwoInstructionsOfAReading() throws {
    try probe("instructions")
  }

  @Test func viewsMayBeReadAndClosedByAnyThread() throws {
    try probe("views", "2")
  }

  @Test func threadsThatComeAndGoUseLinesAgain() throws {
    try probe("threads", "3000")
  }

  @Test func aCoreMayBeClosedWhileOthersRead() throws {
    try probe("close", "60")
  }

  @Test func aSignalHandlerInsideAReadingIsRefused() throws {
    try probe("signals", "1")
  }

  @Test func aForkedChildReadsWithEnginesOpenedBeforeAndAfter() throws {
    try probe("fork", "9")
  }

  @Test func aForkedChildFindsItsOwnInWhateverOrderItAsks() throws {
    try probe("inherited")
  }

  @Test func threadsBeyondTheLinesAreAnsweredAndCounted() throws {
    try probe("lineless")
  }

  @Test func whatHappensBetweenTwoStepsIsSurvived() throws {
    try probe("moments")
  }

  @Test func whatTheSystemRefusesIsSaidAndHarmsNothing() throws {
    try probe("refused")
  }

  @Test func readersInManyProcessesSeeWholeRevisionsWhileSomeAreKilled() throws {
    try probe("processes", "3")
  }

  @Test func anotherProcessSeesAPublishWithinMilliseconds() throws {
    try probe("latency")
  }

  @Test func twoContainersReadOneStoreEachAsProcessOne() throws {
    try probe("namespaces", "2")
  }

  private func probe(_ arguments: String...) throws {
    let runner = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    // The test bundle is run by a tool of the toolchain on some systems and by itself on others.
    let bundle = runner.hasSuffix(".xctest") ? runner : CommandLine.arguments[0]
    let folder = URL(fileURLWithPath: bundle).deletingLastPathComponent().path
    let (status, text) = try Self.run(folder + "/SnapshotProbe", arguments)
    print(text, terminator: "")
    #expect(status == 0, "\(text)")
  }

  private static func run(
    _ program: String, _ arguments: [String]
  ) throws -> (status: Int32, text: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text)
  }
}
