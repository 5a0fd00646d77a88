/// How a keeper follows one store: the bell it waits on and the head that it could not adopt.
struct Follower: Sendable {
  private(set) var bell: Bell?
  private var bellIdentity: FileStatus.Identity?
  private var refused: (head: Head, error: TurnoutError, retryAt: Int64, wait: Int64)?
  /// What head may go back to.
  var earlier = EarlierTables()
  /// No handle is open: nothing is adopted.
  var isClosed = false

  private static let retryNanoseconds: Int64 = 250_000_000
  private static let retryNanosecondsMax: Int64 = 30_000_000_000

  /// Opens the bell that the store has now, if it is another one than before.
  mutating func followBell(_ directory: String) {
    let identity = try? Directory.status(StoreLayout.bell(directory))?.identity
    if bell != nil, identity == bellIdentity { return }
    bell = identity == nil ? nil : Bell.open(directory: directory)
    bellIdentity = identity
  }

  /// Forgets a bell that cannot be waited on.
  mutating func dropBell() {
    bell = nil
    bellIdentity = nil
  }

  /// Why `head` was refused, if it was and it is too early to try again.
  func stillRefused(_ head: Head) -> TurnoutError? {
    guard let refused, refused.head == head, SystemClock.monotonic < refused.retryAt else {
      return nil
    }
    return refused.error
  }

  /// Remembers that `head` was refused: the next try waits twice as long.
  mutating func refuse(_ head: Head, _ error: TurnoutError) {
    var wait = Self.retryNanoseconds
    if let refused, refused.head == head { wait = min(refused.wait &* 2, Self.retryNanosecondsMax) }
    refused = (head, error, SystemClock.monotonic &+ wait, wait)
  }

  mutating func accept() {
    refused = nil
  }
}
