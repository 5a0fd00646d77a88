import ArgumentParser
import Turnout
import TurnoutCompiler
import TurnoutDiff

struct Activate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make a revision head.",
    discussion: """
      Every process that follows the store resolves against the revision within milliseconds. Any \
      revision that the store has may be named; `rollback` goes only where head has been.

        turnout activate 7 --dry-run
        turnout activate 7 --message "the staged table, after the review"
      """)

  @Argument(help: "The revision; `turnout history` lists them.", completion: .revisions)
  var revision: UInt64

  @OptionGroup var dryRun: DryRunOption
  @OptionGroup var guards: GuardOptions
  @OptionGroup var expected: ExpectHeadOption
  @OptionGroup var by: SignatureOptions
  @OptionGroup var store: StoreOption
  @OptionGroup var json: JSONOption

  func run() throws {
    try guards.reporting(json: json.isOn) {
      try HeadMove.run(
        in: store.directory, expecting: expected.expectHead, isTried: dryRun.isOn, json: json.isOn
      ) { transaction, moved in
        let verdict = try Progress.during { try hold(transaction, $0) }
        let made = try transaction.activate(revision, by: by.signature(verdict), moved: moved)
        return (made, verdict)
      }
    }
  }

  /// The guards of its documents hold for a revision that never was head: this is the second half of its
  /// publish. One that was is a way back, which documents do not bar.
  private func hold(
    _ transaction: StoreTransaction, _ progress: Progress
  ) throws -> GuardVerdict {
    // What cannot be read here is told by the activation itself.
    guard let head = try transaction.head(), head.number != revision,
      let table = try? transaction.table(revision), let after = try? Image.validate(table.image)
    else { return .none }
    var inForce = guards.inForce()
    if try !transaction.wasHead(revision) {
      let stored = try StoredSources(table.sources)
      let checked = CheckedDocuments(stored.documents, unitFiles: UnitFiles(stored.unitFiles))
      if let document = checked.document { inForce.add(document.guards, of: stored.documents) }
    }
    guard let before = try? OpenTable(head.number, in: transaction).image else {
      GuardOptions.warnOfDamagedHead(inForce)
      return .none
    }
    return try guards.hold(inForce, from: before, to: after, progress)
  }
}
