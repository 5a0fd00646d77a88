import TurnoutCompiler

/// Each change with its flows, as a picture and as tables.
extension DifferencePage {
  func addGroups(to page: inout PageText) {
    for (number, group) in groups.prefix(Limit.groups).enumerated() {
      add(group, number: number + 1, hasPictures: number < Limit.groupsWithPictures, to: &page)
    }
    if groups.count > Limit.groupsWithPictures {
      page.add(
        "<p class=\"note\">Pictures are drawn of the \(Limit.groupsWithPictures) changes that move most"
          + (groups.count > Limit.groups
            ? ", flows are listed of the first \(Limit.groups); there are "
              + "\(PageWords.grouped(groups.count)). <code>--json</code> has all."
            : ".") + "</p>")
    }
  }

  private func add(
    _ group: ChangeGroup, number: Int, hasPictures: Bool, to page: inout PageText
  ) {
    page.add("<article id=\"g\(number)\">")
    page.add("<h3>\(names(of: group))</h3>")
    let change = group.change
    if change.change == .added {
      page.add("<p><span class=\"tag begin\">added</span> There was no such use case.</p>")
    }
    if change.change == .removed {
      page.add("<p><span class=\"tag end\">removed</span> There is no such use case any more.</p>")
    }
    if let foremost = change.foremost, foremost.limit == nil {
      addHeading(of: foremost, to: &page)
      if hasPictures, foremost.changes { page.add(FlowPicture(foremost).markup) }
      if foremost.changes { addFlows(of: foremost, to: &page) }
    }
    addClasses(of: change, hasPictures: hasPictures, to: &page)
    addListedUnits(of: group, to: &page)
    addShadows(of: change, to: &page)
    page.add("</article>")
  }

  private func names(of group: ChangeGroup) -> String {
    let names = group.useCases.map { PageWords.name($0.name) }
    let shown = names.prefix(Limit.namesPerGroup).joined(separator: ", ")
    let left = names.count - Limit.namesPerGroup
    return left > 0
      ? "\(shown) <span class=\"on\">and \(PageWords.grouped(left)) more alike</span>" : shown
  }

  private func addHeading(of found: ClassDifference, to page: inout PageText) {
    var parts: [String] = []
    if !found.moved.isZero {
      parts.append("<b class=\"move\">\(PageWords.percent(found.moved))</b> moves")
      parts.append(
        found.minimum == found.moved
          ? "which is the least" : "of which at least \(PageWords.percent(found.minimum)) had to")
    }
    if !found.begun.isZero {
      parts.append(
        "<b class=\"begin\">\(PageWords.percent(found.begun))</b> is answered that was not")
    }
    if parts.isEmpty { parts.append("Nobody moves") }
    page.add(
      "<p class=\"move-line\">\(parts.joined(separator: ", ")). "
        + "<span class=\"on\">\(Markup.text(found.circumstances)); \(basis(found.basis))</span></p>"
    )
  }

  func basis(_ basis: ClassDifference.Basis) -> String {
    switch basis {
    case .arithmetic: "exact, over all units"
    case .requests: "requests of the population, one by one"
    case .population: "by the population"
    }
  }

  private func addFlows(of found: ClassDifference, to page: inout PageText) {
    let flows =
      found.flows.filter { $0.moves || $0.begins } + found.flows.filter { !$0.moves && !$0.begins }
    addTable(flows.prefix(Limit.openFlows), to: &page)
    let rest = flows.dropFirst(Limit.openFlows)
    if rest.isEmpty { return }
    page.add("<details><summary>\(PageWords.count(rest.count, "more flow"))</summary>")
    addTable(rest.prefix(Limit.flowsPerTable), to: &page)
    let beyond = rest.dropFirst(Limit.flowsPerTable)
    if !beyond.isEmpty {
      let share = beyond.reduce(Share.zero) { $0 + $1.share }
      page.add(
        "<p class=\"note\">And \(PageWords.count(beyond.count, "flow")) with "
          + "\(PageWords.percent(share)) in all.</p>")
    }
    page.add("</details>")
  }

  private func addTable(_ flows: ArraySlice<Flow>, to page: inout PageText) {
    page.add(
      "<table class=\"flows\"><thead><tr><th scope=\"col\">from</th><th scope=\"col\">to</th>"
        + "<th scope=\"col\" class=\"n\">share</th></tr></thead><tbody>")
    for flow in flows {
      let to =
        flow.from == flow.to ? "<span class=\"on\">stays</span>" : PageWords.destination(flow.to)
      page.add(
        "<tr class=\"\(FlowPicture.kind(flow))\"><td><span class=\"key\"></span>"
          + "\(PageWords.destination(flow.from))</td><td>\(to)</td>"
          + "<td class=\"n\">\(PageWords.percent(flow.share))</td></tr>")
    }
    page.add("</tbody></table>")
  }

