import Foundation
import Testing
import TurnoutCompiler

@testable import Turnout

/// The states that an overlay gives to a table, and when they come and go.
@Suite struct OverlayBlockTests {
  /// Keeps a compiled table's bytes for as long as its image is used.
  @safe private final class Table {
    private let memory: UnsafeMutableRawBufferPointer
    let image: Image

    init(_ document: String) throws {
      let table = CompiledTable([Source(name: "a", text: document)], against: nil)
      let bytes = try #require(table.image, "\(table.diagnostics)")
      unsafe memory = .allocate(byteCount: bytes.count, alignment: 64)
      unsafe memory.copyBytes(from: bytes)
      image = try Image.validate(unsafe Bytes(UnsafeRawBufferPointer(memory)))
    }

    deinit { unsafe memory.deallocate() }
  }

  static let document = """
    turnout: 1
    unit: user
    clusters:
      a: { address: "a:1" }
      a-b: { shards: { s1: { address: "s1:1" }, s10: { address: "s10:1" }, s2: { address: "s2:1" } } }
      ab: { shards: { s1: { address: "t1:1" } } }
      z: { address: "z:1" }
    models: { m: { v: { cluster: [a, a-b, ab, z] } } }
    use_cases:
      Alpha: { rules: [ { route: m@v } ] }
      Beta: { rules: [ { route: m@v } ] }
      Gamma: { rules: [ { route: m@v } ] }
    """

  private static func states(
    _ entries: [OverlayEntry], _ image: Image, at now: Int64 = 0
  ) throws -> OverlayInForce {
    try OverlayInForce(entries.sorted(by: OverlayEntry.precedes), over: image, at: now)
  }

  /// What is on without an entry is on with one.
  @Test func whatIsSwitchedOnIsAsIfNothingWasSaid() throws {
    let table = try Table(Self.document)
    let on = OverlayEntry(kind: .useCase, state: .on, name: "Beta")
    #expect(try Self.states([on], table.image).block == nil)
    let off = OverlayEntry(kind: .useCase, state: .off, name: "Alpha")
    let block = try #require(try Self.states([on, off], table.image).block)
    withExtendedLifetime(block) {
      #expect((0..<3).map { block.states.isOff(useCase: $0) } == [true, false, false])
    }
  }

  @Test func everyNameOfATableHasAStateOfItsOwn() throws {
    let table = try Table(Self.document)
    let names = ["a", "a-b", "ab", "z"]
    let shards = [1: "a-b/s1", 2: "a-b/s10", 3: "a-b/s2", 4: "ab/s1"]
    for (number, name) in names.enumerated() {
      let overlay = try Self.states(
        [OverlayEntry(kind: .cluster, state: .down, name: name)], table.image)
      let states = try #require(overlay.block).states
      for other in 0..<4 as Range<UInt32> {
        #expect(states.cluster(other) == (other == number ? OverlayStates.down : OverlayStates.up))
      }
      #expect((0..<6).allSatisfy { states.shard($0) == OverlayStates.up })
      #expect((0..<3).allSatisfy { !states.isOff(useCase: $0) })
    }
    for (number, name) in shards {
      let overlay = try Self.states(
        [OverlayEntry(kind: .cluster, state: .draining, name: name)], table.image)
      let states = try #require(overlay.block).states
      #expect(states.shard(UInt32(number)) == OverlayStates.draining)
      #expect((0..<6).filter { states.shard($0) != OverlayStates.up } == [UInt32(number)])
      #expect((0..<4).allSatisfy { states.cluster($0) == OverlayStates.up })
    }
    for (number, name) in ["Alpha", "Beta", "Gamma"].enumerated() {
      let overlay = try Self.states(
        [OverlayEntry(kind: .useCase, state: .off, name: name)], table.image)
      let states = try #require(overlay.block).states
      #expect((0..<3).filter { states.isOff(useCase: $0) } == [UInt32(number)])
    }
  }

  @Test func severalEntriesHoldAtOnce() throws {
    let table = try Table(Self.document)
    let overlay = try Self.states(
      [
        OverlayEntry(kind: .cluster, state: .draining, name: "a"),
        OverlayEntry(kind: .cluster, state: .down, name: "z"),
        OverlayEntry(kind: .cluster, state: .down, name: "a-b/s2"),
        OverlayEntry(kind: .useCase, state: .off, name: "Gamma"),
      ], table.image)
    let states = try #require(overlay.block).states
    #expect((0..<4).map { states.cluster($0) } == [1, 0, 0, 2])
    #expect((0..<6).map { states.shard($0) } == [0, 0, 0, 2, 0, 0])
    #expect((0..<3).map { states.isOff(useCase: $0) } == [false, false, true])
  }

  @Test(arguments: [
    OverlayEntry(kind: .cluster, state: .down, name: "A"),
    OverlayEntry(kind: .cluster, state: .down, name: "aa"),
    OverlayEntry(kind: .cluster, state: .down, name: "zz"),
    OverlayEntry(kind: .cluster, state: .down, name: "0"),
    OverlayEntry(kind: .cluster, state: .down, name: "a/s1"),
    OverlayEntry(kind: .cluster, state: .down, name: "a/a"),
    OverlayEntry(kind: .cluster, state: .down, name: "a-b/s3"),
    OverlayEntry(kind: .cluster, state: .down, name: "x/s1"),
    OverlayEntry(kind: .useCase, state: .off, name: "alpha"),
    OverlayEntry(kind: .experiment, state: .off, name: "Alpha"),
    OverlayEntry(kind: .shadow, state: .off, name: "Alpha/dark"),
    OverlayEntry(kind: .shadow, state: .off, name: "Delta/dark"),
  ])
  func aNameThatTheTableDoesNotKnowMeansNothing(entry: OverlayEntry) throws {
    let table = try Table(Self.document)
    #expect(table.image.place(of: entry) == nil)
    let overlay = try Self.states([entry], table.image)
    #expect(overlay.block == nil && overlay.entries == [entry])
  }

