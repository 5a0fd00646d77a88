/// What was in force in a store at a time, as far as its history says: which revision was head, and the
/// overlay beside it.
///
/// It is what the changes came to up to the last one, by number, whose time is not after the one asked
/// for. So where the clock of a writer was set back between two changes, a time that it showed twice is
/// its later one, and the changes that carry a time after all that followed them were in force at none.
package struct StorePast: Sendable {
  /// In nanoseconds since 1970 in UTC.
  package let time: Int64
  /// The last change up to then.
  package let last: HistoryEntry
  /// The revision that was head.
  package let revision: UInt64
  /// What made it head; nil where the history does not reach back to that.
  package let madeHead: HistoryEntry?
  /// The entries that held then, ordered as in `head`.
  package let overlay: [OverlayEntry]
  /// What may have been set then by a change that the history has lost: each as what held without it.
  package let unknown: [OverlayEntry]

  /// From the whole history, the newest first, and the overlay that the catalog has.
  ///
  /// Throws `.noTable` where nothing was head then, `.noRevision` where the history does not reach back so
  /// far, `.invalidArgument` for a time to come.
  package init(
    at time: Int64, now: Int64, history: [HistoryEntry], overlay present: [OverlayEntry],
    directory: String
  ) throws(TurnoutError) {
    let asked = "\(Instant(nanoseconds: time).readable) UTC"
    guard time <= now else {
      throw TurnoutError(.invalidArgument, "\(asked) has not come yet. Name a time that has.")
    }
    guard let oldest = history.last else {
      throw TurnoutError(.noTable, "Nothing happened yet to the store at \(directory).")
    }
    guard let index = history.firstIndex(where: { $0.time <= time }) else {
      let first = "\(Instant(nanoseconds: oldest.time).readable) UTC"
      guard oldest.number == 1 else {
        throw TurnoutError(
          .noRevision,
          "The history of the store at \(directory) does not reach back to \(asked): its oldest entry, "
            + "number \(oldest.number), is of \(first). A backup from before then may have more.")
      }
      throw TurnoutError(
        .noTable,
        "At \(asked) the store at \(directory) was empty: what happened first was at \(first).")
    }
    let then = history[index...]
    let last = history[index]
    guard last.head != 0 else {
      throw TurnoutError(
        .noTable,
        "At \(asked) nothing was head of the store at \(directory): revisions were only staged.")
    }
    self.time = time
    self.last = last
    revision = last.head
    madeHead = then.first { $0.head == last.head && $0.previousHead != last.head }

    var states: [OverlayEntry: OverlayEntry] = [:]
    var unknown: [OverlayEntry] = []
    if oldest.number > 1 {
      // What no change that is left is about was set before them, and holds until now if at all.
      let changed = Set(history.flatMap { $0.changes.map(\.withoutIt) })
      for entry in present where !changed.contains(entry.withoutIt) {
        states[entry.withoutIt] = entry
      }
      let known = Set(then.flatMap { $0.changes.map(\.withoutIt) })
      unknown = changed.subtracting(known).sorted(by: OverlayEntry.precedes)
    }
    for entry in then.reversed() {
      for change in entry.changes { states[change.withoutIt] = change.isDefault ? nil : change }
    }
    overlay = states.values.filter { $0.holds(at: time) }.sorted(by: OverlayEntry.precedes)
    self.unknown = unknown
  }
}

extension Store {
  /// What was in force at `time`, in nanoseconds since 1970 in UTC.
  package func past(
    at time: Int64, now: Int64 = SystemClock.now
  ) throws(TurnoutError) -> StorePast {
    try ask { transaction throws(TurnoutError) in
      try StorePast(
        at: time, now: now, history: try transaction.historyEntries(limit: .max),
        overlay: try transaction.overlayEntries(), directory: self.directory)
    }
  }
}
