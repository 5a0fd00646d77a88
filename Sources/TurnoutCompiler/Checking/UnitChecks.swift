extension Checker {
  /// The declared units and the primary one.
  func checkUnits(_ declarations: [Declaration]) -> [Unit] {
    for declaration in declarations { units[declaration.name] = declaration.mark }
    if let primaryUnitMark, units[primaryUnit] == nil { units[primaryUnit] = primaryUnitMark }

    var checked = declarations.map { declaration in
      var unit = Unit(name: declaration.name, missing: nil, mark: declaration.mark)
      guard case .mapping(let entries) = declaration.value.content else {
        reportWrongType(
          declaration.value, "the unit `\(declaration.name)`", "a mapping",
          "write `{}` if there is nothing to say about it")
        return unit
      }
      let fields = Fields(entries, at: declaration.value.mark, .unit, report)
      checkNotes(fields)
      allow(fields, at: declaration.mark)
      if let missing = fields["missing"] { unit.missing = unitReference(missing, "`missing`") }
      return unit
    }
    if let primaryUnitMark, !checked.contains(where: { $0.name == primaryUnit }) {
      checked.append(Unit(name: primaryUnit, missing: nil, mark: primaryUnitMark))
      checked.sort { Text($0.name) < Text($1.name) }
    }
    let chain = Chain(
      checked.map(\.name),
      steps: Dictionary(checked.map { ($0.name, $0.missing.map { [$0] } ?? []) }) { first, _ in
        first
      })
    reportCircles(chain, "unit", in: units, "a unit cannot stand in for itself")
    return checked
  }

  func reportCircles(
    _ chain: Chain, _ kind: String, in declared: [String: SourceMark], _ suggestion: String
  ) {
    for circle in chain.circles {
      guard let first = circle.first, let mark = declared[first] else { continue }
      let way = (circle.prefix(8) + (circle.count > 8 ? ["…"] : []) + [first])
        .joined(separator: " → ")
      report.error(
        .cycle, at: mark, "the \(kind) `\(first)` leads back to itself: \(way)", suggestion)
    }
  }
}
