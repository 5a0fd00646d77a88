import Turnout

/// A context that is tried, in words and as a request without a use case.
struct ContextCandidate {
  var words: String
  var request: Request
}

/// The contexts in which a use case is looked at: one for each combination of what its answers may depend
/// on, if these are few; else each value by itself, those that make a condition hold, and pairs. Other
/// times, missing units and other traffic are looked at one by one.
struct ContextCandidates {
  /// The first is the one of which nothing is said.
  private(set) var all: [ContextCandidate] = []
  /// How many combinations more there are of what is tested and looked up.
  private(set) var omittedCount = 0

  /// All combinations are tried if there are no more.
  static let combinationsMax = 48
  /// Else so many contexts: of each use case, or fewer where many are looked at.
  static let contextsMax = 64
  static let contextsMin = 16
  private static let contextsOfAll = 150_000

  /// How many contexts of each are looked at where so many use cases change.
  static func contexts(ofEach useCaseCount: Int) -> Int {
    max(contextsMin, min(contextsMax, contextsOfAll / max(1, useCaseCount)))
  }

  private let survey: ContextSurvey
  private let contextsMax: Int
  private var dimensions: [[Choice]] = []
  /// Those that the use case tests or looks up come first.
  private var testedCount = 0
  private let base: Request
  private var seen: Set<[Int]> = []

  private struct Choice {
    var words: String
    var subject: ContextTest.Subject?
    var value: Request.Value?
    var apply: @Sendable (inout Request) -> Void
  }

  /// `units` are the names of all units of both tables but the primary ones.
  init(_ survey: ContextSurvey, units: [String], now: Int64, contextsMax: Int = contextsMin) {
    self.contextsMax = contextsMax
    self.survey = survey
    var base = Request("", unit: ContextOutcomes.anyUnit)
    base.requestID = ContextOutcomes.anyUnit
    for unit in units { base.units[unit] = ContextOutcomes.anyUnit }
    base.now = now
    self.base = base
    gatherDimensions(now)
    choose()
  }

  // MARK: What there is to choose

  private mutating func gatherDimensions(_ now: Int64) {
    for subject in survey.subjects {
      var choices = survey.contextValues(of: subject).map { value in
        Choice(words: value.words, subject: subject, value: value.value) { request in
          switch subject {
          case .attribute(let name): request.attributes[name] = value.value ?? .null
          case .unit: request.unit = Self.unit(value.value)
          }
        }
      }
      if case .attribute(let name) = subject, survey.required.contains(name) {
        // What is required is there in the first place, of a value that nothing names if there is one;
        // without it there is no answer.
        let missing = choices.removeFirst()
        let value = Self.someValue(survey.types[name])
        choices.removeAll { $0.value == value }
        choices.insert(
          Choice(words: "", subject: subject, value: value) { $0.attributes[name] = value }, at: 0)
        choices.append(
          Choice(
            words: "no \(name)", subject: subject, value: missing.value, apply: missing.apply))
      }
      add(choices)
    }
    for name in survey.required where survey.tests[.attribute(name)] == nil {
      let value = Self.someValue(survey.types[name])
      add([
        Choice(words: "", subject: nil, value: nil) { $0.attributes[name] = value },
        Choice(words: "no \(name)", subject: nil, value: nil) { $0.attributes[name] = .null },
      ])
    }
    testedCount = dimensions.count
    if survey.hasTraffic, survey.tests[.attribute(RequestWords.traffic)] == nil {
      add([
        Choice(words: "", subject: nil, value: nil) { _ in },
        Choice(words: "traffic that is not production", subject: nil, value: nil) {
          $0.attributes[RequestWords.traffic] = .string("artificial")
        },
      ])
    }
    let times = survey.times.filter { $0 > now && $0 < Int64.max }.sorted()
    add(
      [Choice(words: "", subject: nil, value: nil) { _ in }]
        + times.map { time in
          Choice(words: "from \(RequestWords.time(time)) on", subject: nil, value: nil) {
            $0.now = time
          }
        })
    let lacking = survey.otherUnits.map { unit in
      Choice(words: "no unit \(unit)", subject: nil, value: nil) { $0.units[unit] = "" }
    }
    add(
      [Choice(words: "", subject: nil, value: nil) { _ in }] + lacking + [
        Choice(words: "no unit, drawn by the request id", subject: nil, value: nil) { request in
          request.unit = ""
          request.units = [:]
        }
      ])
  }

