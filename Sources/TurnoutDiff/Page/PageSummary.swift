import TurnoutCompiler

/// What stands on top: who moves, how much, and what that does to clusters.
extension DifferencePage {
  func addSummary(to page: inout PageText) {
    page.add("<section class=\"summary\" aria-label=\"Summary\">")
    page.add("<p class=\"lead\">\(lead)</p>")
    page.add("<dl class=\"figures\">")
    for figure in figures {
      page.add(
        "<div><dt>\(figure.name)</dt><dd>\(figure.value)</dd><dd class=\"of\">\(figure.rest)</dd></div>"
      )
    }
    page.add("</dl></section>")
  }

  /// The change that moves most, of use cases that stay.
  private var foremostChange: ChangeGroup? {
    groups.first { $0.change.change == .changed && $0.change.largestMove != nil }
  }

  /// The same where nothing is said of the request.
  private var foremostCommon: (group: ChangeGroup, found: ClassDifference)? {
    var largest: (group: ChangeGroup, found: ClassDifference)?
    for group in groups where group.change.change == .changed {
      guard let found = group.change.classes.first, found.moved > largest?.found.moved ?? .zero
      else { continue }
      largest = (group, found)
    }
    return largest
  }

  private func amount(_ found: ClassDifference) -> String {
    "<b class=\"move\">\(PageWords.percent(found.moved))</b>"
  }

  private func units(of group: ChangeGroup) -> String {
    let more = group.useCases.count - 1
    let alike =
      more > 0
      ? " and \(PageWords.count(more, "other use case", plural: "other use cases"))" : ""
    let what = group.change.population == nil ? "the units" : "the requests"
    return "\(what) of \(PageWords.name(group.useCases[0].name))\(alike)"
  }

  /// Whoever moves most of those that stay; use cases that come or go are counted beside.
  private var lead: String {
    var sentences: [String] = []
    if let first = foremostChange, let found = first.change.largestMove {
      let isCommon = found == first.change.classes.first || found == first.change.population
      sentences.append(
        "\(amount(found)) of \(units(of: first)) move"
          + (isCommon ? "." : " where \(Markup.text(found.circumstances))."))
      if !isCommon, let (group, common) = foremostCommon {
        sentences.append("With nothing else given, \(amount(common)) of \(units(of: group)).")
      }
    } else if difference.useCases.contains(where: \.isIncomplete) {
      sentences.append("No unit is known to move.")
    } else {
      sentences.append("No unit moves.")
    }
    for (change, word) in [(UseCaseDifference.Change.removed, "removed"), (.added, "added")] {
      let names = difference.useCases.filter { $0.change == change }.map(\.name)
      guard let first = names.first else { continue }
      let more = names.count > 1 ? " and \(PageWords.grouped(names.count - 1)) more are" : " is"
      sentences.append("\(PageWords.name(first))\(more) \(word).")
    }
    return sentences.joined(separator: " ")
  }

  private typealias Figure = (name: String, value: String, rest: String)

  private var figures: [Figure] {
    var figures: [Figure] = []
    if let found = foremostChange?.change.largestMove {
      let least =
        found.minimum == found.moved ? "had to move, and no more do" : "had to move"
      figures.append(("at least", PageWords.percent(found.minimum), least))
    }
    let count = difference.useCases.count
    var parts: [String] = []
    for (change, word) in [(UseCaseDifference.Change.added, "added"), (.removed, "removed")] {
      let number = difference.useCases.count { $0.change == change }
      if number > 0 { parts.append("\(PageWords.grouped(number)) \(word)") }
    }
    let all = count + difference.unchangedCount
    parts.insert("of \(PageWords.grouped(all)) change", at: 0)
    figures.append(("use cases", PageWords.grouped(count), parts.joined(separator: ", ")))
    figures.append(loadFigure)
    if !difference.experiments.isEmpty {
      let mixed = difference.experiments.count { !$0.mixed.isZero }
      figures.append(
        (
          "experiments", PageWords.grouped(difference.experiments.count),
          mixed == 0
            ? "none mixes units"
            : "\(PageWords.grouped(mixed)) of them \(mixed == 1 ? "mixes" : "mix") units"
        ))
    }
    return figures
  }

  /// The cluster that grows most, by what it was.
  private var loadFigure: Figure {
    let clusters = difference.loads.filter { $0.shard == nil }
    let changed = clusters.filter { $0.before.total != $0.after.total }
    guard !changed.isEmpty else {
      return ("clusters", "0", "of \(PageWords.grouped(clusters.count)) have another load")
    }
    let grown = changed.filter { $0.after.total > $0.before.total }
    // One that had no load grows by more than any that had some.
    let largest = grown.max { ($0.growth ?? .infinity) < ($1.growth ?? .infinity) } ?? changed[0]
    return (
      "largest growth", PageWords.growth(largest),
      "\(PageWords.name(largest.cluster)), of \(PageWords.count(changed.count, "cluster")) "
        + "that \(changed.count == 1 ? "changes" : "change")"
    )
  }
}
