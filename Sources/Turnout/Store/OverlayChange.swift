/// What one change of the overlay came to.
package struct OverlayChange: Sendable, Hashable {
  /// The overlay's generation afterwards.
  package let generation: UInt64
  /// What differs, ordered by `OverlayEntry.precedes`; empty if nothing did, and nothing was written.
  package let changes: [OverlayEntry]
  /// What held before, of each of ``changes``.
  package let before: [OverlayEntry]
}

extension StoreTransaction {
  /// What holds at `now`, nanoseconds since 1970 in UTC.
  package func overlay(at now: Int64) throws(TurnoutError) -> [OverlayEntry] {
    try requireOpen()
    return try catalog.overlayEntries().filter { $0.holds(at: now) }
  }

  /// Those of `changes` that name what head's table does not know. One that takes an entry away that
  /// is there is never among them. Opens head's table; where that is damaged, none is.
  package func unknown(_ changes: [OverlayEntry]) throws(TurnoutError) -> [OverlayEntry] {
    let entries = Set(try catalog.overlayEntries().map(\.withoutIt))
    let asked = changes.filter { !entries.contains($0) }
    if asked.isEmpty { return [] }
    do throws(TurnoutError) {
      guard let table = try headTable() else { return [] }
      let image = try Image.validate(table.image)
      return asked.filter { !image.knows($0) }
    } catch {
      // Processes go on serving what they have mapped, and a cluster may have to be drained now.
      guard error.status == .corrupt || error.status == .noRevision else { throw error }
      return []
    }
  }

  /// Changes the overlay by all of `changes`: those that say `up` or `on` take an entry away. No
  /// revision is made. Entries whose time has come are dropped on the way.
  ///
  /// Throws `.invalidArgument` for what no overlay can say and for a name that comes twice, `.noTable`
  /// before the first publish, `.limitExceeded`; then nothing has changed.
  package func set(
    _ changes: [OverlayEntry], by signature: Signature
  ) throws(TurnoutError) -> OverlayChange {
    try requireOpen()
    try signature.check()
    let wanted = try Self.checked(changes, at: signature.time)
    guard let record = try catalog.head(), let head = try head() else {
      throw TurnoutError(
        .noTable,
        "Nothing is published in \(store.directory) yet, so there is nothing to switch. "
          + "Publish a document first.")
    }
    let all = try catalog.overlayEntries()
    var states: [OverlayEntry: OverlayEntry] = [:]
    for entry in all where entry.holds(at: signature.time) { states[entry.withoutIt] = entry }
    var before: [OverlayEntry] = []
    var effective: [OverlayEntry] = []
    for change in wanted {
      let was = states[change.withoutIt] ?? change.withoutIt
      if was == change { continue }
      before.append(was)
      effective.append(change)
      states[change.withoutIt] = change.isDefault ? nil : change
    }
    guard !effective.isEmpty else {
      return OverlayChange(generation: record.generation, changes: [], before: [])
    }
    guard states.count <= StoreLayout.overlayEntriesMax else {
      throw TurnoutError(
        .limitExceeded,
        "The overlay of \(store.directory) would have \(states.count) entries; it holds "
          + "\(StoreLayout.overlayEntriesMax). Take some away, or publish what is to last.")
    }
    for entry in all where states[entry.withoutIt] == nil { try catalog.remove(entry) }
    for change in effective where !change.isDefault { try catalog.put(change) }
    try catalog.append(
      HistoryEntry(
        number: 0, action: .set, revision: head.number, previousHead: head.number,
        head: head.number, time: signature.time, digest: head.imageDigest, bytes: head.imageBytes,
        author: signature.author, message: signature.message, changes: effective))
    var next = record
    next.generation &+= 1
    try catalog.setHead(next)
    isChanged = true
    return OverlayChange(generation: next.generation, changes: effective, before: before)
  }

  /// The changes in the order of entries.
  private static func checked(
    _ changes: [OverlayEntry], at now: Int64
  ) throws(TurnoutError) -> [OverlayEntry] {
    guard changes.count <= StoreLayout.overlayEntriesMax else {
      throw TurnoutError(
        .limitExceeded,
        "\(changes.count) changes of the overlay at once are too many; "
          + "\(StoreLayout.overlayEntriesMax) may be.")
    }
    for change in changes {
      if let fault = change.fault { throw TurnoutError(.invalidArgument, "\(fault).") }
      guard change.holds(at: now) else {
        throw TurnoutError(
          .invalidArgument, "The time at which `\(change.name)` goes back has passed already.")
      }
    }
    let sorted = changes.sorted(by: OverlayEntry.precedes)
    for (one, other) in zip(sorted, sorted.dropFirst()) where one.withoutIt == other.withoutIt {
      throw TurnoutError(.invalidArgument, "`\(one.name)` is to be set twice. Say which holds.")
    }
    return sorted
  }
}

extension Store {
  /// `StoreTransaction.set` alone, refused with `.invalidArgument` if head's table does not know one
  /// of the names.
  package func set(
    _ changes: [OverlayEntry], by signature: Signature
  ) throws(TurnoutError) -> OverlayChange {
    try change { transaction throws(TurnoutError) in
      if let stranger = try transaction.unknown(changes).first, stranger.fault == nil {
        throw TurnoutError(
          .invalidArgument,
          "The table that is head of \(self.directory) has no \(stranger.kind.noun) "
            + "`\(stranger.name)`.")
      }
      return try transaction.set(changes, by: signature)
    }
  }
}

extension Store {
  /// The changes that set `entries`, as far as the history goes back.
  package func origins(
    of entries: [OverlayEntry]
  ) throws(TurnoutError) -> [OverlayEntry: HistoryEntry] {
    var origins: [OverlayEntry: HistoryEntry] = [:]
    let wanted = Set(entries)
    // Mostly they are recent; the whole history may be large.
    for limit in [256, .max] {
      for change in try history(limit: limit) where change.action == .set {
        for entry in change.changes where wanted.contains(entry) && origins[entry] == nil {
          origins[entry] = change
        }
      }
      if origins.count == wanted.count { break }
    }
    return origins
  }
}

extension OverlayEntry.Kind {
  /// As people say it.
  package var noun: String { self == .useCase ? "use case" : name }
}
