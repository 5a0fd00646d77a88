import Foundation
import Testing
import Turnout

@testable import TurnoutCompiler

/// The worked example of `Docs/allocation.md`, computed.
struct RingPageTests {
  private let salt = "split:Search/canary"

  private func page() throws -> String {
    var root = URL(fileURLWithPath: #filePath)
    for _ in 0..<3 { root.deleteLastPathComponent() }
    return try String(contentsOf: root.appending(path: "Docs/allocation.md"), encoding: .utf8)
  }

  private func tables() throws -> [(weights: String, allocation: Allocation)] {
    var tables: [(weights: String, allocation: Allocation)] = []
    for weights in [["99", "1"], ["95", "5"], ["60", "5", "35"], ["62", "3", "35"]] {
      let arms = try weights.enumerated().map { index, weight in
        (key: "ranker@v\(index + 1)", weight: try #require(Weight(weight)))
      }
      let step = RingStep(weights: arms)
      let allocation = try step.allocation(carriedFrom: tables.last?.allocation)
      tables.append((weights.joined(separator: " : "), allocation))
    }
    return tables
  }

  private func version(_ key: String) -> String {
    key.replacingOccurrences(of: "ranker@", with: "")
  }

  @Test func theTablesOfTheExampleAreThoseComputed() throws {
    let page = try page()
    var previous: Allocation?
    for (number, table) in try tables().enumerated() {
      let allocation = table.allocation
      let intervals = allocation.intervals.map { interval in
        "\(version(allocation.arms[interval.arm].key)) \(interval.lower)–\(interval.upper)"
      }
      let moved = previous.map { "\(Movement(from: $0, to: allocation).positions) " } ?? ""
      let list = intervals.joined(separator: ", ")
      let row = "| \(number + 1) | \(table.weights) | \(list) | \(moved)|\n"
      #expect(page.contains(row), "\(row)")
      previous = allocation
    }
  }

  @Test func theUnitsOfTheExampleStandWhereTheyAreComputedToStand() throws {
    let page = try page()
    let seed = Ring.seed(salt: salt)
    #expect(page.contains("`\(salt)`, the seed of which is `\(String(seed, radix: 16))`"))
    for unit in ["u_1", "u_18", "u_19", "u_21", "u_32"] {
      let hash = String(XXH3.hash64(Array(unit.utf8), seed: seed), radix: 16)
      let position = Ring.position(unit: Array(unit.utf8), seed: seed)
      let arms = try tables().map { table in
        version(try #require(table.allocation.owner(of: UInt64(position))))
      }
      let row = "| `\(unit)` | `\(hash)` | \(position) | \(arms.joined(separator: " | ")) |\n"
      #expect(page.contains(row), "\(row)")
    }
  }
}
