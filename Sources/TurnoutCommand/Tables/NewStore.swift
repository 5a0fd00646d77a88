import Turnout

/// What has to be known before a store is made or changed.
enum NewStore {
  /// Whether there is a store, whole or damaged, in the folder.
  static func isThere(_ directory: String) throws(TurnoutError) -> Bool {
    if try Directory.status(StoreLayout.catalog(directory)) != nil { return true }
    return try Directory.status(StoreLayout.head(directory)) != nil
  }

  /// Refuses where a head is expected of a store that is not there.
  static func requireNoHead(_ expected: UInt64?, _ directory: String) throws(TurnoutError) {
    guard let expected, expected != 0 else { return }
    throw conflict(expected, found: 0, directory)
  }

  static func conflict(_ expected: UInt64, found: UInt64, _ directory: String) -> TurnoutError {
    let present = found == 0 ? "no revision" : "revision \(found)"
    let wanted = expected == 0 ? "none" : "\(expected)"
    return TurnoutError(
      .conflict,
      "Head of the store at \(directory) is \(present), not \(wanted). Look at `turnout history`, "
        + "then try again with the head that you find right.")
  }
}

extension StoreTransaction {
  /// Refuses before any work if head is not the one expected; 0: none.
  func require(head expected: UInt64?, in directory: String) throws(TurnoutError) {
    guard let expected else { return }
    let found = try head()?.number ?? 0
    guard found == expected else { throw NewStore.conflict(expected, found: found, directory) }
  }
}
