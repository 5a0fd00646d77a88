import TurnoutCompiler

/// The load of clusters and shards before and after, as bars and figures.
extension DifferencePage {
  func addLoads(to page: inout PageText) {
    let clusters = difference.loads.filter { $0.shard == nil }
    guard !clusters.isEmpty else { return }
    page.add("<section><h2 id=\"load\">Load by cluster</h2>")
    page.add("<p class=\"note\">\(loadNote)</p>")
    let whole = clusters.flatMap { [$0.before.total.value, $0.after.total.value] }.max() ?? 0
    // A cluster that is divided anew has the load that it had, and its shards have others.
    let changing = Set(difference.loads.filter(\.changes).map(\.cluster))
    let changed = clusters.filter { changing.contains($0.cluster) }
    let others = clusters.filter { !changing.contains($0.cluster) }
    if changed.isEmpty {
      page.add("<p>No cluster has another load.</p>")
    } else {
      addTable(changed, whole, to: &page)
    }
    if !others.isEmpty {
      let count = PageWords.count(others.count, "cluster")
      page.add("<details><summary>\(count) as before</summary>")
      addTable(others, whole, to: &page)
      page.add("</details>")
    }
    page.add("</section>")
  }

  private var loadNote: String {
    switch difference.loadBasis {
    case .population:
      "In percent of the population's requests. The lighter part are copies for shadows."
    case .useCases:
      "As many requests for each use case, which is what 1 means. The lighter part are copies for "
        + "shadows. With <code>--population</code> it is weighed by requests."
    }
  }

  private func addTable(_ clusters: [LoadChange], _ whole: Double, to page: inout PageText) {
    page.add(
      "<table class=\"loads\"><thead><tr><th scope=\"col\">cluster</th>"
        + "<th class=\"bars\"><span class=\"key before\"></span><i>before</i> "
        + "<span class=\"key after\"></span><i>after</i></th><th scope=\"col\" class=\"n\">before</th>"
        + "<th scope=\"col\" class=\"n\">after</th><th scope=\"col\" class=\"n\">change</th></tr>"
        + "</thead><tbody>")
    for cluster in clusters {
      addRow(cluster, PageWords.name(cluster.cluster), "", whole, to: &page)
      let shards = difference.loads.filter {
        $0.cluster == cluster.cluster && $0.shard != nil && $0.changes
      }
      let largest = shards.indices.sorted { distance(shards[$0]) > distance(shards[$1]) }
        .prefix(Limit.shardsPerCluster)
      let foremost = largest.sorted().map { shards[$0] }
      for shard in foremost {
        addRow(shard, "/\(PageWords.name(shard.shard ?? ""))", "shard", whole, to: &page)
      }
      if shards.count > foremost.count {
        let left = PageWords.count(shards.count - foremost.count, "more shard")
        page.add("<tr class=\"shard\"><th scope=\"row\">\(left)</th><td colspan=\"4\"></td></tr>")
      }
    }
    page.add("</tbody></table>")
  }

  private func distance(_ load: LoadChange) -> Double {
    abs(load.after.total.value - load.before.total.value)
  }

  private func addRow(
    _ load: LoadChange, _ name: String, _ kind: String, _ whole: Double, to page: inout PageText
  ) {
    var name = name
    if let before = load.addressBefore, let after = load.addressAfter, before != after {
      name += " <span class=\"on\">\(Markup.text(before)) → \(Markup.text(after))</span>"
    }
    let growth = PageWords.growth(load)
    page.add(
      "<tr\(kind.isEmpty ? "" : " class=\"\(kind)\"")><th scope=\"row\">\(name)</th>"
        + "<td class=\"bars\"><svg width=\"100%\" height=\"18\" aria-hidden=\"true\">"
        + bar("before", load.before, whole, y: 1) + bar("after", load.after, whole, y: 9)
        + "</svg></td><td class=\"n\">\(amount(load.before))</td>"
        + "<td class=\"n\">\(amount(load.after))</td>"
        + "<td class=\"n\(growth == "=" ? " same" : "")\">\(growth)</td></tr>")
  }

  private func bar(_ kind: String, _ load: Load, _ whole: Double, y: Int) -> String {
    let total = PageWords.length(load.total.value, of: whole)
    let bar = "<rect class=\"\(kind)\" y=\"\(y)\" height=\"7\" width=\"\(total)\"/>"
    guard !load.shadow.isZero else { return bar }
    let primary = PageWords.length(load.primary.value, of: whole)
    return "<rect class=\"\(kind) copies\" y=\"\(y)\" height=\"7\" width=\"\(total)\"/>"
      + "<rect class=\"\(kind)\" y=\"\(y)\" height=\"7\" width=\"\(primary)\"/>"
  }

  /// What it has in all, and how much of it are copies.
  private func amount(_ load: Load) -> String {
    let total = PageWords.load(load.total, difference.loadBasis)
    guard !load.shadow.isZero else { return total }
    let copies = PageWords.load(load.shadow, difference.loadBasis)
    return "\(total)<span class=\"on\">\(copies) copies</span>"
  }
}
