import Testing
import Turnout

/// Rules whose conditions begin with texts that attributes must equal: a rule's record has room for two
/// of them, and for those that are too long only for their beginnings.
@Suite struct GuardTests {
  private static let texts = ["no", "nowhere", "nowhere-else", "nowhere-at-all"]

  private static func table() throws -> DocumentTable {
    let rules = texts.flatMap { first in
      texts.map { second in
        "{ name: \(first)_\(second), "
          + "when: { all: [ { country: \(first) }, { app: \(second) } ] }, route: m@v }"
      }
    }
    return try DocumentTable(attributes: ["country": "string", "app": "string"], rules: rules)
  }

  @Test func eachTextIsComparedWhole() throws {
    let table = try Self.table()
    let given = Self.texts + ["nowher", "nowhere-else-x", "nowhere-xlse", ""]
    for country in given {
      for app in given {
        let decision = try table.resolve(
          Request("A", unit: "u", attributes: ["country": .string(country), "app": .string(app)]))
        let isKnown = Self.texts.contains(country) && Self.texts.contains(app)
        #expect(decision.rule == (isKnown ? "\(country)_\(app)" : nil))
      }
      let alone = try table.resolve(
        Request("A", unit: "u", attributes: ["country": .string(country)]))
      #expect(alone.rule == nil)
    }
  }
}
