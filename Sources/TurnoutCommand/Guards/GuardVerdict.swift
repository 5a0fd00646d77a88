import Turnout
import TurnoutCompiler
import TurnoutDiff

/// What the guards said of a change.
struct GuardVerdict {
  /// All that break a guard, and of each guard that holds where it comes nearest.
  let findings: [GuardFinding]
  /// The reason for going on in spite of them.
  let override: String?

  static let none = GuardVerdict(findings: [], override: nil)

  var holds: Bool { findings.allSatisfy(\.holds) }

  /// What the history says; nil where nothing was overridden.
  var note: String? { holds ? nil : override.map { "[guards overridden: \($0)]" } }

  private static let shownMax = 20
  private static let flowsMax = 5
  private static let helpWords = "; a --population would be"

  /// For people, of a change that is made or tried out: each guard with where it stands.
  var lines: [String] {
    findings.prefix(Self.shownMax).map { finding in
      let (name, limit, _, _) = Self.words(finding)
      let stands = "  guard \(name) \(limit): " + Self.stand(finding, would: "")
      return finding.holds ? stands : stands + ", overridden"
    }
  }

  /// For people, of a change that is refused: what broke which guard, and where units would go.
  var refusals: [String] {
    let broken = findings.filter { !$0.holds }
    var lines = broken.prefix(Self.shownMax).map { finding in
      let (name, limit, stated, details) = Self.words(finding)
      let head = "\(name) is \(limit) (\(stated)): " + Self.stand(finding, would: "would ")
      return ([head] + details.map { "    " + $0 }).joined(separator: "\n")
    }
    if broken.count > Self.shownMax {
      lines.append("\(Figures.grouped(broken.count - Self.shownMax)) more; --json lists all")
    }
    return lines
  }

  private static func words(
    _ finding: GuardFinding
  ) -> (name: String, limit: String, stated: String, details: [String]) {
    switch finding {
    case .move(let found):
      let flows = (found.largest?.flows ?? []).filter(\.moves)
      var details = flows.prefix(flowsMax).map { flow in
        "\(Figures.percent(flow.share.positions))  \(flow.from.text) → \(flow.to.text)"
      }
      if flows.count > flowsMax { details.append("and \(flows.count - flowsMax) more ways") }
      return ("max_move", found.guarded.limit.percents + " %", found.guarded.stated, details)
    case .clusterLoad(let found):
      return ("max_cluster_load", limit(found.guarded), found.guarded.stated, [])
    case .unknownLoad(let guarded, _, _):
      return ("max_cluster_load", limit(guarded), guarded.stated, [])
    }
  }

  /// `would` is put before the verb of what is not done.
  private static func stand(_ finding: GuardFinding, would: String) -> String {
    switch finding {
    case .move(let found):
      let moved = Figures.percent(found.moved.positions)
      let useCase = Printable.text(found.useCase.name)
      let unknown =
        "not everything of `\(useCase)` could be worked out"
        + (found.wouldPopulationHelp ? helpWords : "")
      guard let largest = found.largest else {
        return found.isUnknown ? unknown : "nothing of `\(useCase)` moves"
      }
      let text = "\(moved) of the units of `\(useCase)` \(would)move (\(largest.circumstances))"
      return found.isUnknown ? text + "; " + unknown : text
    case .clusterLoad(let found):
      let change = found.change
      let place = Printable.text(change.place)
      let loads = "\(load(change.before)) to \(load(change.after))"
      let goes = would.isEmpty ? "goes" : would + "go"
      let basis = found.basis == .population ? " (the population)" : ""
      return "the load of `\(place)` \(goes) from \(loads), \(growth(change))" + basis
    case .unknownLoad(_, let useCases, let helps):
      let names = useCases.prefix(flowsMax).map { "`\(Printable.text($0))`" }
        .joined(separator: ", ")
      let more = useCases.count > flowsMax ? " and \(useCases.count - flowsMax) more" : ""
      return "the load of \(names)\(more) could not be worked out" + (helps ? helpWords : "")
    }
  }

  private static func limit(_ guarded: GuardsInForce.ClusterLoad) -> String {
    "+\(guarded.limit.percents) %"
  }

  private static func load(_ load: Load) -> String { Figures.share(load.total.positions) }

  /// `+900 %`
  static func growth(_ change: LoadChange) -> String {
    let growth = (change.growth ?? 0) * 100
    let sign = growth < 0 ? "-" : "+"
    return sign + Figures.tenth(growth.magnitude) + " %"
  }
}

/// A change that a guard refuses.
struct GuardRefusal: Error {
  let verdict: GuardVerdict

  /// Says why, for people on standard error and for programs on standard output, and is then a refusal
  /// without words of its own.
  func report(json: Bool) throws -> Never {
    let count = verdict.findings.count { !$0.holds }
    let guards = count == 1 ? "A guard refuses" : "\(Figures.grouped(count)) guards refuse"
    for refusal in verdict.refusals { Console.fail(refusal) }
    if json {
      try Console.printJSON { writer in
        writer.beginObject()
        writer.field("refused", true)
        verdict.write(to: &writer)
        writer.endObject()
      }
    }
    throw Refusal(
      message:
        "\(guards) this: nothing was done. With --override-guards and a reason it is done all "
        + "the same, and the history says so.")
  }
}