  /// The other classes: what moves in each, and pictures of those that move most.
  private func addClasses(
    of change: UseCaseDifference, hasPictures: Bool, to page: inout PageText
  ) {
    let others = change.all.filter { $0 != change.foremost }
    addStill(of: change, to: &page)
    guard !others.isEmpty else { return }
    let sorted = others.indices.sorted {
      (others[$1].moved, $0) < (others[$0].moved, $1)
    }.map { others[$0] }
    page.add(
      "<details><summary>"
        + PageWords.count(others.count, "more kind of requests", plural: "more kinds of requests")
        + "</summary>")
    page.add(
      "<table class=\"classes\"><thead><tr><th scope=\"col\">requests</th>"
        + "<th scope=\"col\" class=\"n\">moves</th><th scope=\"col\" class=\"n\">at least</th>"
        + "<th scope=\"col\">how known</th></tr></thead><tbody>")
    for found in sorted.prefix(Limit.classesPerTable) {
      let words = circumstances(of: found)
      if let limit = found.limit {
        page.add(
          "<tr><td>\(words)</td><td class=\"n\">?</td><td class=\"n\">?</td>"
            + "<td>not worked out: \(Markup.text(limit))</td></tr>")
        continue
      }
      page.add(
        "<tr><td>\(words)</td><td class=\"n\">\(PageWords.percent(found.moved))</td>"
          + "<td class=\"n\">\(PageWords.percent(found.minimum))</td><td>\(basis(found.basis))</td></tr>"
      )
    }
    let left = sorted.count - Limit.classesPerTable
    if left > 0 {
      page.add(
        "<tr><td colspan=\"4\">\(PageWords.count(left, "more", plural: "more")), "
          + "of which each moves no more</td></tr>")
    }
    page.add("</tbody></table>")
    if hasPictures {
      for found in sorted.prefix(Limit.morePictures)
      where found.limit == nil && found.changes {
        addHeading(of: found, to: &page)
        page.add(FlowPicture(found).markup)
      }
    }
    page.add("</details>")
  }

  /// What is not listed: kinds of requests in which nothing moves, and those not looked at.
  private func addStill(of change: UseCaseDifference, to page: inout PageText) {
    var sentences: [String] = []
    let kinds = (one: "more kind of requests", many: "more kinds of requests")
    if change.stillClassCount > 0 {
      sentences.append(
        "In \(PageWords.count(change.stillClassCount, kinds.one, plural: kinds.many)) nobody moves."
      )
    }
    if change.omittedCount > 0 {
      sentences.append(
        "\(PageWords.count(change.omittedCount, "combination")) of what the conditions ask "
          + "\(change.omittedCount == 1 ? "was" : "were") not looked at.")
    }
    if !sentences.isEmpty {
      page.add("<p class=\"note\">\(sentences.joined(separator: " "))</p>")
    }
  }

  /// Which requests, and how many kinds more with the same flows.
  private func circumstances(of found: ClassDifference) -> String {
    let words = Markup.text(found.circumstances)
    guard found.alikeCount > 0 else { return words }
    return "\(words), and \(PageWords.count(found.alikeCount, "kind")) more alike"
  }

  private func addListedUnits(of group: ChangeGroup, to page: inout PageText) {
    for useCase in group.useCases.prefix(Limit.namesPerGroup) {
      guard let units = useCase.listedUnits, units.movedCount > 0 || units.omittedCount > 0 else {
        continue
      }
      var text =
        "\(PageWords.grouped(units.movedCount)) of \(PageWords.count(units.count, "unit")) "
        + "that the documents name \(units.movedCount == 1 ? "moves" : "move")"
      if units.overriddenCount > 0 {
        text += ", \(PageWords.grouped(units.overriddenCount)) by an override"
      }
      if units.omittedCount > 0 {
        text += "; \(PageWords.grouped(units.omittedCount)) more were not looked at"
      }
      let name = group.useCases.count > 1 ? "\(PageWords.name(useCase.name)): " : ""
      page.add("<p>\(name)\(text).</p>")
    }
  }

  private func addShadows(of change: UseCaseDifference, to page: inout PageText) {
    guard !change.shadows.isEmpty else { return }
    page.add(
      "<table class=\"shadows\"><thead><tr><th scope=\"col\">shadow</th><th scope=\"col\">before</th>"
        + "<th scope=\"col\">after</th></tr></thead><tbody>")
    func words(_ copies: ShadowChange.Copies?) -> String {
      guard let copies else { return "<span class=\"on\">none</span>" }
      return "\(PageWords.percent(copies.share)) to \(PageWords.name(copies.target))"
    }
    for shadow in change.shadows {
      page.add(
        "<tr><th scope=\"row\">\(PageWords.name(shadow.name))</th><td>\(words(shadow.before))</td>"
          + "<td>\(words(shadow.after))</td></tr>")
    }
    page.add("</tbody></table>")
  }
}
