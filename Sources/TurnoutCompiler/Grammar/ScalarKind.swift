/// What a scalar is by its place. A name may look like a number or a boolean to YAML, so that the schema
/// takes these types for texts, too.
enum ScalarKind: Sendable {
  /// The version of the language.
  case language
  case name
  /// A name that conditions have no other use for.
  case attribute
  case text(bytesMax: Int)
  /// A text that is not empty.
  case unit
  /// Printable, without spaces.
  case token(bytesMax: Int)
  case path
  case value
  case number
  case boolean
  case word([String])
  case weight
  case percentage
  case growth
  case time
  case modelVersion
  /// A model, or one of its versions.
  case model
  case position
}

extension ScalarKind {
  private static let namePattern = "[A-Za-z0-9][A-Za-z0-9._-]{0,127}"
  /// Digits with at most nine after the point.
  private static let fraction = #"(\.[0-9]{1,9})?"#

  /// As a JSON Schema.
  var schema: Node {
    switch self {
    case .language: ["enum": [1, "1"]]
    case .name, .attribute:
      // A negative number would be a name that begins with `-`.
      Self.textual(["pattern": .text("^\(Self.namePattern)$"), "minimum": 0])
    case .text(let bytesMax): Self.textual(["maxLength": .number(bytesMax)])
    case .unit: Self.textual(["minLength": 1, "maxLength": .number(Limits.valueBytesMax)])
    case .token(let bytesMax):
      Self.textual(["pattern": "^[!-~]+$", "maxLength": .number(bytesMax)])
    case .path:
      ["type": "string", "pattern": "^[^/]", "maxLength": .number(Limits.pathBytesMax)]
    case .value: Self.textual(["maxLength": .number(Limits.valueBytesMax)])
    case .number: ["type": ["number", "string"]]
    case .boolean: ["enum": [true, false, "true", "false"]]
    case .word(let words): ["enum": .list(words.map { .text($0) })]
    case .weight:
      [
        "type": ["number", "string"], "minimum": 0, "exclusiveMaximum": 1_000_000_000,
        "pattern": .text("^[0-9]{1,9}\(Self.fraction)$"),
      ]
    case .percentage:
      [
        "type": "string",
        "pattern": .text(#"^0*(100(\.0{1,9})?|[0-9]{1,2}\#(Self.fraction))%$"#),
      ]
    case .growth: ["type": "string", "pattern": .text(#"^\+[0-9]{1,9}\#(Self.fraction)%$"#)]
    case .time:
      [
        "type": "string",
        "pattern": .text(
          "^(1[6-9]|2[0-2])[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[Tt]"
            + #"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?"#
            + "([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$"),
      ]
    case .modelVersion:
      ["type": "string", "pattern": .text("^\(Self.namePattern)@\(Self.namePattern)$")]
    case .model: Self.textual(["pattern": .text("^\(Self.namePattern)(@\(Self.namePattern))?$")])
    case .position:
      [
        "type": ["integer", "string"], "minimum": 0, "maximum": .number(1 << 32),
        "pattern": "^[0-9]+$",
      ]
    }
  }

  /// What keys of this kind look like: keys are always texts.
  var keySchema: Node? {
    switch self {
    case .name: ["pattern": .text("^\(Self.namePattern)$")]
    case .attribute:
      [
        "pattern": .text("^\(Self.namePattern)$"),
        "not": ["enum": .list(Shape.reservedAttributes.map { .text($0) })],
      ]
    case .text(let bytesMax): ["maxLength": .number(bytesMax)]
    case .unit: ["minLength": 1, "maxLength": .number(Limits.valueBytesMax)]
    case .value: ["maxLength": .number(Limits.valueBytesMax)]
    case .modelVersion: ["pattern": .text("^\(Self.namePattern)@\(Self.namePattern)$")]
    default: nil
    }
  }

  private static func textual(_ more: Node) -> Node {
    var schema: Node = ["type": ["string", "number", "boolean"]]
    schema.set(all: more)
    return schema
  }
}
