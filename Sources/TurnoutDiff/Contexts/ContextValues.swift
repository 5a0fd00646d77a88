import Turnout
import TurnoutCompiler

/// Values of one subject that are told apart by what tests it: one stands for all that pass the same tests
/// and lead to the same versions where they are looked up.
struct ContextValue {
  /// Nil: the request lacks it.
  var value: Request.Value?
  /// `country == DE`, `country in DE, FR and 3 more`; empty of what is not said.
  var words: String
}

extension ContextSurvey {
  /// The values of a subject, the missing one first. Every value there is passes the same tests as one of
  /// these, except where parts of texts are tested: there not all combinations are found.
  func contextValues(of subject: ContextTest.Subject) -> [ContextValue] {
    let tests = tests[subject] ?? []
    let lookups = lookups[subject] ?? []
    let name: String
    switch subject {
    case .attribute(let attribute): name = attribute
    case .unit: name = "unit"
    }
    var order: [Signature] = []
    var found: [Signature: (value: Request.Value?, alike: [Request.Value], isNamed: Bool)] = [:]
    func add(_ value: Request.Value?, isNamed: Bool) {
      let signature = Signature(
        held: tests.map { $0.holds(of: value) },
        leads: lookups.map { list in value.flatMap { list[$0] } ?? "" })
      if found[signature] == nil {
        order.append(signature)
        found[signature] = (value, [], isNamed)
      }
      if isNamed, let value { found[signature]?.alike.append(value) }
    }
    // Another class of traffic than none, which is production.
    let isTraffic = subject == .attribute(RequestWords.traffic)
    let first: Request.Value? = isTraffic ? .string(Format.defaultTraffic) : nil
    add(first, isNamed: false)
    var seen: Set<Request.Value> = first.map { [$0] } ?? []
    let named = tests.flatMap(\.values) + lookups.flatMap(\.keys).sorted(by: RequestWords.precedes)
    for value in named where seen.insert(value).inserted { add(value, isNamed: true) }
    if case .attribute(let attribute) = subject, types[attribute] == .boolean {
      for value in [Request.Value.boolean(false), .boolean(true)] where seen.insert(value).inserted
      {
        add(value, isNamed: true)
      }
    }
    for value in between(seen, subject) { add(value, isNamed: false) }
    return order.compactMap { signature in
      guard let entry = found[signature] else { return nil }
      return ContextValue(
        value: entry.value,
        words: signature == order.first
          ? "" : RequestWords.words(name, entry.value, alike: entry.alike))
    }
  }

  private struct Signature: Hashable {
    var held: [Bool]
    var leads: [String]
  }

  /// Values that none names: beside and between those that are, and one of which nothing is said.
  private func between(
    _ named: Set<Request.Value>, _ subject: ContextTest.Subject
  ) -> [Request.Value] {
    var type = Turnout.AttributeType.string
    if case .attribute(let attribute) = subject { type = types[attribute] ?? .string }
    let texts = named.compactMap { if case .string(let text) = $0 { text } else { nil } }.sorted()
    switch type {
    case .boolean: return []
    case .number:
      let numbers = named.compactMap { if case .number(let number) = $0 { number } else { nil } }
        .sorted()
      let beside = numbers.flatMap { [$0.nextDown, $0.nextUp] }.filter(\.isFinite)
      return (beside + [numbers.last.map { $0 + 1 } ?? 0]).map { .number($0) }
    case .version:
      return (texts.flatMap { [Self.earlier($0), Self.later($0)] } + ["0", "1000000"])
        .map { .string($0) }
    case .string:
      let ordered = (tests[subject] ?? []).contains { test in
        [.stringLess, .stringLessOrEqual, .stringGreater, .stringGreaterOrEqual]
          .contains(test.kind)
      }
      let beside = ordered ? texts.map { $0 + "\u{1}" } + [" "] : []
      return (beside + [RequestWords.other]).map { .string($0) }
    }
  }

  private static func earlier(_ version: String) -> String {
    version.prefix { $0 != "-" && $0 != "+" } + "-0"
  }

  private static func later(_ version: String) -> String {
    version.prefix { $0 != "-" && $0 != "+" } + ".1"
  }
}

/// Contexts in words.
enum RequestWords {
  static let traffic = RoutingDocument.traffic
  /// A text that no document names, it is hoped; if one does, it is a value as others.
  static let other = "\u{2026}another"
  private static let shownMax = 3

  /// What is said of a subject: the values that it stands for, if any is named.
  static func words(_ name: String, _ value: Request.Value?, alike: [Request.Value]) -> String {
    let named = alike.map(text)
    switch named.count {
    case 0:
      if case .number(let number)? = value { return "\(name) == \(number)" }
      if case .string(let text)? = value, text != other { return "\(name) == \(text)" }
      return value == nil ? "no \(name)" : "\(name) of another value"
    case 1: return "\(name) == \(named[0])"
    case 2...shownMax: return "\(name) in [" + named.joined(separator: ", ") + "]"
    default:
      return "\(name) in [" + named.prefix(shownMax).joined(separator: ", ")
        + " and \(named.count - shownMax) more]"
    }
  }

  private static func text(_ value: Request.Value) -> String {
    switch value {
    case .string(let text): text
    case .boolean(let boolean): "\(boolean)"
    case .number(let number):
      number == number.rounded() && abs(number) < 1e15 ? "\(Int64(number))" : "\(number)"
    case .null: "null"
    }
  }

  static func precedes(_ one: Request.Value, _ other: Request.Value) -> Bool {
    switch (one, other) {
    case (.number(let one), .number(let other)): one < other
    default: text(one) < text(other)
    }
  }
}
