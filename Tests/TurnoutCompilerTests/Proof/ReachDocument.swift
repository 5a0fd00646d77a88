import Turnout

/// A random use case over a few attributes, and every request that its tests can tell apart, or nearly
/// so: of texts, those that a few letters make.
struct ReachDocument {
  let text: String
  let requests: [Request]
  let ruleCount: Int
  /// The line of the first rule.
  static let firstRuleLine = 13
  private static let requestsMax = 1_000

  init(seed: UInt64) {
    var dice = Dice(seed: seed)
    var subjects = Subject.allCases.shuffled(using: &dice)
    subjects.removeLast(subjects.count - (1 + dice.upTo(3)))
    while subjects.reduce(1, { $0 * $1.values.count }) > Self.requestsMax { subjects.removeLast() }
    let tested = subjects
    ruleCount = 2 + dice.upTo(4)
    func condition(_ depth: Int) -> String {
      Self.condition(depth, tested, isSegment: false, &dice)
    }
    let segments = (0..<2).map { number in
      "s\(number): " + Self.condition(2, tested, isSegment: true, &dice)
    }
    var rules = (0..<(ruleCount - 1)).map { number in
      let when = condition(2)
      let attributes = tested.filter { $0 != .unit }
      guard dice.chance(20), let looked = attributes.randomElement(using: &dice) else {
        return "{ when: \(when), route: m@r\(number) }"
      }
      let values = Set((0..<2).map { _ in looked.constants[dice.upTo(looked.constants.count)] })
      let routes = values.sorted().map { "\($0): m@r\(number)" }.joined(separator: ", ")
      return "{ when: \(when), lookup: \(looked.rawValue), routes: { \(routes) } }"
    }
    rules.append("{ route: m@r\(ruleCount - 1) }")
    let required = tested.first { _ in dice.chance(15) }.map { $0 == .unit ? "user" : $0.rawValue }
    let requires =
      required.flatMap { $0 == "traffic" ? nil : "requires: [\($0)]" } ?? "enabled: true"
    let versions = (0..<ruleCount).map { "r\($0): { cluster: a }" }.joined(separator: ", ")
    text = """
      turnout: 1
      unit: user
      attributes: { b: boolean, n: number, v: version, s: string, t: string }
      clusters: { a: { address: "a:1" } }
      models: { m: { \(versions) } }
      segments:
        \(segments.joined(separator: "\n  "))
      use_cases:
        U:
          \(requires)
          rules:
      \(rules.map { "      - " + $0 }.joined(separator: "\n"))
      """
    requests = tested.reduce([Request("U")]) { requests, subject in
      requests.flatMap { request in subject.values.map { subject.giving($0, request) } }
    }
  }

  enum Subject: String, CaseIterable {
    case b, n, v, s, t, traffic, unit

    var constants: [String] {
      switch self {
      case .b: ["true", "false"]
      case .n: ["0", "1", "2"]
      case .v: ["1.0", "1.1-rc", "1.1"]
      case .s, .t, .unit: ["a", "ab", "b", "ba"]
      case .traffic: ["production", "test"]
      }
    }

    /// Nil is missing.
    var values: [Request.Value?] {
      switch self {
      case .b: [nil, true, false]
      case .n: [nil, -1, 0, 0.5, 1, 1.5, 2, 3]
      case .v: [nil, "0.9", "1", "1.0.5", "1.1-alpha", "1.1-rc", "1.1-rc.1", "1.1", "2"]
      case .s, .t: [nil, ""] + Self.texts
      case .traffic: [nil, "production", "test", "other", "a", "b"]
      case .unit: [nil] + Self.texts
      }
    }

    /// Up to three of the letters that are tested, and one that is not.
    private static let texts: [Request.Value] = {
      var texts = [""]
      var last = [""]
      for _ in 0..<3 {
        last = last.flatMap { text in ["a", "b", "c"].map { text + $0 } }
        texts += last
      }
      return (texts.dropFirst() + ["a\u{0}", "ab\u{0}", "ababab"]).map { .string($0) }
    }()

    func giving(_ value: Request.Value?, _ request: Request) -> Request {
      var request = request
      guard let value else { return request }
      if self == .unit {
        if case .string(let text) = value { request.unit = Request.Unit(text) }
      } else {
        request.attributes[rawValue] = value
      }
      return request
    }
  }

  private static func condition(
    _ depth: Int, _ subjects: [Subject], isSegment: Bool, _ dice: inout Dice
  ) -> String {
    func part() -> String { condition(depth - 1, subjects, isSegment: isSegment, &dice) }
    if depth > 0 {
      switch dice.upTo(10) {
      case 0: return "{ not: \(part()) }"
      case 1, 2: return "{ any: [\(part()), \(part())] }"
      case 3, 4: return "{ all: [\(part()), \(part())] }"
      case 5 where !isSegment: return "{ segment: s\(dice.upTo(2)) }"
      default: break
      }
    }
    let subject = subjects[dice.upTo(subjects.count)]
    func value() -> String { "\"\(subject.constants[dice.upTo(subject.constants.count)])\"" }
    var operators = ["==", "!=", "in", "not_in", "exists", "<", "<=", ">", ">="]
    if subject == .b { operators.removeLast(4) }
    if [.s, .t, .unit].contains(subject) {
      operators += ["prefix", "suffix", "contains", "listed"]
    }
    let test = operators[dice.upTo(operators.count)]
    switch test {
    case "in", "not_in":
      return "{ \(subject.rawValue): { \(test): [\(value()), \(value())] } }"
    case "exists": return "{ \(subject.rawValue): { exists: \(dice.chance(50)) } }"
    case "listed":
      return subject == .unit
        ? "{ units: [\(value()), \(value())] }"
        : "{ \(subject.rawValue): [\(value()), \(value())] }"
    default: return "{ \(subject.rawValue): { \"\(test)\": \(value()) } }"
    }
  }
}
