import Testing
import Turnout
import TurnoutCompiler
import TurnoutDiff

/// Two documents, the second compiled against the first, as tables and as what tells them apart.
struct ComparedTables {
  let before: [UInt8]
  let after: [UInt8]
  static let now: Int64 = 1_790_000_000_000_000_000

  init(_ before: String, _ after: String) throws {
    let old = try Self.compile(before, against: nil)
    self.before = old
    self.after = try old.withBytes { bytes in
      try Self.compile(after, against: Image.validate(bytes))
    }
  }

  static func compile(_ text: String, against earlier: Image?) throws -> [UInt8] {
    let compiled = CompiledTable([Source(name: "a.yaml", text: text)], against: earlier)
    let words = compiled.diagnostics.map { $0.text(colored: false) }.joined(separator: "\n")
    return try #require(compiled.image, "\(words)\n\(text)")
  }

  func with<T>(_ body: (Image, Image) throws -> T) throws -> T {
    try before.withBytes { one in
      try after.withBytes { other in try body(Image.validate(one), Image.validate(other)) }
    }
  }

  func difference(_ samples: [PopulationSample] = []) throws -> TableDifference {
    try with { before, after in
      let comparison = TableComparison(
        before: .init(name: "a", revision: nil, image: before),
        after: .init(name: "b", revision: nil, image: after), now: Self.now)
      for sample in samples { try comparison.add(sample) }
      return comparison.difference(population: samples.isEmpty ? nil : "samples")
    }
  }

  /// The exact flows of one context, of which all units are given.
  func flows(of useCase: String, _ request: Request = Request("")) throws -> ClassDifference {
    try with { before, after in
      let comparison = TableComparison(
        before: .init(name: "a", revision: nil, image: before),
        after: .init(name: "b", revision: nil, image: after), now: Self.now)
      var context = comparison.request(like: request, lacking: [])
      context.useCase = useCase
      try comparison.add(
        PopulationSample(request: context, isContext: true, weight: 1_000_000_000))
      let all = comparison.difference(population: "one")
      return try #require(
        all.useCases.first { $0.name == useCase }?.population, "\(useCase) is unchanged")
    }
  }
}
