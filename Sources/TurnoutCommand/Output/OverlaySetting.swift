import Turnout
import TurnoutCompiler

/// One state or switch of the overlay changes.
enum OverlaySetting {
  static func run(
    _ entry: OverlayEntry, by signature: Signature, in directory: String, json: Bool
  ) throws {
    let set = try Store.open(directory).write { transaction in
      try requireKnown(entry, in: transaction)
      return try transaction.set([entry], by: signature)
    }
    let before = set.before.first ?? entry
    let isUnchanged = set.changes.isEmpty
    if json {
      return try Console.printJSON { writer in
        writer.beginObject()
        writer.overlayFields(entry)
        writer.key("before")
        writer.beginObject()
        writer.field("state", before.state.name)
        writer.field("until", before.until.map { Instant(nanoseconds: $0).precise })
        writer.endObject()
        writer.field("generation", set.generation)
        writer.field("unchanged", isUnchanged)
        writer.endObject()
      }
    }
    let style = Style.output
    let subject = style.green(style.bold("\(entry.kind.verb) \(entry.name)"))
    if isUnchanged {
      return try Console.print("unchanged: \(subject) is \(entry.stateWords) already")
    }
    try Console.print("\(subject) is \(entry.stateWords) (before: \(before.stateWords))")
  }

  /// The answer is no for a name that means nothing now, unless it goes back.
  private static func requireKnown(
    _ entry: OverlayEntry, in transaction: StoreTransaction
  ) throws {
    guard entry.fault == nil, try !transaction.unknown([entry]).isEmpty,
      let table = try transaction.headTable()
    else { return }
    let names = try Image.validate(table.image).overlayNames(entry.kind)
    throw Refusal(
      message: "revision \(table.revision), which is head, has no \(entry.kind.noun) "
        + "`\(entry.name)`\(TableFacts.hint(for: entry.name, among: names.sorted()))")
  }
}

extension OverlayEntry.Kind {
  /// As `turnout set` takes it.
  var verb: String { self == .useCase ? "use-case" : name }
}

extension OverlayEntry {
  /// `down`, or `down until …`.
  var stateWords: String {
    until.map { "\(state.name) until \(Instant(nanoseconds: $0).readable) UTC" } ?? state.name
  }

  /// `cluster watch down for 30 min`, of a change made at `time`.
  func words(at time: Int64) -> String {
    let words = "\(kind.verb) \(Printable.text(name)) \(state.name)"
    guard let until else { return words }
    let (left, overflow) = until.subtractingReportingOverflow(time)
    guard !overflow else { return "\(words) until \(Instant(nanoseconds: until).readable)" }
    return "\(words) for \(Figures.duration(seconds: left / 1_000_000_000))"
  }
}

extension JSONWriter {
  /// `kind`, `name`, `state` and `until`.
  mutating func overlayFields(_ entry: OverlayEntry) {
    field("kind", entry.kind.name)
    field("name", entry.name)
    field("state", entry.state.name)
    field("until", entry.until.map { Instant(nanoseconds: $0).precise })
  }
}
