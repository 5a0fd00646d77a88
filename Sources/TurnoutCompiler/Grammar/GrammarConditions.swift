/// Conditions and their tests.
extension Grammar {
  static let condition = ObjectPlace(.condition, others: tests, words)

  /// A condition with notes.
  static let segment = ObjectPlace(
    .condition.with(Shape.segmentNotes.keys), others: tests, notes + [allow] + words)

  private static let tests = MapPlace(
    keys: .name, value: .defined("test"), count: 0...Int.max)

  private static let words = [
    Member("all", conditions, "All of these conditions hold."),
    Member("any", conditions, "One of these conditions holds, or several."),
    Member("not", .defined("condition"), "This condition does not hold."),
    Member("segment", .scalar(.name), "The segment contains the request."),
    Member("unit", .defined("test"), "A test of the use case's unit, by operators of text."),
    Member(
      "units", .list(of: .scalar(.unit), count: 1...Limits.unitsPerListMax),
      "The use case's unit is one of these."),
    Member(
      "units_file", .scalar(.path),
      "The use case's unit is a line of this file; the path goes from the document's folder."),
  ]

  private static let conditions = Place.list(
    of: .defined("condition"), count: 1...Limits.nodesMax)

  static let test = Place.either([
    .scalar(.value), values, .object(operators),
  ])

  private static let values = Place.list(of: .scalar(.value), count: 1...Limits.valuesPerListMax)

  private static let operators = ObjectPlace(
    .operators, laws: [.atLeastOne(Checker.operators)],
    [
      Member("==", .scalar(.value), "Equal."),
      Member("!=", .scalar(.value), "Not equal. False where the attribute is missing."),
      Member("<", .scalar(.value), "Less."),
      Member("<=", .scalar(.value), "Less or equal."),
      Member(">", .scalar(.value), "Greater."),
      Member(">=", .scalar(.value), "Greater or equal."),
      Member("in", values, "One of these."),
      Member("not_in", values, "None of these. False where the attribute is missing."),
      Member("prefix", .scalar(.value), "The text begins so."),
      Member("suffix", .scalar(.value), "The text ends so."),
      Member("contains", .scalar(.value), "The text has this in it."),
      Member("exists", .scalar(.boolean), "Whether the request has the attribute."),
    ])
}

extension Shape {
  /// Of the test of an attribute. `TestChecks` has its own message for what is not among them.
  static let operators = Shape(what: "a test", keys: Checker.operators)
}
