/// The overlay of a store: what is switched beside its tables, for every revision. A change of it is
/// seen by every process within milliseconds, makes no revision, and is in the history.
public enum Overlay {
  /// Changes the overlay of the store in the directory `path`, by all of `entries` at once: one that
  /// says `up` or `on` takes away what was said before. Needs permission to write there, and waits for
  /// whoever else is writing. Engines that are open in this process see it as those of others do.
  ///
  /// - Parameters:
  ///   - entries: what is to hold, each name at most once.
  ///   - path: the store's directory.
  ///   - author: who; goes into the history, at most 256 bytes.
  ///   - message: why; likewise, at most 4096 bytes.
  /// - Returns: the overlay's generation, which grows with every change of it. If all of `entries` hold
  ///   already, nothing is written and it is the one before.
  /// - Throws: `.invalidArgument` for what no overlay can say, for a name that the table which is head
  ///   does not know, unless its entry is taken away, and for one that comes twice; `.noTable` before
  ///   the first publish; `.limitExceeded` above 4096 entries; what opening a store for writing throws.
  @discardableResult
  public static func set(
    _ entries: [OverlayEntry], path: String, author: String = "", message: String = ""
  ) throws(TurnoutError) -> UInt64 {
    let signature = Signature(author: author, message: message, time: SystemClock.now)
    return try Store.open(path).set(entries, by: signature).generation
  }
}

extension Engine {
  /// The overlay that resolves go by now: the entries that hold, ordered by kind and name. Those too
  /// that name nothing in the table in force, and so mean nothing.
  public var overlay: [OverlayEntry] { core.overlay().entries }
}
