import Turnout

/// What a new table is compiled against, so that it moves as few units as it can: head, or, where its
/// table is damaged or gone, the latest revision that was head before and is whole.
struct CompilationBase {
  /// Nil for the first table of a store.
  let table: OpenTable?
  /// Whether that is head, or there is none.
  let isHead: Bool

  /// Says on standard error when it is not head.
  init(in transaction: StoreTransaction) throws(TurnoutError) {
    guard let head = try transaction.head() else {
      table = nil
      isHead = true
      return
    }
    do throws(TurnoutError) {
      table = try OpenTable(head.number, in: transaction)
      isHead = true
      return
    } catch {
      guard error.status == .corrupt || error.status == .noRevision else { throw error }
      Console.warn(error.message)
    }
    isHead = false
    guard let earlier = try transaction.earlierTable() else {
      table = nil
      Console.warn(
        "No revision that was head before is whole either: this table is placed as the first one "
          + "of a store would be.")
      return
    }
    table = try OpenTable(earlier)
    Console.warn("Compiled against revision \(earlier.revision), which was head before.")
  }
}
