import Testing
import Turnout

@testable import TurnoutCompiler

/// What a table says of experiments, shadows, overrides and placements, read at its offsets.
struct EncodedTableTests {
  private static let document = """
    turnout: 1
    unit: user
    units: { session: { missing: user } }
    attributes: { country: string }
    segments: { always: {} }
    clusters:
      a: { address: "a:1" }
      b: { address: "b:1" }
      s: { when_down: siblings, shards: { s0: { address: "s:0" }, s1: { address: "s:1" } } }
    models:
      m:
        v1: { cluster: [a, b], otherwise: m@v2 }
        v2: { cluster: s }
        v3: { placement: [ { when: { country: NO }, cluster: [b, a] }, { cluster: { split: { a: 1, b: 1 } } } ] }
        v4: { placement: [ { when: { country: SE }, cluster: b }, { cluster: [a, b] } ] }
        v5: { placement: [ { when: { country: SE }, cluster: b }, { cluster: [a, b] } ] }
        v6: { placement: [ { when: { segment: always }, cluster: b }, { cluster: a } ] }
    layers: { empty: {}, layout: { unit: session }, ranking: {} }
    holdouts:
      all: { share: 1%, layers: all }
      some: { share: 0%, layers: [ranking], unit: session, traffic: [replay, production] }
    experiments:
      ads:
        layer: layout
        share: 50%
        when: { country: NO }
        starts: 2026-01-01T00:00:00Z
        traffic: [production, replay]
        cells: { off: {}, on: { model: { Home: m@v2 }, config: { ads: 1 } } }
      depth:
        layer: ranking
        share: 100%
        when: { country: NO }
        enabled: false
        assigned: outside
        cells: { a: { weight: 3 }, b: {} }
    use_cases:
      Home:
        rules:
          - { experiment: depth }
          - { name: ads, experiment: ads, when: { country: [NO, SE] } }
          - { route: m@v1 }
        overrides:
          u1: m@v3
          u2: { ads: on, depth: b }
          u3: { depth: b, ads: on }
          u4: { ads: off }
        shadows:
          - { name: dark, model: m@v2, sample: 1%, when: { country: NO } }
          - { name: grey, model: m@v4, by: request, traffic: replay }
      Other:
        rules: [ { experiment: ads }, { route: m@v1 } ]
        shadows: [ { name: dark, model: m@v2 } ]
    """

  /// An image and its sections.
  private struct Reading {
    let image: [UInt8]

    func read<T: FixedWidthInteger>(_ at: Int, as type: T.Type = T.self) -> T {
      (0..<(T.bitWidth / 8)).reduce(0) { $0 | T(truncatingIfNeeded: image[at + $1]) << T($1 * 8) }
    }
    func u16(_ at: Int) -> Int { Int(read(at, as: UInt16.self)) }
    func u32(_ at: Int) -> Int { Int(read(at, as: UInt32.self)) }
    func start(_ section: Section) -> Int { u32(Format.sectionTable + section.rawValue * 8) }
    func record(_ section: Section, _ number: Int) -> Int {
      start(section) + number * section.stride
    }
    func name(_ at: Int) -> String {
      let text = start(.text) + u32(at)
      return String(decoding: image[text..<text + u16(at + 4)], as: UTF8.self)
    }
    func useCase(_ ordinal: Int) -> Int { u32(record(.useCaseOrder, ordinal)) }
    /// What a map has for each of its keys, in the order of its entries.
    func values(ofMap number: Int) -> [Int] {
      let map = record(.maps, number)
      let entries = start(.mapData) + u32(map) + 8 << u32(map + Layout.Map.slotCountLog2)
      return (0..<u32(map + Layout.Map.entryCount)).map {
        u32(entries + $0 * Layout.Map.entryBytes + Layout.Map.entryValue)
      }
    }
    func clusters(_ placement: Int) -> [Int] {
      let at = record(.placements, placement)
      let first = u32(at + Layout.Placement.firstCluster)
      return (0..<u32(at + Layout.Placement.clusterCount)).map {
        u32(record(.clusterLists, first + $0))
      }
    }
    /// The lasts and targets of a block.
    func block(_ at: Int) -> (lasts: [Int], targets: [Int], arms: [Int]) {
      let count = u32(at + Layout.Allocation.intervalCount)
      let arms = u16(at + Layout.Allocation.armCount)
      let lasts = at + Layout.Allocation.lasts
      return (
        (0..<count).map { u32(lasts + $0 * 4) },
        (0..<arms).map { u32(lasts + count * 4 + $0 * 4) },
        (0..<count).map { u16(lasts + count * 4 + arms * 4 + $0 * 2) }
      )
    }
  }

