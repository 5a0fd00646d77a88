/// What to resolve: the use case, whom the answer is for, and in which context.
public struct Request: Sendable, Hashable {
  /// The name of the use case.
  public var useCase: String
  /// The primary unit; empty is missing.
  public var unit: Unit
  /// Further units, by name.
  public var units: [String: Unit]
  /// The context: attributes by name. Those that no document declares are ignored and counted.
  public var attributes: [String: Value]
  /// Draws where there is no unit; empty is none.
  public var requestID: Unit
  /// Cells allocated elsewhere, by experiment; nil keeps the unit out.
  public var assignments: [String: String?]
  /// Nanoseconds since 1970 in UTC; nil is the system's clock. 0 counts as 1.
  public var now: Int64?
  /// Whether the decision is to carry the merged config.
  public var wantsConfig: Bool

  /// A request for one use case; everything else is optional.
  public init(
    _ useCase: String, unit: Unit = "", units: [String: Unit] = [:],
    attributes: [String: Value] = [:], requestID: Unit = "",
    assignments: [String: String?] = [:], now: Int64? = nil, wantsConfig: Bool = false
  ) {
    self.useCase = useCase
    self.unit = unit
    self.units = units
    self.attributes = attributes
    self.requestID = requestID
    self.assignments = assignments
    self.now = now
    self.wantsConfig = wantsConfig
  }

  /// The bytes of an identity. Any bytes will do; a literal is its UTF-8.
  public struct Unit: Sendable, Hashable, ExpressibleByStringLiteral {
    /// The identity itself.
    public var bytes: [UInt8]

    /// The UTF-8 of a text.
    public init(_ text: String) { bytes = Array(text.utf8) }
    /// Any bytes.
    public init(bytes: [UInt8]) { self.bytes = bytes }
    /// The UTF-8 of a literal.
    public init(stringLiteral value: String) { self.init(value) }
  }

  /// The value of an attribute.
  public enum Value: Sendable, Hashable, ExpressibleByStringLiteral, ExpressibleByFloatLiteral,
    ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral, ExpressibleByNilLiteral
  {
    /// Also for attributes declared as version.
    case string(String)
    /// Finite.
    case number(Double)
    case boolean(Bool)
    /// The same as leaving the attribute out.
    case null

    /// A string.
    public init(stringLiteral value: String) { self = .string(value) }
    /// A number.
    public init(floatLiteral value: Double) { self = .number(value) }
    /// A number.
    public init(integerLiteral value: Int) { self = .number(Double(value)) }
    /// A boolean.
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
    /// No value.
    public init(nilLiteral: ()) { self = .null }
  }
}