  private mutating func add(_ choices: [Choice]) {
    if choices.count > 1 || choices.first?.subject == nil { dimensions.append(choices) }
  }

  private static func unit(_ value: Request.Value?) -> Request.Unit {
    guard case .string(let text)? = value, text != RequestWords.other else {
      return ContextOutcomes.anyUnit
    }
    return Request.Unit(bytes: Array(text.utf8))
  }

  private static func someValue(_ type: Turnout.AttributeType?) -> Request.Value {
    switch type {
    case .number: .number(0)
    case .boolean: .boolean(false)
    case .version: .string("0")
    default: .string(RequestWords.other)
    }
  }

  // MARK: Choosing

  private mutating func choose() {
    func product(_ dimensions: some Sequence<[Choice]>) -> Int {
      dimensions.reduce(1) {
        min(1_000_000_000, $0.multipliedReportingOverflow(by: $1.count).partialValue)
      }
    }
    let none = [Int](repeating: 0, count: dimensions.count)
    take(none)
    // One by one first, so that the simplest context of each class comes first.
    for (place, dimension) in dimensions.enumerated() {
      for number in dimension.indices.dropFirst() { take(none, setting: [place: number]) }
    }
    // Beside what the use case tests, only one thing at a time: time, units, traffic.
    if product(dimensions.prefix(testedCount)) <= min(Self.combinationsMax, contextsMax) {
      takeAll(none, from: 0)
    } else {
      for condition in survey.conditions { takeWitness(of: condition, none) }
      let singles = dimensions.prefix(testedCount).enumerated().flatMap { place, dimension in
        dimension.indices.dropFirst().map { (place, $0) }
      }
      for (index, one) in singles.enumerated() where all.count < contextsMax {
        for other in singles[..<index] where other.0 != one.0 && all.count < contextsMax {
          take(none, setting: [one.0: one.1, other.0: other.1])
        }
      }
    }
    omittedCount = max(
      survey.isPartial ? 1 : 0, product(dimensions.prefix(testedCount)) - all.count)
  }

  private mutating func takeAll(_ choice: [Int], from place: Int) {
    guard place < testedCount else {
      take(choice)
      return
    }
    for number in dimensions[place].indices {
      var next = choice
      next[place] = number
      takeAll(next, from: place + 1)
    }
  }

  private mutating func take(_ choice: [Int], setting places: [Int: Int] = [:]) {
    var choice = choice
    for (place, number) in places { choice[place] = number }
    guard seen.insert(choice).inserted else { return }
    var request = base
    var words: [String] = []
    for (place, number) in choice.enumerated() {
      let chosen = dimensions[place][number]
      chosen.apply(&request)
      if !chosen.words.isEmpty { words.append(chosen.words) }
    }
    all.append(ContextCandidate(words: words.joined(separator: " and "), request: request))
  }

  // MARK: Conditions

  /// Takes a context in which a condition holds, if one is found soon.
  private mutating func takeWitness(of condition: [ContextTest], _ none: [Int]) {
    var open = dimensions.map { Array($0.indices) }
    var steps = 2_000
    if reach(0, condition, &open, &steps) {
      take(none, setting: Dictionary(uniqueKeysWithValues: open.indices.map { ($0, open[$0][0]) }))
    }
  }

  /// Whether the condition can be made to hold from a test on; `open` then says by which choices.
  private func reach(
    _ index: Int, _ condition: [ContextTest], _ open: inout [[Int]], _ steps: inout Int
  ) -> Bool {
    guard index < condition.count, steps > 0 else { return false }
    steps -= 1
    let test = condition[index]
    let place = dimensions.firstIndex { $0.first?.subject == test.subject }
    for wanted in [true, false] {
      let next = wanted ? test.onTrue : test.onFalse
      if next == Format.fails { continue }
      let before = open
      if let place {
        open[place].removeAll { test.holds(of: dimensions[place][$0].value) != wanted }
        if open[place].isEmpty {
          open = before
          continue
        }
      }
      if next == Format.holds || reach(Int(next), condition, &open, &steps) { return true }
      open = before
    }
    return false
  }
}

extension RequestWords {
  /// Nanoseconds since 1970 as `2026-12-01 00:00:00 UTC`.
  static func time(_ nanoseconds: Int64) -> String {
    Instant(nanoseconds: nanoseconds).readable + " UTC"
  }
}
