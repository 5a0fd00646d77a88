import Turnout
import TurnoutCompiler

/// A request as one line of JSON.
enum RequestLine {
  private static let names = [
    "use_case", "unit", "unit_base64", "units", "context", "request_id", "assignments", "now",
  ]

  /// Reads a line that holds one request. The decision is to carry its config.
  static func read(_ line: [UInt8]) throws(JSONReader.Fault) -> Request {
    let request = try read(line, also: []) { _, _, _ throws(JSONReader.Fault) in }
    guard !request.useCase.isEmpty else {
      throw JSONReader.Fault(offset: 0, message: "`use_case` is missing; it says what to resolve")
    }
    return request
  }

  /// The same with further names, which `other` reads; a line may leave out its use case.
  static func read(
    _ line: [UInt8], also further: [String],
    _ other: (inout JSONReader, String, Int) throws(JSONReader.Fault) -> Void
  ) throws(JSONReader.Fault) -> Request {
    var reader = JSONReader(line)
    var request = Request("", wantsConfig: true)
    var hasUnit = false
    try reader.object { reader, name, start throws(JSONReader.Fault) in
      switch name {
      case "use_case":
        request.useCase = try text(&reader, name)
        guard !request.useCase.isEmpty else {
          throw JSONReader.Fault(offset: start, message: "`use_case` is empty; name one")
        }
      case "unit", "unit_base64":
        guard let unit = try optionalText(&reader, name) else { return }
        guard !hasUnit else {
          throw JSONReader.Fault(
            offset: start, message: "give `unit` or `unit_base64`, not both")
        }
        hasUnit = true
        request.unit = try name == "unit" ? Request.Unit(unit) : bytes(unit, at: start)
      case "units": request.units = try units(&reader)
      case "context": request.attributes = try context(&reader)
      case "request_id": request.requestID = Request.Unit(try optionalText(&reader, name) ?? "")
      case "assignments": request.assignments = try assignments(&reader)
      case "now": request.now = try now(&reader)
      case _ where further.contains(name): try other(&reader, name, start)
      default:
        throw JSONReader.Fault(
          offset: start,
          message: "a request has no `\(name)`"
            + TableFacts.suggestion(for: name, among: names + further))
      }
    }
    try reader.end()
    return request
  }

  private static func text(
    _ reader: inout JSONReader, _ name: String
  ) throws(JSONReader.Fault) -> String {
    let start = reader.offset
    guard case .string(let text) = try reader.scalar() else {
      throw JSONReader.Fault(offset: start, message: "`\(name)` must be a text, in double quotes")
    }
    return text
  }

  /// Null is the same as leaving it out.
  static func optionalText(
    _ reader: inout JSONReader, _ name: String
  ) throws(JSONReader.Fault) -> String? {
    let start = reader.offset
    switch try reader.scalar() {
    case .string(let text): return text
    case .null: return nil
    default:
      throw JSONReader.Fault(offset: start, message: "`\(name)` must be a text, in double quotes")
    }
  }

  private static func units(
    _ reader: inout JSONReader
  ) throws(JSONReader.Fault) -> [String: Request.Unit] {
    var units: [String: Request.Unit] = [:]
    try reader.object { reader, name, _ throws(JSONReader.Fault) in
      if let unit = try optionalText(&reader, name) { units[name] = Request.Unit(unit) }
    }
    return units
  }

  private static func context(
    _ reader: inout JSONReader
  ) throws(JSONReader.Fault) -> [String: Request.Value] {
    var attributes: [String: Request.Value] = [:]
    try reader.object { reader, name, _ throws(JSONReader.Fault) in
      let start = reader.offset
      if try reader.skipContainer() {
        // A value of another type than any attribute has: missing, but never a traffic class.
        guard name != RoutingDocument.traffic else {
          throw JSONReader.Fault(offset: start, message: "`traffic` must be a text")
        }
        attributes[name] = .null
        return
      }
      switch try reader.scalar() {
      case .string(let text): attributes[name] = .string(text)
      case .number(let number): attributes[name] = .number(number)
      case .boolean(let value): attributes[name] = .boolean(value)
      case .null: attributes[name] = .null
      }
    }
    return attributes
  }

  private static func assignments(
    _ reader: inout JSONReader
  ) throws(JSONReader.Fault) -> [String: String?] {
    var assignments: [String: String?] = [:]
    try reader.object { reader, name, _ throws(JSONReader.Fault) in
      assignments.updateValue(try optionalText(&reader, name), forKey: name)
    }
    return assignments
  }

  private static func now(_ reader: inout JSONReader) throws(JSONReader.Fault) -> Int64? {
    let start = reader.offset
    guard let text = try optionalText(&reader, "now") else { return nil }
    guard let instant = Instant(text) else {
      throw JSONReader.Fault(offset: start, message: Instant.expectation)
    }
    return instant.nanoseconds
  }

  private static func bytes(
    _ text: String, at start: Int
  ) throws(JSONReader.Fault) -> Request.Unit {
    guard let bytes = Base64.decode(text) else {
      throw JSONReader.Fault(
        offset: start, message: "`unit_base64` must be Base64 with its padding (RFC 4648)")
    }
    return Request.Unit(bytes: bytes)
  }
}
