import ArgumentParser
import Turnout

struct Rollback: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make the revision head that was head before.",
    discussion: """
      One pointer moves; intervals, overrides and addresses are those of the older table again. A \
      second rollback undoes the first.

        turnout rollback --message "error rate up"
      """)

  @OptionGroup var expected: ExpectHeadOption
  @OptionGroup var by: SignatureOptions
  @OptionGroup var store: StoreOption
  @OptionGroup var json: JSONOption

  func run() throws {
    try HeadMove.run(in: store.directory, expecting: expected.expectHead, json: json.isOn) {
      transaction in try transaction.rollback(by: by.signature)
    }
  }
}
