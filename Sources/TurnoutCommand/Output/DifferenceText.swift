import Turnout
import TurnoutDiff

/// What becomes of requests between two tables, for people.
struct DifferenceText {
  private let difference: TableDifference
  private let isWhole: Bool
  private let style = Style.output

  private static let rowsMax = 20

  init(_ difference: TableDifference, isWhole: Bool) {
    self.difference = difference
    self.isWhole = isWhole
  }

  func lines() -> [String] {
    var blocks = [headline()]
    blocks.append(moves())
    blocks.append(remarks())
    blocks.append(loads())
    blocks.append(experiments())
    blocks.append(ground())
    return Array(blocks.filter { !$0.isEmpty }.joined(separator: [""]))
  }

  private func headline() -> [String] {
    func name(_ table: TableDifference.ComparedTable) -> String {
      let text = style.bold(Printable.text(table.name))
      return table.revision.map { "\(text) (revision \($0))" } ?? text
    }
    var lines = ["\(name(difference.before)) → \(name(difference.after))"]
    guard difference.before.digest != difference.after.digest else {
      return lines + ["the same table: nothing moves"]
    }
    let counts: [(Int, String)] = [
      (difference.useCases.count { $0.change == .changed }, "may answer differently"),
      (difference.useCases.count { $0.change == .added }, "added"),
      (difference.useCases.count { $0.change == .removed }, "removed"),
      (difference.unchangedCount, "as before"),
    ]
    lines.append(
      "use cases: "
        + counts.filter { $0.0 > 0 || $0.1 == "as before" }
        .map { "\(Figures.grouped($0.0)) \($0.1)" }.joined(separator: ", "))
    return lines
  }

  // MARK: Moves

  /// One class of a use case, or its population.
  private struct Row {
    var useCase: UseCaseDifference
    var found: ClassDifference
  }

  private func moves() -> [String] {
    var rows: [Row] = []
    for useCase in difference.useCases {
      rows += useCase.all.filter { $0.changes || $0.limit != nil }
        .map { Row(useCase: useCase, found: $0) }
    }
    if rows.isEmpty {
      return difference.before.digest == difference.after.digest ? [] : ["no units move"]
    }
    let ordered = rows.enumerated().sorted { one, other in
      let (more, less) = (one.element.found, other.element.found)
      if more.moved != less.moved { return more.moved > less.moved }
      return more.begun != less.begun ? more.begun > less.begun : one.offset < other.offset
    }.map(\.element)
    var table = TextTable([.left, .left, .right, .right, .left])
    table.add(["use case", "requests", "move", "at least", "from → to"], paint: style.dim)
    for row in isWhole ? ordered[...] : ordered.prefix(Self.rowsMax) { add(row, to: &table) }
    var lines = table.lines()
    if !isWhole, ordered.count > Self.rowsMax {
      lines.append(
        "and \(Figures.count(ordered.count - Self.rowsMax, "more line")); --all shows all")
    }
    return lines
  }

  private func add(_ row: Row, to table: inout TextTable) {
    let found = row.found
    let name = row.useCase.name
    let words = Printable.text(found.circumstances)
    if let limit = found.limit {
      table.add([name, words, "?", "?", "not worked out: \(limit)"])
      return
    }
    let flows = found.flows.filter { $0.moves || $0.begins }
    for (index, flow) in (isWhole ? flows[...] : flows.prefix(1)).enumerated() {
      var text = "\(flow.from.text) → \(flow.to.text)"
      if flows.count > 1 { text = "\(Self.percent(flow.share))  " + text }
      if index == 0, !isWhole, flows.count > 1 { text += "  and \(flows.count - 1) more" }
      let moved = found.moved.isZero ? "new" : Self.percent(found.moved)
      let minimum = found.moved.isZero ? "" : Self.percent(found.minimum)
      table.add(index == 0 ? [name, words, moved, minimum, text] : ["", "", "", "", text])
    }
  }

  // MARK: What else there is to say of use cases

  private func remarks() -> [String] {
    var lines: [String] = []
    for useCase in difference.useCases {
      if let listed = useCase.listedUnits, listed.movedCount > 0 || listed.omittedCount > 0 {
        var line =
          "\(useCase.name): \(Figures.grouped(listed.movedCount)) of "
          + "\(Figures.count(listed.count, "unit")) that segments and overrides name move"
        if listed.omittedCount > 0 {
          line += "; \(Figures.count(listed.omittedCount, "more unit")) not resolved"
        }
        lines.append(line)
      }
      for shadow in useCase.shadows {
        func text(_ copies: ShadowChange.Copies?) -> String {
          copies.map { "\(Self.percent($0.share)) to \($0.target)" } ?? "none"
        }
        lines.append(
          "\(useCase.name): shadow \(shadow.name), \(text(shadow.before)) → \(text(shadow.after))")
      }
    }
    if !isWhole, lines.count > Self.rowsMax {
      let more = lines.count - Self.rowsMax
      lines =
        lines.prefix(Self.rowsMax) + ["and \(Figures.count(more, "more line")); --all shows all"]
    }
    return lines
  }

  // MARK: Loads

