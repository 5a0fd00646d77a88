import Turnout

/// What has to be known before a store is made or changed.
enum NewStore {
  /// Whether there is a store, whole or damaged, in the folder.
  static func isThere(_ directory: String) throws(TurnoutError) -> Bool {
    if try Directory.status(StoreLayout.catalog(directory)) != nil { return true }
    return try Directory.status(StoreLayout.head(directory)) != nil
  }

  /// Refuses if head is not the one expected; nil: none is there, as in a store that is to be made.
  static func require(
    head expected: UInt64?, found head: UInt64?, in directory: String
  ) throws(TurnoutError) {
    guard let expected, expected != head ?? 0 else { return }
    let present = head.map { "revision \($0)" } ?? "no revision"
    let wanted = expected == 0 ? "none" : "\(expected)"
    throw TurnoutError(
      .conflict,
      "Head of the store at \(directory) is \(present), not \(wanted). Look at `turnout history`, "
        + "then try again with the head that you find right.")
  }
}

extension StoreTransaction {
  /// Refuses before any work if head is not the one expected; 0: none.
  func require(head expected: UInt64?, in directory: String) throws(TurnoutError) {
    guard expected != nil else { return }
    try NewStore.require(head: expected, found: head()?.number, in: directory)
  }
}
