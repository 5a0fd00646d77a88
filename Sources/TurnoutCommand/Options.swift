import ArgumentParser
import Turnout

/// Which store.
struct StoreOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The store's folder. Default: $TURNOUT_STORE, else ./turnout-store.", valueName: "dir"),
    completion: .directory)
  var store: String?

  var directory: String { store ?? Environment.value("TURNOUT_STORE") ?? "./turnout-store" }

  mutating func validate() throws {
    if store?.isEmpty == true { throw ValidationError("--store needs the name of a folder.") }
  }
}

struct JSONOption: ParsableArguments {
  @Flag(name: .customLong("json"), help: "Print JSON, for programs.")
  var isOn = false
}

/// Who changes the store and why: it goes into the history.
struct SignatureOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Why; goes into the history.", valueName: "text"))
  var message: String?

  @Option(
    help: ArgumentHelp(
      "Who; goes into the history. Default: $TURNOUT_AUTHOR, else $USER, else $LOGNAME.",
      valueName: "name"))
  var author: String?

  var signature: Signature {
    let variables = ["TURNOUT_AUTHOR", "USER", "LOGNAME"]
    return Signature(
      author: author ?? variables.lazy.compactMap(Environment.value).first ?? "",
      message: message ?? "", time: SystemClock.now)
  }
}

/// Refuses a change if head is not the one expected.
struct ExpectHeadOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Do nothing (exit status 1) unless this revision is head; 0: none is.",
      valueName: "revision"))
  var expectHead: UInt64?
}

/// Whether a change is only tried.
struct DryRunOption: ParsableArguments {
  @Flag(name: .customLong("dry-run"), help: "Say what would move and write nothing.")
  var isOn = false
}

/// Who alone may read a store that is made.
struct GroupOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Let members of this group alone read a store that is made.", valueName: "name"))
  var group: String?

  /// Nil where everybody may.
  func number() throws(TurnoutError) -> UInt32? {
    guard let group else { return nil }
    return try SystemGroup.number(group)
  }
}

/// The documents.
struct DocumentArguments: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "A routing document, or a folder of them (.yaml, .yml, .json). Several are merged.",
      valueName: "doc"),
    completion: .file(extensions: ["yaml", "yml", "json"]))
  var documents: [String]
}
