extension Checker {
  /// Names of units are no names for attributes: `requires` could not tell them apart.
  func checkAttributes(_ declarations: [Declaration]) -> [Attribute] {
    attributes[RoutingDocument.traffic] = .string
    var checked: [Attribute] = []
    for declaration in declarations {
      let name = declaration.name
      if Shape.reservedAttributes.contains(name) {
        report.error(
          .reservedName, at: declaration.mark, "`\(name)` is no name for an attribute",
          name == RoutingDocument.traffic
            ? "`traffic` is built in: leave it out"
            : "conditions use it; choose another, such as `\(name)_id`")
      } else if let unit = units[name] {
        report.error(
          .duplicateName, at: declaration.mark, "`\(name)` is also the name of a unit",
          "it stands at \(report.place(unit)); rename one, so that `requires` can tell them apart")
      }
      let type = attributeType(declaration)
      attributes[name] = attributes[name] ?? type ?? .string
      if let type { checked.append(Attribute(name: name, type: type, mark: declaration.mark)) }
    }
    return checked
  }

  /// `country: string`, or at length `country: { type: string, description: … }`.
  private func attributeType(_ declaration: Declaration) -> AttributeType? {
    var node = declaration.value
    if case .mapping(let entries) = node.content {
      let fields = Fields(entries, at: node.mark, .attribute, report)
      checkNotes(fields)
      allow(fields, at: declaration.mark)
      guard let type = fields["type"] else {
        report.error(
          .missingKey, at: declaration.mark,
          "the attribute `\(declaration.name)` has no `type`",
          "add `type: string`, number, boolean or version")
        return nil
      }
      node = type
    }
    return word(node, "the type of `\(declaration.name)`", as: AttributeType.self)
  }
}
