import ArgumentParser
import Turnout
import TurnoutCompiler
import TurnoutDiff

extension Percentage: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

extension Growth: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

/// How much a change may move.
struct GuardOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Refuse if a larger share of the units of a use case would change destination, as in 5%.",
      valueName: "share"))
  var maxMove: Percentage?

  @Option(
    help: ArgumentHelp(
      "Refuse if the load of a cluster or a shard would grow by more, as in +20%.",
      valueName: "growth"))
  var maxClusterLoad: Growth?

  @Option(
    help: ArgumentHelp(
      "Change in spite of all guards, and say why; goes into the history.", valueName: "reason"))
  var overrideGuards: String?

  func validate() throws {
    if overrideGuards?.allSatisfy(\.isWhitespace) == true {
      throw ValidationError("--override-guards needs a reason: it is what the history will say.")
    }
  }

  var areStated: Bool { maxMove != nil || maxClusterLoad != nil }

  /// These and those of documents, of each kind the strictest.
  func inForce(_ documents: DocumentGuards? = nil, of sources: [Source] = []) -> GuardsInForce {
    var guards = GuardsInForce(maxMove: maxMove, maxClusterLoad: maxClusterLoad)
    if let documents { guards.add(documents, of: sources) }
    return guards
  }

  /// Holds documents that became a table against the table that they are to replace.
  func hold(_ compilation: Compilation, against before: Image?) throws -> GuardVerdict {
    let guards = inForce(compilation.guards, of: compilation.sources)
    return try compilation.image.withBytes { bytes in
      try hold(guards, from: before, to: Image.validate(bytes))
    }
  }

  /// Calls `body`, and says why where guards refuse.
  func reporting<T>(json: Bool, _ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let refusal as GuardRefusal {
      try refusal.report(json: json)
    }
  }

  /// Holds a change against guards. What they say to one that may go on; a refusal otherwise.
  func hold(
    _ guards: GuardsInForce, from before: Image?, to after: Image
  ) throws -> GuardVerdict {
    guard !guards.isEmpty, let before, before.digest != after.digest else { return .none }
    let findings = guards.findings(try compared(before, after))
    let verdict = GuardVerdict(findings: findings, override: overrideGuards)
    guard verdict.holds || overrideGuards != nil else { throw GuardRefusal(verdict: verdict) }
    return verdict
  }
}

extension SignatureOptions {
  /// With what the history has to say of guards.
  func signature(_ verdict: GuardVerdict) -> Signature {
    var signature = self.signature
    guard let note = verdict.note else { return signature }
    signature.message += signature.message.isEmpty ? note : " " + note
    return signature
  }
}

/// TODO: the comparison itself.
func compared(_ before: Image, _ after: Image) throws -> TableDifference {
  TableDifference(
    before: .init(name: "", revision: nil, digest: before.digest, useCaseCount: 0),
    after: .init(name: "", revision: nil, digest: after.digest, useCaseCount: 0), now: 0)
}
