import TurnoutCompiler

/// All use cases that answer differently, one line each.
extension DifferencePage {
  func addIndex(to page: inout PageText) {
    page.add("<section id=\"main\"><h2 id=\"use-cases\">Use cases</h2>")
    let count = difference.useCases.count
    guard count > 0 else {
      page.add("<p>Every use case answers as before.</p></section>")
      return
    }
    let unchanged =
      difference.unchangedCount == 0
      ? ""
      : " \(PageWords.grouped(difference.unchangedCount)) more as before."
    page.add(
      "<div class=\"tools\"><p class=\"note\">Those that move most first.\(unchanged)</p>"
        + "<label class=\"filter\" hidden>Show only <input id=\"filter\" type=\"search\" "
        + "placeholder=\"part of a name\" autocomplete=\"off\" spellcheck=\"false\"></label>"
        + "<output id=\"found\" for=\"filter\"></output></div>")
    var rows: [String] = []
    rows.reserveCapacity(count)
    for (number, group) in groups.enumerated() {
      let start = cells(of: group.change)
      for useCase in group.useCases {
        let cells = "\(start)<td>\(place(of: useCase))</td>"
        let name = PageWords.name(useCase.name)
        let title = number < Limit.groups ? "<a href=\"#g\(number + 1)\">\(name)</a>" : name
        rows.append("<tr><th scope=\"row\">\(title)</th>\(cells)</tr>")
      }
    }
    addTable(rows.prefix(Limit.openRows), to: &page)
    let rest = rows.dropFirst(Limit.openRows)
    if !rest.isEmpty {
      let left = PageWords.count(rest.count, "use case")
      page.add("<details><summary>\(left) more, which move no more than these</summary>")
      addTable(rest, to: &page)
      page.add("</details>")
    }
    page.add("</section>")
  }

  private func addTable(_ rows: ArraySlice<String>, to page: inout PageText) {
    page.add(
      "<table class=\"index\"><thead><tr><th scope=\"col\">use case</th>"
        + "<th scope=\"col\" class=\"bars\" aria-label=\"share that moves\"></th>"
        + "<th scope=\"col\" class=\"n\">moves</th><th scope=\"col\" class=\"n\">at least</th>"
        + "<th scope=\"col\">requests</th></tr></thead><tbody>")
    for row in rows { page.add(row) }
    page.add("</tbody></table>")
  }

  /// What the use cases of one group have in common.
  private func cells(of change: UseCaseDifference) -> String {
    let largest = change.largestMove
    let begun = change.largestBeginning
    var bar = ""
    if let largest {
      bar =
        "<rect class=\"move\" height=\"7\" width=\"\(PageWords.length(largest.moved.value, of: 1))\"/>"
    } else if !begun.isZero {
      bar = "<rect class=\"begin\" height=\"7\" width=\"\(PageWords.length(begun.value, of: 1))\"/>"
    }
    let incomplete = change.isIncomplete ? "<span class=\"on\">or more</span>" : ""
    let moved = largest.map { PageWords.percent($0.moved) } ?? "0 %"
    let minimum = largest.map { PageWords.percent($0.minimum) } ?? "0 %"
    return
      "<td class=\"bars\"><svg width=\"100%\" height=\"7\" aria-hidden=\"true\">\(bar)</svg></td>"
      + "<td class=\"n\">\(moved)\(incomplete)</td><td class=\"n\">\(minimum)</td>"
  }

  private func place(of change: UseCaseDifference) -> String {
    switch change.change {
    case .added: return "<span class=\"tag begin\">added</span>"
    case .removed: return "<span class=\"tag end\">removed</span>"
    case .changed: break
    }
    guard let foremost = change.foremost, foremost.changes else {
      if change.listedUnits.map({ $0.movedCount > 0 }) ?? false {
        return "only units that the documents name"
      }
      return change.shadows.isEmpty ? "nobody is known to move" : "only shadows"
    }
    return Markup.text(foremost.circumstances)
  }
}
