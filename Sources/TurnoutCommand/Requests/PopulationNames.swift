import Turnout
import TurnoutCompiler
import TurnoutDiff

/// What the lines of a population name. A misspelt name would weigh requests that nobody sends, and guards
/// would find that none of them moves.
enum PopulationNames {
  /// Holds a line against both tables. The attributes of a request with a unit are not looked at: it is
  /// answered as it would be in service, whatever else it carries.
  static func check(
    _ line: [UInt8], of request: Request, isContext: Bool, _ comparison: TableComparison
  ) throws(JSONReader.Fault) {
    let isKnown =
      request.useCase.isEmpty || comparison.useCaseNames.contains(request.useCase)
    guard !isKnown || isContext && !request.attributes.isEmpty else { return }
    var reader = JSONReader(line)
    try reader.object { reader, name, _ throws(JSONReader.Fault) in
      let start = reader.offset
      switch name {
      case "use_case" where !isKnown:
        throw JSONReader.Fault(
          offset: start,
          message: "neither table has a use case `\(request.useCase)`"
            + TableFacts.suggestion(
              for: request.useCase, among: comparison.useCaseNames.sorted()))
      case "context" where isContext:
        try reader.object { reader, name, start throws(JSONReader.Fault) in
          try check(&reader, attribute: name, at: start, comparison)
        }
      default:
        if try !reader.skipContainer() { _ = try reader.scalar() }
      }
    }
  }

  private static func check(
    _ reader: inout JSONReader, attribute: String, at nameAt: Int, _ comparison: TableComparison
  ) throws(JSONReader.Fault) {
    guard let types = comparison.attributeTypes[attribute] else {
      throw JSONReader.Fault(
        offset: nameAt,
        message: "neither table has an attribute `\(attribute)`"
          + TableFacts.suggestion(
            for: attribute, among: comparison.attributeTypes.keys.sorted()))
    }
    let start = reader.offset
    let fits =
      if try reader.skipContainer() {
        false
      } else {
        switch try reader.scalar() {
        case .string(let text):
          types.contains(.string)
            || types.contains(.version) && TurnoutCompiler.Version(text) != nil
        case .number: types.contains(.number)
        case .boolean: types.contains(.boolean)
        case .null: true
        }
      }
    guard fits else {
      let expected = types.sorted { $0.rawValue < $1.rawValue }.map(words)
      throw JSONReader.Fault(
        offset: start,
        message: "`\(attribute)` must be " + expected.joined(separator: " or "))
    }
  }

  private static func words(_ type: Turnout.AttributeType) -> String {
    switch type {
    case .string: "a text, in double quotes"
    case .number: "a number"
    case .boolean: "true or false"
    case .version: "a version, as in \"2.10\""
    }
  }
}