  @Test func withoutAnEntryThatMeansSomethingThereIsNothingToLookUp() throws {
    let table = try Table(Self.document)
    #expect(try Self.states([], table.image).block == nil)
    #expect(OverlayStates.none.isEmpty && OverlayStates.none.cluster(3) == OverlayStates.up)
    let up = OverlayEntry(kind: .cluster, state: .up, name: "a")
    #expect(try Self.states([up], table.image).block == nil)
  }

  @Test func anEntryHoldsUntilItsTimeAndNoLonger() throws {
    let table = try Table(Self.document)
    let entries = [
      OverlayEntry(kind: .cluster, state: .down, name: "a", until: 100),
      OverlayEntry(kind: .cluster, state: .down, name: "z", until: 200),
      OverlayEntry(kind: .useCase, state: .off, name: "Alpha"),
    ]
    func down(at now: Int64) throws -> [UInt32] {
      let overlay = try Self.states(entries, table.image, at: now)
      #expect(overlay.span.contains(now))
      let states = try #require(overlay.block).states
      #expect(states.isOff(useCase: 0))
      return (0..<4).filter { states.cluster($0) != OverlayStates.up }
    }
    #expect(try down(at: .min) == [0, 3])
    #expect(try down(at: 99) == [0, 3])
    #expect(try down(at: 100) == [3])
    #expect(try down(at: 199) == [3])
    #expect(try down(at: 200) == [])
    #expect(try down(at: .max - 1) == [])
    // A clock that leaves the span, forwards or back, asks for another overlay.
    #expect(try Self.states(entries, table.image, at: 50).span == .min..<100)
    #expect(try Self.states(entries, table.image, at: 150).span == 100..<200)
    #expect(try Self.states(entries, table.image, at: 250).span == 200..<(.max))
    #expect(try Self.states([], table.image, at: 250).span == .min..<(.max))
  }

  private static let experiments = ["e", "e-1", "exp", "z"]
  private static let shadows = ["Alpha/one", "Alpha/two", "Gamma/one"]

  /// The same with experiments and shadows.
  private static let whole = """
    turnout: 1
    unit: user
    clusters: { a: { address: "a:1" } }
    models: { m: { v: { cluster: a } } }
    layers: { l: {}, k: {} }
    experiments:
      z: { layer: l, share: 10%, cells: { c: { weight: 1 } } }
      e: { layer: l, share: 10%, cells: { c: { weight: 1 } } }
      exp: { layer: k, share: 10%, cells: { c: { weight: 1 } } }
      e-1: { layer: l, share: 10%, cells: { c: { weight: 1 } } }
    use_cases:
      Gamma:
        rules: [ { experiment: z }, { experiment: exp }, { route: m@v } ]
        shadows: [ { name: one, model: m@v } ]
      Alpha:
        rules: [ { experiment: e }, { experiment: e-1 }, { route: m@v } ]
        shadows: [ { name: two, model: m@v }, { name: one, model: m@v } ]
      Beta: { rules: [ { route: m@v } ] }
    """

  @Test func experimentsAndShadowsHaveStatesOfTheirOwnToo() throws {
    let table = try Table(Self.whole)
    defer { withExtendedLifetime(table) {} }
    let image = table.image
    for (number, name) in Self.experiments.enumerated() {
      let overlay = try Self.states(
        [OverlayEntry(kind: .experiment, state: .off, name: name)], image)
      let states = try #require(overlay.block).states
      #expect((0..<4).filter { states.isOff(experiment: $0) } == [UInt32(number)])
      #expect((0..<3).allSatisfy { !states.isOff(shadow: $0) && !states.isOff(useCase: $0) })
    }
    // In the order of use cases, and within one in that of the document.
    for (number, name) in ["Alpha/two", "Alpha/one", "Gamma/one"].enumerated() {
      let overlay = try Self.states([OverlayEntry(kind: .shadow, state: .off, name: name)], image)
      let states = try #require(overlay.block).states
      #expect((0..<3).filter { states.isOff(shadow: $0) } == [UInt32(number)])
      #expect((0..<4).allSatisfy { !states.isOff(experiment: $0) })
    }
    #expect(image.overlayNames(.experiment) == Self.experiments)
    #expect(image.overlayNames(.shadow).sorted() == Self.shadows)
    for entry in [
      OverlayEntry(kind: .experiment, state: .off, name: "ex"),
      OverlayEntry(kind: .shadow, state: .off, name: "Beta/one"),
      OverlayEntry(kind: .shadow, state: .off, name: "Gamma/two"),
    ] {
      #expect(!image.knows(entry))
    }
  }

  @Test func theNamesOfATableAreAllThatAnEntryCanHave() throws {
    let table = try Table(Self.document)
    #expect(
      table.image.overlayNames(.cluster)
        == ["a", "a-b", "ab", "z", "a-b/s1", "a-b/s10", "a-b/s2", "ab/s1"])
    #expect(table.image.overlayNames(.useCase) == ["Alpha", "Beta", "Gamma"])
    for kind in OverlayEntry.Kind.allCases {
      for name in table.image.overlayNames(kind) {
        #expect(table.image.place(of: OverlayEntry(kind: kind, state: .down, name: name)) != nil)
      }
    }
  }
}
