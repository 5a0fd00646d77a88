import ArgumentParser
import Turnout
import TurnoutCompiler

/// `name=value`, as `--set`, `--units` and `--assign` take it.
struct NamedArgument: ExpressibleByArgument {
  var name: String
  var value: String

  init?(argument: String) {
    guard let split = argument.firstIndex(of: "="), split > argument.startIndex else { return nil }
    name = String(argument[..<split])
    value = String(argument[argument.index(after: split)...])
  }
}

/// A request that is given in arguments. Of an option that may be given once, all are taken, so that a
/// second one is seen and does not silently hold.
struct RequestArguments: ParsableArguments {
  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("The primary unit, for example the user.", valueName: "u"))
  var unit: [String] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("A further unit; may be repeated.", valueName: "name=u"))
  var units: [NamedArgument] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "An attribute, of the type that the table declares; may be repeated.",
      valueName: "name=value"))
  var set: [NamedArgument] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "A cell that was allocated elsewhere; without a cell (`name=`), the unit is kept out of the "
        + "experiment. May be repeated.",
      valueName: "experiment=cell"))
  var assign: [NamedArgument] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("What a request without a unit draws by.", valueName: "id"))
  var requestID: [String] = []

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "The time to resolve at, as in 2026-11-20T00:00:00Z. Default: the clock.",
      valueName: "time"))
  var now: [String] = []

  func validate() throws {
    for (option, values) in [("--unit", unit), ("--request-id", requestID), ("--now", now)] {
      guard values.count > 1 else { continue }
      let hint = option == "--unit" ? " Other units of one request: --units NAME=U." : ""
      throw ValidationError("\(option) is given \(values.count) times.\(hint)")
    }
    if let now = now.first, Instant(now) == nil {
      throw ValidationError("--now: \(Instant.expectation).")
    }
    for (option, arguments) in [("--units", units), ("--set", set), ("--assign", assign)] {
      var names: Set<String> = []
      for argument in arguments where !names.insert(argument.name).inserted {
        throw ValidationError("\(option) \(argument.name) is given twice.")
      }
    }
  }

  var isEmpty: Bool {
    unit.isEmpty && units.isEmpty && set.isEmpty && assign.isEmpty && requestID.isEmpty
      && now.isEmpty
  }

  /// The request, its attributes of the types that the table declares. Names that the table does
  /// not know come back as warnings: they have no effect.
  func request(
    _ useCase: String, for table: TableFacts?
  ) throws -> (request: Request, warnings: [String]) {
    var request = Request(useCase, wantsConfig: true)
    var warnings: [String] = []
    request.unit = Request.Unit(unit.first ?? "")
    request.requestID = Request.Unit(requestID.first ?? "")
    request.now = now.first.flatMap { Instant($0)?.nanoseconds }
    let declaredUnits = table?.units() ?? []
    for argument in units {
      request.units[argument.name] = Request.Unit(argument.value)
      if table != nil, !declaredUnits.contains(argument.name) {
        warnings.append(
          "no document declares the unit `\(argument.name)`"
            + TableFacts.suggestion(for: argument.name, among: declaredUnits))
      }
    }
    for argument in assign {
      request.assignments.updateValue(
        argument.value.isEmpty ? nil : argument.value, forKey: argument.name)
    }
    if let table { warnings += assignmentWarnings(table) }
    let declared = table?.attributes() ?? []
    for argument in set {
      guard let attribute = declared.first(where: { $0.name == argument.name }) else {
        request.attributes[argument.name] = .string(argument.value)
        if table != nil {
          warnings.append(
            "no document declares the attribute `\(argument.name)`"
              + TableFacts.suggestion(for: argument.name, among: declared.map(\.name)))
        }
        continue
      }
      request.attributes[argument.name] = try value(argument, as: attribute.type)
    }
    return (request, warnings)
  }

  private func assignmentWarnings(_ table: TableFacts) -> [String] {
    guard !assign.isEmpty else { return [] }
    let experiments = table.experiments()
    return assign.compactMap { argument in
      guard let experiment = experiments.first(where: { $0.name == argument.name }) else {
        return "no document declares the experiment `\(argument.name)`"
          + TableFacts.suggestion(for: argument.name, among: experiments.map(\.name))
      }
      guard !argument.value.isEmpty, !experiment.cells.contains(argument.value) else { return nil }
      return "the experiment `\(argument.name)` has no cell `\(argument.value)`, "
        + "which keeps the unit out"
        + TableFacts.hint(for: argument.value, among: experiment.cells)
    }
  }

  private func value(
    _ argument: NamedArgument, as type: Turnout.AttributeType
  ) throws -> Request.Value {
    switch type {
    case .string: return .string(argument.value)
    case .version:
      guard TurnoutCompiler.Version(argument.value) != nil else {
        throw mismatch(argument, "a version")
      }
      return .string(argument.value)
    case .boolean:
      switch argument.value {
      case "true": return .boolean(true)
      case "false": return .boolean(false)
      default: throw mismatch(argument, "true or false")
      }
    case .number:
      guard let number = JSONReader.number(argument.value) else {
        throw mismatch(argument, "a number")
      }
      return .number(number)
    }
  }

  private func mismatch(_ argument: NamedArgument, _ expected: String) -> TurnoutError {
    TurnoutError(
      .invalidArgument,
      "--set \(argument.name)=\(argument.value): the documents declare `\(argument.name)` as "
        + "\(expected).")
  }
}
