import TurnoutCompiler

/// Experiments that gain, lose or mix units, and what of the page is exact.
extension DifferencePage {
  func addExperiments(to page: inout PageText) {
    guard !difference.experiments.isEmpty else { return }
    page.add("<section><h2 id=\"experiments\">Experiments</h2>")
    page.add(
      "<p class=\"note\">Shares of all units that draw for the experiment and for which its "
        + "<code>when</code> holds. Units that come from another cell or experiment mix its figures: "
        + "what they did before counts for an arm that they are not in.</p>")
    page.add(
      "<table class=\"experiments\"><thead><tr><th scope=\"col\">experiment</th>"
        + "<th scope=\"col\">cells</th><th scope=\"col\" class=\"n\">gains</th>"
        + "<th scope=\"col\" class=\"n\">loses</th>"
        + "<th scope=\"col\" class=\"n\">change cells</th><th scope=\"col\" class=\"n\">from others</th>"
        + "<th scope=\"col\" class=\"n\">to others</th></tr></thead><tbody>")
    for experiment in difference.experiments { addRow(experiment, to: &page) }
    page.add("</tbody></table></section>")
  }

  private func addRow(_ experiment: ExperimentChange, to page: inout PageText) {
    var tags = ""
    switch (experiment.before, experiment.after) {
    case (nil, _): tags = " <span class=\"tag begin\">added</span>"
    case (_, nil): tags = " <span class=\"tag end\">removed</span>"
    case (let before?, let after?):
      if before.isRunning != after.isRunning {
        tags =
          after.isRunning
          ? " <span class=\"tag begin\">begins</span>" : " <span class=\"tag end\">ends</span>"
      }
    }
    if !experiment.mixed.isZero { tags += " <span class=\"tag mix\">mixes units</span>" }
    if experiment.conditionChanges { tags += " <span class=\"tag\">another when</span>" }
    let layers = [experiment.before, experiment.after].compactMap { $0?.layer }
    let layer = layers.first == layers.last ? Array(layers.prefix(1)) : layers
    let figures = [
      experiment.gained, experiment.lost, experiment.betweenCells, experiment.fromOthers,
      experiment.toOthers,
    ].map { "<td class=\"n\($0.isZero ? " same" : "")\">\(PageWords.percent($0))</td>" }
    page.add(
      "<tr><th scope=\"row\">\(PageWords.name(experiment.name))\(tags)<span class=\"on\">layer "
        + layer.map { PageWords.name($0) }.joined(separator: " → ")
        + "</span></th><td>\(cells(of: experiment))</td>\(figures.joined())</tr>")
  }

  private func cells(of experiment: ExperimentChange) -> String {
    func shares(_ state: ExperimentChange.State?) -> [String: Share] {
      Dictionary(
        (state?.cells ?? []).map { ($0.name, $0.share) }, uniquingKeysWith: { first, _ in first })
    }
    let (before, after) = (shares(experiment.before), shares(experiment.after))
    return Set(before.keys).union(after.keys).sorted().map { cell in
      let words = [before[cell], after[cell]].map { $0.map(PageWords.percent) ?? "none" }
      let share = words[0] == words[1] ? words[0] : "\(words[0]) → \(words[1])"
      return
        "<span class=\"cell\">\(PageWords.name(cell)) <span class=\"on\">\(share)</span></span>"
    }.joined()
  }

  func addBasis(to page: inout PageText) {
    page.add("<section class=\"basis\"><h2 id=\"exact\">What is exact</h2><ul>")
    page.add(
      "<li><b>Exact, over all units</b>: what does not depend on the request's context, and each kind "
        + "of requests by itself. It is arithmetic on the intervals of both tables; nothing is sampled, "
        + "and percentages are rounded only to be shown.</li>")
    if let population = difference.population {
      page.add(
        "<li><b>By the population</b> \(PageWords.name(population.name)): "
          + "\(PageWords.count(population.requestCount, "request")) resolved one by one, and "
          + "\(PageWords.count(population.contextCount, "context")) over all units. It is as good as "
          + "that file is like your requests.</li>")
    } else {
      page.add(
        "<li><b>Not known</b>: how many requests there are of each kind. "
          + "<code>--population FILE</code> weighs them.</li>")
    }
    let incomplete = difference.useCases.count(where: \.isIncomplete)
    if incomplete > 0 {
      page.add(
        "<li><b>Not worked out</b>: some kinds of requests of \(PageWords.count(incomplete, "use case")), "
          + "which say <i>or more</i>.</li>")
    }
    if !difference.unknownLoads.isEmpty {
      let count = PageWords.count(difference.unknownLoads.count, "use case")
      page.add("<li><b>In no sum of load</b>: \(count), for which that was too much.</li>")
    }
    page.add(
      "<li><b>At least</b>: the fewest units that have to move for each destination to get the share that "
        + "it has after.</li></ul></section>")
  }
}
