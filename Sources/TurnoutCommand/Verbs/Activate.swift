import ArgumentParser
import Turnout

struct Activate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make a revision head.",
    discussion: """
      Every process that follows the store resolves against the revision within milliseconds. Any \
      revision that the store has may be named; `rollback` goes only where head has been.

        turnout activate 7 --message "the staged table, after the review"
      """)

  @Argument(help: "The revision; `turnout history` lists them.", completion: .revisions)
  var revision: UInt64

  @OptionGroup var expected: ExpectHeadOption
  @OptionGroup var by: SignatureOptions
  @OptionGroup var store: StoreOption
  @OptionGroup var json: JSONOption

  func run() throws {
    try HeadMove.run(in: store.directory, expecting: expected.expectHead, json: json.isOn) {
      transaction, moved in
      try transaction.activate(revision, by: by.signature, moved: moved)
    }
  }
}
