import ArgumentParser
import Turnout

struct Rollback: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make a revision head that was head before.",
    discussion: """
      One pointer moves; intervals, overrides and addresses are those of the older table again. \
      Without a revision it goes to the one before, and a second rollback undoes the first. What was \
      never head is refused: `activate` takes any revision that the store has.

        turnout rollback --message "error rate up"
        turnout rollback 12 --message "back to Monday's"
      """)

  @Argument(
    help: "The revision. Default: the head before this one.", completion: .revisions)
  var revision: UInt64?

  @OptionGroup var dryRun: DryRunOption
  @OptionGroup var expected: ExpectHeadOption
  @OptionGroup var by: SignatureOptions
  @OptionGroup var store: StoreOption
  @OptionGroup var json: JSONOption

  func run() throws {
    try HeadMove.run(
      in: store.directory, expecting: expected.expectHead, isTried: dryRun.isOn, json: json.isOn
    ) { transaction, moved in
      // No guard holds here: the way back must be open when it is needed.
      (try transaction.rollback(to: revision, by: by.signature, moved: moved), nil)
    }
  }
}
