import ArgumentParser
import Turnout

/// `turnout retention`: not called `Retention`, which is the store's.
struct ShowRetention: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retention",
    abstract: "Say which revisions a store keeps, or change it.",
    discussion: """
      Kept are the newest --keep revisions, those that were published or head within --for, pinned \
      ones, head, and the head before it. With neither option it says what holds. A change is in the \
      history, and what is no longer kept goes with it. New stores keep 16, and nothing for its age.

        turnout retention
        turnout retention --keep 16 --for 30d
        turnout retention --for 0s
      """)

  @Option(help: ArgumentHelp("So many of the newest revisions, 1 to 4096.", valueName: "n"))
  var keep: UInt64?

  @Option(
    name: .customLong("for"),
    help: ArgumentHelp(
      "And those of the last 90s, 30m, 2h, 7d or 1h30m, up to 4096 in all; 0s: none for its age.",
      valueName: "duration"))
  var span: Span?

  @OptionGroup var by: SignatureOptions
  @OptionGroup var store: StoreOption
  @OptionGroup var json: JSONOption

  func validate() throws {
    if let keep, keep < 1 || keep > UInt64(StoreLayout.revisionsMax) {
      throw ValidationError("--keep must be between 1 and \(StoreLayout.revisionsMax).")
    }
    if let span, span.seconds > 36_500 * 86_400 {
      throw ValidationError("--for must be at most 36500d.")
    }
  }

  func run() throws {
    guard keep != nil || span != nil else {
      let status = try Store.openToRead(store.directory).status()
      return try report(status.retention, status, isChanged: nil)
    }
    let opened = try Store.open(store.directory)
    let (retention, isChanged) = try opened.write { transaction in
      var wanted = try transaction.retention()
      if let keep { wanted.keep = keep }
      if let span { wanted.span = span.seconds * 1_000_000_000 }
      return (wanted, try transaction.retain(wanted, by: by.signature))
    }
    try report(retention, opened.status(), isChanged: isChanged)
  }

  private func report(_ retention: Retention, _ status: StoreStatus, isChanged: Bool?) throws {
    if json.isOn {
      return try Console.printJSON { writer in
        writer.beginObject()
        writer.fields(retention)
        writer.field("revisions", UInt64(status.revisions.count))
        writer.field("pinned", UInt64(status.pins.count))
        writer.field("tables_bytes", status.tableFileBytes)
        if let isChanged { writer.field("unchanged", !isChanged) }
        writer.endObject()
      }
    }
    let unchanged = isChanged == false ? "unchanged: " : ""
    let pinned = status.pins.isEmpty ? "" : ", \(status.pins.count) of them pinned"
    try Console.print(
      "\(unchanged)kept are \(retention.words), pinned ones, head and the head before it\n"
        + Style.output.dim(
          "  now \(Figures.count(status.revisions.count, "revision"))\(pinned), "
            + "\(Figures.grouped(status.tableFileBytes)) bytes"))
  }
}

extension Retention {
  /// `the newest 16 revisions and those of the last 30 d`.
  var words: String {
    let newest =
      keep == 1 ? "the newest revision" : "the newest \(Figures.grouped(keep)) revisions"
    guard span > 0 else { return newest }
    return "\(newest), those of the last \(Figures.duration(seconds: span / 1_000_000_000))"
  }
}

/// `turnout pin`: not called `Pin`, which is the store's.
struct PinRevision: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pin",
    abstract: "Keep a revision whatever its age.",
    discussion: """
      Retention leaves it alone until `turnout unpin`, so that `rollback`, `resolve --at` and `diff` \
      can still go there. `stat` and `history` show what is pinned.

        turnout pin 12 --message "before the holidays"
      """)

  @OptionGroup var pinning: PinOptions

  func run() throws { try pinning.run(isPinned: true) }
}

struct UnpinRevision: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unpin",
    abstract: "Leave a pinned revision to retention again.",
    discussion: """
      If retention keeps it neither for its number nor for its age, it goes at once.

        turnout unpin 12
      """)

  @OptionGroup var pinning: PinOptions

  func run() throws { try pinning.run(isPinned: false) }
}

/// What both take.
struct PinOptions: ParsableArguments {
  @Argument(help: "The revision; `turnout history` lists them.", completion: .revisions)
  var revision: UInt64

  @OptionGroup var by: SignatureOptions
  @OptionGroup var store: StoreOption
  @OptionGroup var json: JSONOption

  func run(isPinned: Bool) throws {
    let unchanged = try Store.open(store.directory).write { transaction in
      try isPinned
        ? transaction.pin(revision, by: by.signature).unchanged
        : transaction.unpin(revision, by: by.signature).unchanged
    }
    if json.isOn {
      return try Console.printJSON { writer in
        writer.beginObject()
        writer.field("revision", revision)
        writer.field("pinned", isPinned)
        writer.field("unchanged", unchanged)
        writer.endObject()
      }
    }
    let style = Style.output
    let number = style.green(style.bold("revision \(revision)"))
    let words =
      switch (isPinned, unchanged) {
      case (true, false): "\(number) is pinned"
      case (true, true): "unchanged: \(number) is pinned already"
      case (false, false): "\(number) is not pinned"
      case (false, true): "unchanged: \(number) was not pinned"
      }
    try Console.print(words)
  }
}
