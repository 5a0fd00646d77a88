package import Turnout

/// Compares two tables. A population is added request by request, if there is one, and then the
/// difference is asked for, once. Both images stay readable for as long.
package final class TableComparison {
  let before: ComparedSide
  let after: ComparedSide
  let numbers = ComparedSide.Numbers()
  let now: Int64
  private let names: (before: TableDifference.ComparedTable, after: TableDifference.ComparedTable)
  private let contents: (before: TableContent, after: TableContent)
  /// The names of all units but the primary ones.
  let otherUnits: [String]
  var population = PopulationTally()
  var loads = LoadTally()
  var unknownLoads: [String] = []

  /// What a table is called, and its revision if it has one.
  package struct Named {
    package var name: String
    package var revision: UInt64?
    package var image: Image

    package init(name: String, revision: UInt64?, image: Image) {
      self.name = name
      self.revision = revision
      self.image = image
    }
  }

  /// Draws that are followed for one use case before what is left of its classes is given up.
  package static let stepsMax = 400_000
  /// The same for all use cases together: some 20 seconds.
  var stepsLeft = 40_000_000
  private(set) lazy var contextsMax = ContextCandidates.contexts(
    ofEach: useCases.count { !$0.isUnchanged })
  /// Units that are resolved because documents name them, of all use cases together.
  var listedUnitsLeft = 1_000_000

  /// `now` is what windows are held against, in nanoseconds since 1970 in UTC.
  package init(before: Named, after: Named, now: Int64) {
    let contents = Numbering<[UInt8]>()
    self.before = ComparedSide(before.image, numbers)
    self.after = ComparedSide(after.image, numbers)
    self.contents = (
      TableContent(self.before.records, contents), TableContent(self.after.records, contents)
    )
    self.now = now
    names = (Self.table(before), Self.table(after))
    var units: [String] = []
    for records in [self.before.records, self.after.records] {
      for number in 1..<max(1, records.image.count(.units)) {
        let name = records.name(.units, number)
        if !units.contains(name) { units.append(name) }
      }
    }
    otherUnits = units
  }

  private static func table(_ named: Named) -> TableDifference.ComparedTable {
    TableDifference.ComparedTable(
      name: named.name, revision: named.revision, digest: named.image.digest,
      useCaseCount: named.image.count(.useCaseOrder))
  }

  /// A use case that one of the tables or both have: where its records begin.
  struct UseCase {
    var name: String
    var before: Int?
    var after: Int?
    /// Whether it answers alike in both, whatever the request.
    var isUnchanged: Bool
  }

  /// All use cases, in the order of their names.
  private(set) lazy var useCases: [UseCase] = {
    var found: [UseCase] = []
    var (i, j) = (0, 0)
    let (one, other) = (before.records, after.records)
    var (oneName, otherName): (String?, String?) = (nil, nil)
    while true {
      if oneName == nil, i < one.useCaseCount { oneName = one.name(ofUseCase: one.useCase(i)) }
      if otherName == nil, j < other.useCaseCount {
        otherName = other.name(ofUseCase: other.useCase(j))
      }
      guard let name = [oneName, otherName].compactMap({ $0 }).min(by: Self.precedes) else {
        return found
      }
      var useCase = UseCase(name: name, before: nil, after: nil, isUnchanged: false)
      if oneName == name {
        useCase.before = one.useCase(i)
        (i, oneName) = (i + 1, nil)
      }
      if otherName == name {
        useCase.after = other.useCase(j)
        (j, otherName) = (j + 1, nil)
      }
      if let before = useCase.before, let after = useCase.after {
        useCase.isUnchanged =
          contents.before.useCase(before) == contents.after.useCase(after)
      }
      found.append(useCase)
    }
  }()

  /// The names of the use cases of both tables.
  package private(set) lazy var useCaseNames = Set(useCases.map(\.name))

  /// The attributes of both tables, with the type or the types that they are declared of.
  package private(set) lazy var attributeTypes: [String: Set<AttributeType>] = {
    var types: [String: Set<AttributeType>] = [RequestWords.traffic: [.string]]
    for records in [before.records, after.records] {
      for number in 0..<records.image.count(.attributes) {
        guard let attribute = records.attribute(number) else { continue }
        types[attribute.name, default: []].insert(attribute.type)
      }
    }
    return types
  }()

  /// The names of the use cases in both tables that may answer differently.
  package static func differingUseCases(_ before: Image, _ after: Image) -> [String] {
    if before.digest == after.digest { return [] }
    let comparison = TableComparison(
      before: Named(name: "", revision: nil, image: before),
      after: Named(name: "", revision: nil, image: after), now: 0)
    return comparison.useCases.filter { useCase in
      !useCase.isUnchanged && useCase.before != nil && useCase.after != nil
    }.map(\.name)
  }

  /// The order of names in a table: that of their bytes.
  static func precedes(_ one: String, _ other: String) -> Bool {
    one.utf8.lexicographicallyPrecedes(other.utf8)
  }

  /// What becomes of requests where the second table takes the place of the first. `population` is what
  /// the one is called that was added.
  package func difference(population name: String? = nil) -> TableDifference {
    var result = TableDifference(before: names.before, after: names.after, now: now)
    for useCase in useCases {
      if useCase.isUnchanged {
        result.unchangedCount += 1
        addLoad(ofUnchanged: useCase)
        continue
      }
      var difference = difference(of: useCase)
      difference.population = population.difference(of: useCase.name, numbers.outcomes)
      result.useCases.append(difference)
    }
    result.classLoads = loads.changes(before: before.records, after: after.records, total: nil)
    result.unknownClassLoads = unknownLoads
    if let name {
      result.population = TableDifference.Population(
        name: name, requestCount: population.requestCount, contextCount: population.contextCount)
      result.loadBasis = .population
      result.loads = population.loads.changes(
        before: before.records, after: after.records, total: population.total)
      result.unknownLoads = population.excesses
    } else {
      (result.loads, result.unknownLoads) = (result.classLoads, result.unknownClassLoads)
    }
    result.experiments = experimentChanges(contents)
    return result
  }
}
