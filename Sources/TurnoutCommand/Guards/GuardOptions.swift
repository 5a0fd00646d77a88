import ArgumentParser
import Turnout
import TurnoutCompiler
import TurnoutDiff

extension Percentage: ExpressibleByArgument {
  package init?(argument: String) { self.init(argument) }
}

extension Growth: ExpressibleByArgument {
  package init?(argument: String) { self.init(argument) }
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
      "Requests or weighted contexts as lines of JSON, by which the guards of this line count. "
        + "Those of documents are held against every class of context, too.",
      valueName: "file"),
    completion: .file())
  var population: String?

  @Option(
    help: ArgumentHelp(
      "Change in spite of all guards, and say why; goes into the history.", valueName: "reason"))
  var overrideGuards: String?

  func validate() throws {
    if population == "-" {
      throw ValidationError(
        "--population needs a file here: no other writer may be kept waiting for standard input.")
    }
    if overrideGuards?.allSatisfy(\.isWhitespace) == true {
      throw ValidationError("--override-guards needs a reason: it is what the history will say.")
    }
  }

  /// These and those of documents.
  func inForce(_ documents: DocumentGuards? = nil, of sources: [Source] = []) -> GuardsInForce {
    var guards = GuardsInForce(maxMove: maxMove, maxClusterLoad: maxClusterLoad)
    if let documents { guards.add(documents, of: sources) }
    return guards
  }

  /// Holds documents that became a table against the table that they are to replace.
  func hold(
    _ compilation: Compilation, against before: Image?, _ progress: Progress
  ) throws -> GuardVerdict {
    let guards = inForce(compilation.guards, of: compilation.sources)
    return try compilation.image.withBytes { bytes in
      try hold(guards, from: before, to: Image.validate(bytes), progress)
    }
  }

  /// For a change that mends a store whose head cannot be read.
  static func warnOfDamagedHead(_ guards: GuardsInForce) {
    if guards.isEmpty { return }
    Console.warn("Head is damaged: there is nothing that the guards could compare with.")
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
    _ guards: GuardsInForce, from before: Image?, to after: Image, _ progress: Progress
  ) throws -> GuardVerdict {
    guard !guards.isEmpty, let before, before.digest != after.digest else { return .none }
    progress.step("comparing")
    // What both are called is for people who read a comparison, not for guards.
    let comparison = TableComparison(
      before: .init(name: "@head", revision: nil, image: before),
      after: .init(name: "", revision: nil, image: after), now: SystemClock.now)
    if let population { try PopulationFile(path: population).add(to: comparison, progress) }
    let findings = guards.findings(comparison.difference(population: population))
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
