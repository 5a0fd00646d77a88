import Foundation
import Testing
import Turnout

@testable import TurnoutCompiler

/// The vectors that other languages read too: see `Tests/vectors/README.md`.
struct RingVectorTests {
  private static func load<File: Decodable>(_ name: String) throws -> File {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent()
    let data = try Data(contentsOf: tests.appending(path: "vectors/\(name)"))
    return try JSONDecoder().decode(File.self, from: data)
  }

  @Test func everyPositionIsThatOfTheVectors() throws {
    let file: PositionFile = try Self.load("positions.json")
    #expect(file.positions == Ring.positions)
    #expect(file.vectors.count > 400)
    for vector in file.vectors {
      let unit = try #require(
        vector.unit.map { Array($0.utf8) }
          ?? vector.unitBase64.flatMap { Data(base64Encoded: $0) }.map { Array($0) })
      let seed = Ring.seed(salt: vector.salt)
      #expect(seed == UInt64(vector.seed, radix: 16), "salt \(vector.salt)")
      #expect(Ring.position(unit: unit, seed: seed) == vector.position, "unit \(unit)")
      // SAFETY: the array keeps its storage for the closure.
      let hot = unsafe unit.withUnsafeBytes { unsafe Ring.position(unit: $0, seed: seed) }
      #expect(hot == vector.position, "unit \(unit)")
    }
  }

  @Test func everyAllocationIsThatOfTheVectors() throws {
    let file: AllocationFile = try Self.load("allocations.json")
    #expect(file.positions == Ring.positions)
    #expect(file.chains.count > 15)
    for chain in file.chains {
      var held: Allocation?
      for (index, step) in chain.steps.enumerated() {
        let name: Comment = "\(chain.name), step \(index)"
        let allocation = try allocate(step, held)
        #expect(allocation.arms.map { Array($0.key.utf8) } == step.arms, name)
        #expect(allocation.arms.map(\.length) == step.lengths?.map(\.second), name)
        #expect(allocation.intervals == step.placed, name)
        if let held {
          let movement = Movement(from: held, to: allocation)
          #expect(movement.positions == step.moved, name)
          #expect(movement.minimum == step.minimum, name)
          #expect(movement.released == step.released, name)
        }
        held = allocation
      }
    }
  }

  @Test func everyRefusedRangeOfTheVectorsIsRefused() throws {
    let file: AllocationFile = try Self.load("allocations.json")
    #expect(file.refused.count > 8)
    for refusal in file.refused {
      #expect(throws: RangesError.self, "\(refusal.name ?? "")") { try allocate(refusal, nil) }
    }
  }

  private func allocate(_ step: AllocationFile.Step, _ held: Allocation?) throws -> Allocation {
    let request = RingStep(
      weights: try (step.weights ?? []).map { ($0.first, try #require(Weight($0.second))) },
      shares: try (step.shares ?? []).map { ($0.first, try #require(Percentage($0.second))) })
    guard let ranges = step.ranges else { return try request.allocation(carriedFrom: held) }
    return try Allocation.pinned(
      ranges.map { ($0.first, $0.second.map { ($0.first, $0.second) }) },
      request.lengths(carriedFrom: nil))
  }
}

private struct PositionFile: Decodable {
  struct Vector: Decodable {
    let unit: String?
    let unitBase64: String?
    let salt: String
    let seed: String
    let position: UInt32

    enum CodingKeys: String, CodingKey {
      case unit, salt, seed, position
      case unitBase64 = "unit_base64"
    }
  }

  let positions: UInt64
  let vectors: [Vector]
}

private struct AllocationFile: Decodable {
  struct Step: Decodable {
    let name: String?
    let weights: [Pair<String, String>]?
    let shares: [Pair<String, String>]?
    let ranges: [Pair<String, [Pair<UInt64, UInt64>]>]?
    let lengths: [Pair<String, UInt64>]?
    let intervals: [Interval]?
    let moved: UInt64?
    let minimum: UInt64?
    let released: UInt64?

    var arms: [[UInt8]] { (lengths ?? []).map { Array($0.first.utf8) } }

    var placed: [Allocation.Interval] {
      (intervals ?? []).map { interval in
        let arm = arms.firstIndex(of: Array(interval.arm.utf8)) ?? -1
        return Allocation.Interval(lower: interval.lower, upper: interval.upper, arm: arm)
      }
    }
  }

  struct Interval: Decodable {
    let lower: UInt64
    let upper: UInt64
    let arm: String

    init(from decoder: any Decoder) throws {
      var list = try decoder.unkeyedContainer()
      lower = try list.decode(UInt64.self)
      upper = try list.decode(UInt64.self)
      arm = try list.decode(String.self)
    }
  }

  struct Chain: Decodable {
    let name: String
    let steps: [Step]
  }

  let positions: UInt64
  let chains: [Chain]
  let refused: [Step]
}

/// A list of two.
private struct Pair<First: Decodable, Second: Decodable>: Decodable {
  let first: First
  let second: Second

  init(from decoder: any Decoder) throws {
    var list = try decoder.unkeyedContainer()
    first = try list.decode(First.self)
    second = try list.decode(Second.self)
  }
}
