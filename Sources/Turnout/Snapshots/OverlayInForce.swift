/// What an overlay comes to over one table for a span of time.
struct OverlayInForce: Sendable {
  /// The entries that hold, those too whose names the table does not know.
  let entries: [OverlayEntry]
  /// Nil if none of them means anything in the table: then there is nothing to look up.
  let block: OverlayBlock?
  /// The span, in nanoseconds since 1970 in UTC: from the last end that has passed until before the
  /// next one. A clock that leaves it, in either direction, wants another one of these.
  let span: Range<Int64>

  /// Throws `.outOfMemory` only.
  init(_ overlay: [OverlayEntry], over image: Image, at now: Int64) throws(TurnoutError) {
    let entries = overlay.filter { $0.holds(at: now) }
    let ended = overlay.lazy.compactMap(\.until).filter { $0 <= now }.max() ?? .min
    let next = overlay.lazy.compactMap(\.until).filter { $0 > now }.min() ?? .max
    self.entries = entries
    block = try image.overlayBlock(entries)
    span = ended..<max(ended, next)
  }
}

extension Image {
  /// The states that `entries` give to what is in this table; nil if they give none. Throws
  /// `.outOfMemory` only.
  fileprivate func overlayBlock(_ entries: [OverlayEntry]) throws(TurnoutError) -> OverlayBlock? {
    let states = entries.compactMap { entry in
      place(of: entry).map { (field: $0.field.rawValue, number: Int($0.number), entry.bits) }
    }
    guard states.contains(where: { $0.2 != 0 }) else { return nil }
    let counts = OverlayPlace.Field.allCases.map(overlayCount)
    guard let block = OverlayBlock(counts: counts, states: states) else {
      throw TurnoutError(.outOfMemory, "There is no memory for the overlay.")
    }
    return block
  }

  /// What the overlay of `head` comes to over this table now: for who resolves without an engine. Nil
  /// if it comes to nothing. Throws `.outOfMemory` only.
  package func overlay(of head: Head) throws(TurnoutError) -> OverlayBlock? {
    try overlay(of: head.overlay, at: SystemClock.now)
  }

  /// The same of entries as they hold at a time, in nanoseconds since 1970 in UTC.
  package func overlay(
    of entries: [OverlayEntry], at time: Int64
  ) throws(TurnoutError) -> OverlayBlock? {
    try OverlayInForce(entries, over: self, at: time).block
  }
}

extension OverlayEntry {
  fileprivate var bits: UInt8 {
    switch state {
    case .up: OverlayStates.up
    case .draining: OverlayStates.draining
    case .down: OverlayStates.down
    case .on: 0
    case .off: 1
    }
  }
}
