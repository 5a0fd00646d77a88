internal import CThread

/// A lock in 32 bits of memory that a fork wipes, so that no child finds it held by a thread that it
/// does not have.
struct PageLock {
  /// Of a word that is mapped for ever and aligned to 4.
  let address: UInt

  /// Runs `body` while holding the lock.
  func held<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    // SAFETY: the word is mapped for ever.
    if let word = unsafe UnsafeMutablePointer<UInt32>(bitPattern: address) {
      unsafe cthread_lock(word)
    }
    defer {
      // SAFETY: as above; this thread holds the lock.
      if let word = unsafe UnsafeMutablePointer<UInt32>(bitPattern: address) {
        unsafe cthread_unlock(word)
      }
    }
    return try body()
  }
}
