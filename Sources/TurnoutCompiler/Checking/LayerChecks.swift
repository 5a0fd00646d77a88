internal import Turnout

extension Checker {
  /// A layer whose experiments are still to be read.
  struct OpenLayer {
    var declaration: Declaration
    var fields: Fields
    var unit: String
    var allowed: Set<DiagnosticCode>
  }

  func openLayers(_ declarations: [Declaration]) -> [OpenLayer] {
    declarations.compactMap { declaration in
      let name = declaration.name
      layers[name] = (mark: declaration.mark, unit: primaryUnit)
      guard case .mapping(let entries) = declaration.value.content else {
        reportWrongType(
          declaration.value, "the layer `\(name)`", "a mapping",
          "write `{}` if there is nothing to say about it")
        return nil
      }
      let fields = Fields(entries, at: declaration.value.mark, .layer, report)
      checkNotes(fields)
      var unit = primaryUnit
      if let node = fields["unit"] { unit = unitReference(node, "`unit`") ?? unit }
      layers[name] = (mark: declaration.mark, unit: unit)
      return OpenLayer(
        declaration: declaration, fields: fields, unit: unit,
        allowed: allow(fields, at: declaration.mark))
    }
  }

  /// `arms` are the experiments of each layer, `areRight` if no error was found in any of them.
  func closeLayers(
    _ open: [OpenLayer], arms: [String: [ArmSpec]], areRight: Bool
  ) -> [Layer] {
    open.map { layer in
      let name = layer.declaration.name
      var closed = Layer(
        name: name, unit: layer.unit, allocation: nil, mark: layer.declaration.mark)
      if let arms = arms[name] {
        let errors = areRight ? report.errorCount : -1
        checkWhole(arms, layer)
        closed.allocation = allocation(
          .layer, owner: name, unit: layer.unit, arms: arms, layer.fields,
          at: layer.declaration.mark, since: errors, allowed: layer.allowed)
      } else if let ranges = layer.fields.entry("ranges") {
        report.error(
          .conflictingKeys, at: ranges.keyMark,
          "`ranges` pins experiments, and the layer `\(name)` has none", "leave it out")
      }
      return closed
    }
  }

  /// The experiments of a layer have 100 % at most.
  private func checkWhole(_ arms: [ArmSpec], _ layer: OpenLayer) {
    let shares = arms.map { arm -> UInt64 in
      if case .share(let share) = arm.size { share.units } else { 0 }
    }
    let sum = shares.reduce(UInt128(0)) { $0 + UInt128($1) }
    guard sum > UInt128(Percentage.whole) else { return }
    let largest = zip(arms, shares).sorted { $0.1 > $1.1 }.prefix(4)
      .map { "`\($0.0.name)` \(Decimal.text(UInt128($0.1)))%" }
    report.error(
      .sharesAbove100, at: layer.declaration.mark,
      "the experiments of the layer `\(layer.declaration.name)` take"
        + " \(Decimal.text(sum))% of it",
      "at most 100% can be shared out: " + largest.joined(separator: ", ")
        + (arms.count > largest.count ? ", …" : ""))
  }

  func checkHoldouts(_ declarations: [Declaration]) -> [Holdout] {
    declarations.compactMap { declaration in
      let name = declaration.name
      guard case .mapping(let entries) = declaration.value.content else {
        reportWrongType(
          declaration.value, "the holdout `\(name)`", "a mapping",
          "write `{ share: 1%, layers: all }`")
        return nil
      }
      let errors = report.errorCount
      let fields = Fields(entries, at: declaration.value.mark, .holdout, report)
      checkNotes(fields)
      let allowed = allow(fields, at: declaration.mark)
      var unit = primaryUnit
      if let node = fields["unit"] { unit = unitReference(node, "`unit`") ?? unit }
      let traffic = traffic(fields)
      let layers = heldLayers(fields, declaration)
      guard let share = fields["share"] else {
        report.error(
          .missingKey, at: declaration.mark, "the holdout `\(name)` has no `share`",
          "add one, such as `share: 1%`")
        return nil
      }
      let arm = ArmSpec(
        name: "in", size: .share(percentage(share, "`share`") ?? .all), mark: declaration.mark)
      let allocation = allocation(
        .holdout, owner: name, unit: unit, arms: [arm], fields, at: declaration.mark,
        since: errors, allowed: allowed)
      return Holdout(
        name: name, allocation: allocation, layers: layers, traffic: traffic,
        mark: declaration.mark)
    }
  }

  /// `all`, or a list of layers.
  private func heldLayers(_ fields: Fields, _ holdout: Declaration) -> [String] {
    guard let node = fields["layers"] else {
      report.error(
        .missingKey, at: holdout.mark, "the holdout `\(holdout.name)` has no `layers`",
        "add `layers: all`, or a list of them")
      return []
    }
    switch node.content {
    case .scalar("all", _): return layers.keys.sorted { Text($0) < Text($1) }
    case .list(let nodes):
      guard !nodes.isEmpty else {
        report.error(
          .empty, at: node.mark, "`layers` is empty", "list at least one, or write `all`")
        return []
      }
      var names: [String] = []
      var seen: Set<String> = []
      for node in nodes {
        guard let name = name(node, "a layer") else { continue }
        checkReference(name, at: node.mark, "layer", in: layers, section: "layers")
        if !seen.insert(name).inserted {
          report.error(
            .duplicateName, at: node.mark, "the layer `\(name)` stands here twice",
            "once is enough")
        } else {
          names.append(name)
        }
      }
      return names.sorted { Text($0) < Text($1) }
    case .scalar, .mapping:
      reportWrongType(node, "`layers`", "`all` or a list of layers")
      return []
    }
  }
}