  private func loads() -> [String] {
    let changed = difference.loads.filter { $0.changes }
    guard !changed.isEmpty else { return [] }
    func size(_ change: LoadChange) -> Double {
      abs(change.after.total.value - change.before.total.value)
    }
    let ordered = changed.enumerated().sorted { one, other in
      let (more, less) = (size(one.element), size(other.element))
      return more != less ? more > less : one.offset < other.offset
    }.map(\.element)
    var table = TextTable([.left, .right, .right, .right, .right, .left])
    let unit = difference.loadBasis == .population ? "share" : "load"
    table.add(["cluster", unit, "→", "change", "of it shadows", ""], paint: style.dim)
    for change in isWhole ? ordered[...] : ordered.prefix(Self.rowsMax) {
      let shadows = change.after.shadow.isZero ? "" : Self.load(change.after.shadow, difference)
      var note = ""
      if change.addressBefore != change.addressAfter,
        let old = change.addressBefore, let new = change.addressAfter
      {
        note = "address \(old) → \(new)"
      }
      table.add([
        change.place, Self.load(change.before.total, difference),
        Self.load(change.after.total, difference), Self.growth(change), shadows,
        Printable.text(note),
      ])
    }
    var lines = table.lines()
    if !isWhole, ordered.count > Self.rowsMax {
      lines.append("and \(ordered.count - Self.rowsMax) more; --all shows all")
    }
    return lines
  }

  private static func load(_ share: Share, _ difference: TableDifference) -> String {
    difference.loadBasis == .population ? percent(share) : decimal(share.value, digits: 3)
  }

  private static func growth(_ change: LoadChange) -> String {
    guard let growth = change.growth else { return change.after.total.isZero ? "" : "new" }
    if change.after.total.isZero { return "gone" }
    let text = decimal(abs(growth) * 100, digits: 1) + " %"
    return growth == 0 ? "" : (growth < 0 ? "-" : "+") + text
  }

  // MARK: Experiments

  private func experiments() -> [String] {
    guard !difference.experiments.isEmpty else { return [] }
    var table = TextTable([.left, .right, .right, .right, .right, .left])
    table.add(
      ["experiment", "gains", "loses", "between cells", "from others", ""], paint: style.dim)
    let rows = isWhole ? difference.experiments[...] : difference.experiments.prefix(Self.rowsMax)
    for change in rows {
      func text(_ share: Share) -> String { share.isZero ? "" : Self.percent(share) }
      table.add([
        change.name, text(change.gained), text(change.lost + change.toOthers),
        text(change.betweenCells), text(change.fromOthers), Self.note(change),
      ])
    }
    var lines = table.lines()
    if rows.count < difference.experiments.count {
      lines.append("and \(difference.experiments.count - rows.count) more; --all shows all")
    }
    return lines
  }

  private static func note(_ change: ExperimentChange) -> String {
    var notes: [String] = []
    switch (change.before, change.after) {
    case (nil, _): notes.append("added")
    case (_, nil): notes.append("removed")
    case (let before?, let after?):
      if before.isRunning != after.isRunning { notes.append(after.isRunning ? "starts" : "stops") }
      if before.layer != after.layer { notes.append("layer \(before.layer) → \(after.layer)") }
    }
    if change.conditionChanges { notes.append("another `when`") }
    if !change.mixed.isZero { notes.append("mixed") }
    return notes.joined(separator: ", ")
  }

  // MARK: What the figures rest on

  private func ground() -> [String] {
    guard difference.before.digest != difference.after.digest else { return [] }
    var lines: [String] = []
    if let population = difference.population {
      var parts: [String] = []
      if population.requestCount > 0 {
        parts.append("\(Figures.count(population.requestCount, "request")) resolved one by one")
      }
      if population.contextCount > 0 {
        parts.append("\(Figures.count(population.contextCount, "context")) exact over all units")
      }
      lines.append("\(Printable.text(population.name)): " + parts.joined(separator: ", "))
      let unasked = difference.useCases.filter { $0.population == nil }
      if !unasked.isEmpty {
        let names = unasked.prefix(5).map { "`\(Printable.text($0.name))`" }
        let more = unasked.count > 5 ? " and \(Figures.grouped(unasked.count - 5)) more" : ""
        lines.append(
          "not asked by it, and in no load: " + names.joined(separator: ", ") + more)
      }
    }
    lines.append("by arithmetic: every class but the population's, exact over all units")
    if difference.loadBasis == .useCases, !difference.loads.isEmpty {
      lines.append(
        "load: 1 is all requests for one use case, with nothing else given; each counts alike")
    }
    let partial = difference.useCases.filter { $0.omittedCount > 0 }
    if !partial.isEmpty {
      lines.append(
        "not looked at: further combinations of what the conditions of "
          + "\(Figures.count(partial.count, "use case")) ask; --population weighs those that come")
    }
    if !difference.unknownLoads.isEmpty {
      lines.append(
        "in no sum of load: \(Figures.count(difference.unknownLoads.count, "use case")) "
          + "not worked out")
    }
    return lines.map { style.dim($0) }
  }

  // MARK: Figures

  /// In percent, to three digits behind the point; what is less is said to be.
  static func percent(_ share: Share) -> String {
    let value = share.value * 100
    if !share.isZero, value < 0.0005 { return "< 0.001 %" }
    if value < 100, value >= 99.9995 { return "> 99.999 %" }
    return decimal(value, digits: 3) + " %"
  }

  /// Rounded, without zeros at the end.
  static func decimal(_ value: Double, digits: Int) -> String {
    var scale: UInt64 = 1
    for _ in 0..<digits { scale *= 10 }
    guard value.isFinite, value >= 0, value < 1e12 else { return "\(value)" }
    let rounded = UInt64((value * Double(scale)).rounded())
    var fraction = String(String(scale + rounded % scale).dropFirst())
    while fraction.last == "0" { fraction.removeLast() }
    let whole = Figures.grouped(rounded / scale)
    return fraction.isEmpty ? whole : whole + "." + fraction
  }
}