  private func reading() throws -> Reading {
    let table = CompiledTable([Source(name: "a.yaml", text: Self.document)], against: nil)
    return Reading(image: try #require(table.image, "\(table.words)"))
  }

  @Test func experimentsAndCells() throws {
    let table = try reading()
    let (ads, depth) = (table.record(.experiments, 0), table.record(.experiments, 1))
    #expect(table.name(ads) == "ads" && table.name(depth) == "depth")
    #expect(table.image[ads + Layout.Experiment.flags] == Layout.Experiment.flagWindow)
    #expect(
      table.image[depth + Layout.Experiment.flags]
        == Layout.Experiment.flagDisabled | Layout.Experiment.flagOutside)
    #expect(table.image[ads + Layout.Experiment.unit] == 1)
    #expect(table.u32(ads + Layout.Experiment.layer) == 1)
    #expect(table.u32(depth + Layout.Experiment.layer) == 2)
    #expect(table.read(ads + Layout.Experiment.starts) == Int64(1_767_225_600_000_000_000))
    #expect(table.read(ads + Layout.Experiment.ends) == Int64.max)
    #expect(table.read(depth + Layout.Experiment.starts) == Int64.min)
    // One condition, said by two experiments, a shadow and a placement, is one block.
    let condition = table.u32(ads + Layout.Experiment.condition)
    #expect(condition > 0 && table.u32(depth + Layout.Experiment.condition) == condition)
    #expect(
      table.u32(table.record(.placements, 2) + Layout.Placement.condition) == condition)
    #expect(table.u32(depth + Layout.Experiment.traffic) == 0)
    let cells = table.record(.cells, table.u32(ads + Layout.Experiment.firstCell))
    #expect(table.name(cells) == "off" && table.u32(cells + Layout.Cell.config) == 0)
    let on = cells + Section.cells.stride
    #expect(table.name(on) == "on" && table.u32(on + Layout.Cell.config) == 1)
    let block = table.block(
      table.start(.allocations) + table.u32(depth + Layout.Experiment.allocation) - 1)
    #expect(block.targets == [0, 1] && block.lasts == [(3 << 30) - 1, Int(UInt32.max)])
  }

  @Test func layersAndHoldoutsHaveAnArmOfNobody() throws {
    let table = try reading()
    let layers = (0..<3).map { table.record(.layers, $0) }
    #expect(layers.map(table.name) == ["empty", "layout", "ranking"])
    #expect(layers.map { table.read($0 + Layout.Layer.holdouts) as UInt64 } == [1, 1, 3])
    #expect(table.u32(layers[0] + Layout.Layer.allocation) == 0)
    let nobody = Int(Format.nobody)
    func block(_ reference: Int) -> (lasts: [Int], targets: [Int], arms: [Int]) {
      table.block(table.start(.allocations) + table.u32(reference) - 1)
    }
    let layout = block(layers[1] + Layout.Layer.allocation)
    #expect(layout.targets == [0, nobody] && layout.arms == [0, 1])
    #expect(layout.lasts == [(1 << 31) - 1, Int(UInt32.max)])
    let ranking = block(layers[2] + Layout.Layer.allocation)
    #expect(ranking.targets == [1] && ranking.lasts == [Int(UInt32.max)])
    let some = table.record(.holdouts, 1)
    let nothing = block(some + Layout.Holdout.allocation)
    #expect(nothing.targets == [0, nobody] && nothing.arms == [1])
    // The same classes of traffic in another order are the same set.
    let ads = table.record(.experiments, 0)
    #expect(
      table.u32(some + Layout.Holdout.traffic) == table.u32(ads + Layout.Experiment.traffic))
    #expect(table.u32(table.record(.holdouts, 0) + Layout.Holdout.traffic) == 0)
  }

  @Test func rulesOfExperiments() throws {
    let table = try reading()
    let home = table.useCase(0)
    let rules = home + table.u32(home + Layout.UseCase.rules)
    #expect(table.image[rules] == RuleKind.experiment.rawValue)
    #expect(table.u32(rules + Layout.Rule.target) == 1)
    #expect(table.u32(rules + Layout.Rule.cellVersions) == 0)
    let ads = rules + Layout.Rule.bytes
    #expect(table.u32(ads + Layout.Rule.target) == 0)
    let versions = home + table.u32(ads + Layout.Rule.cellVersions)
    #expect([0, 4].map { table.u32(versions + $0) } == [0, 2])
    let other = table.useCase(1)
    let rule = other + table.u32(other + Layout.UseCase.rules)
    #expect(table.u32(rule + Layout.Rule.cellVersions) == 0)
  }

  @Test func equalListsOfOverridesAreOne() throws {
    let table = try reading()
    let home = table.useCase(0)
    let values = table.values(ofMap: table.u32(home + Layout.UseCase.overrides) - 1)
    #expect(values.count == 4 && values[0] == 2 && values[1] == values[2])
    #expect(values[1] != values[3])
    func list(_ value: Int) -> [[Int]] {
      let at = home + (value & ~Int(Layout.Override.isList))
      return (0..<table.u32(at)).map { entry in
        let entryAt = at + Layout.Override.entries + entry * Layout.Override.entryBytes
        return [table.u16(entryAt), table.u16(entryAt + 2)]
      }
    }
    #expect(list(values[1]) == [[0, 1], [1, 1]] && list(values[3]) == [[1, 0]])
    #expect(table.u32(table.useCase(1) + Layout.UseCase.overrides) == 0)
  }

  @Test func shadowsAreCountedThroughTheTable() throws {
    let table = try reading()
    let (home, other) = (table.useCase(0), table.useCase(1))
    #expect(table.u32(home + Layout.UseCase.shadowCount) == 2)
    let dark = home + table.u32(home + Layout.UseCase.shadows)
    let grey = dark + Layout.Shadow.bytes
    let last = other + table.u32(other + Layout.UseCase.shadows)
    #expect([dark, grey, last].map { table.u32($0 + Layout.Shadow.number) } == [0, 1, 2])
    #expect([dark, grey].map { table.image[$0 + Layout.Shadow.flags] } == [0, 1])
    #expect(table.u32(dark + Layout.Shadow.traffic) == 0)
    #expect(table.u32(grey + Layout.Shadow.traffic) > 0)
    #expect(table.u32(grey + Layout.Shadow.condition) == 0)
    let sample = table.block(home + table.u32(dark + Layout.Shadow.allocation))
    #expect(sample.lasts.first == 42_949_671 && sample.targets == [0, Int(Format.nobody)])
    #expect(table.block(home + table.u32(grey + Layout.Shadow.allocation)).targets == [0])
  }

  @Test func placementsAreChainsThatEqualOnesShare() throws {
    let table = try reading()
    func placement(_ version: Int) -> Int {
      table.u32(table.record(.versions, version) + Layout.Version.placement)
    }
    #expect((0..<6).map(placement) == [0, 1, 2, 4, 4, 6])
    #expect(table.u32(table.record(.versions, 0) + Layout.Version.otherwise) == 2)
    #expect([0, 1, 2, 3, 4, 5].map(table.clusters) == [[0, 1], [2], [1, 0], [], [1], [0, 1]])
    let next = (0..<8).map { table.u32(table.record(.placements, $0) + Layout.Placement.next) }
    #expect(next == [0, 0, 3, 0, 5, 0, 7, 0])
    // What always holds is written as a test where another entry follows.
    let always = table.u32(table.record(.placements, 6) + Layout.Placement.condition)
    let test = table.start(.conditions) + always - 1 + Layout.Condition.tests
    #expect(table.u16(test + Layout.Test.onTrue) == Int(Format.holds))
    #expect(table.u16(test + Layout.Test.onFalse) == Int(Format.holds))
    let split = table.u32(table.record(.placements, 3) + Layout.Placement.split)
    #expect(table.block(table.start(.allocations) + split - 1).targets == [0, 1])
  }

  @Test func siblingsAreDrawnWithSaltsOfTheirOwn() throws {
    let table = try reading()
    let reference = table.u32(table.record(.clusters, 2) + Layout.Cluster.allocation)
    let block = table.start(.allocations) + reference - 1
    let seeds = block + Layout.Allocation.bytes(intervals: 2, arms: 2)
    #expect(table.read(block) == Ring.seed(salt: "shards:s"))
    #expect(table.read(seeds) == Ring.seed(salt: "shards:s#1"))
    #expect(table.read(seeds + 15 * 8) == Ring.seed(salt: "shards:s#16"))
  }

  @Test func whatADamagedTableSaysOfItsAllocationsIsReadWithoutATrap() throws {
    let table = try reading().image
    var readable = 0
    for offset in Format.headerBytes..<table.count {
      var damaged = table
      damaged[offset] ^= 0x03
      let digest = damaged.withBytes { $0.digest(from: Format.digestFrom) }
      for i in 0..<8 {
        damaged[16 + i] = UInt8(truncatingIfNeeded: digest.low >> UInt64(8 * i))
        damaged[24 + i] = UInt8(truncatingIfNeeded: digest.high >> UInt64(8 * i))
      }
      try damaged.withBytes { bytes in
        guard let image = try? Image.validate(bytes) else { return }
        readable += 1
        try table.withBytes { whole in
          let whole = try Image.validate(whole)
          _ = AllocationChange.all(from: image, to: whole)
          _ = AllocationChange.all(from: whole, to: image)
        }
      }
    }
    // Names, addresses, intervals and the like may say anything.
    #expect(readable > 500)
  }
}
