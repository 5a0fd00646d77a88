import ArgumentParser
import Turnout

/// What of a store is asked: a revision, or what was in force at a time.
enum StorePoint: ExpressibleByArgument, Hashable {
  case revision(UInt64)
  case time(Moment)

  /// `3`, or a time as `Moment` reads it; with or without `@` before it.
  init?(argument: String) {
    let text = argument.hasPrefix("@") ? String(argument.dropFirst()) : argument
    if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      guard let number = UInt64(text) else { return nil }
      self = .revision(number)
    } else if let moment = Moment(text) {
      self = .time(moment)
    } else {
      return nil
    }
  }

  static let valueName = "revision or time"

  /// The table, and for a time all that was in force then. Warns where that is not wholly known.
  func open(
    in directory: String, sources: FrozenTable.Sources = .left
  ) throws(TurnoutError) -> (table: OpenTable, past: StorePast?) {
    switch self {
    case .revision(let number):
      return (try OpenTable.revision(number, of: directory, sources: sources), nil)
    case .time(let moment):
      let past = try Store.openToRead(directory).past(at: moment.nanoseconds)
      past.warn()
      do throws(TurnoutError) {
        return (try OpenTable.revision(past.revision, of: directory, sources: sources), past)
      } catch {
        guard error.status == .noRevision else { throw error }
        throw TurnoutError(
          .noRevision,
          "\(past.words), and its table is no longer kept. A backup from then still has it; `turnout "
            + "retention --for 30d` keeps tables longer, `turnout pin` those that matter.")
      }
    }
  }
}

extension StorePast {
  /// `At 2026-11-20 15:00:00 UTC revision 3 was head`.
  var words: String {
    "At \(Instant(nanoseconds: time).readable) UTC revision \(revision) was head"
  }

  /// One line about what was in force: who made it so, and what was set beside it.
  var line: String {
    var text = "\(Instant(nanoseconds: time).readable) UTC: revision \(revision)"
    if let madeHead {
      text += ", head by \(madeHead.action.name) of \(Instant(nanoseconds: madeHead.time).readable)"
      if !madeHead.author.isEmpty { text += " (\(Printable.text(madeHead.author)))" }
    }
    if overlay.isEmpty { return text + "; nothing was set" }
    return text + "; " + overlay.prefix(4).map(\.stateAndName).joined(separator: ", ")
      + (overlay.count > 4 ? " and \(overlay.count - 4) more" : "")
  }

  fileprivate func warn() {
    guard !unknown.isEmpty else { return }
    Console.warn(
      "the history does not reach back to every change of the overlay: whether "
        + unknown.prefix(4).map { "\($0.kind.verb) \($0.name)" }.joined(separator: ", ")
        + (unknown.count > 4 ? " and \(unknown.count - 4) others were" : " was")
        + " set then is not known, and taken as not set.")
  }
}

extension OverlayEntry {
  fileprivate var stateAndName: String {
    "\(kind.verb) \(Printable.text(name)) was \(state.name)"
  }
}

extension JSONWriter {
  /// What was in force at a time, as the field `at`.
  mutating func field(at past: StorePast) {
    key("at")
    beginObject()
    field("time", Instant(nanoseconds: past.time).precise)
    field("revision", past.revision)
    field("change", past.last.number)
    key("overlay")
    beginArray()
    for entry in past.overlay {
      beginObject()
      overlayFields(entry)
      endObject()
    }
    endArray()
    endObject()
  }
}
