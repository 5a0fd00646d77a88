internal import CThread

/// A value that one thread at a time uses. Unlike `Synchronization.Mutex`, the thread sanitizer
/// sees through its lock.
@safe
final class Guarded<Value: Sendable>: @unchecked Sendable {
  private var value: Value
  private let word: UnsafeMutablePointer<UInt32>

  init(_ value: Value) {
    self.value = value
    // SAFETY: freed in deinit, when nobody can hold the lock.
    unsafe word = .allocate(capacity: 1)
    unsafe word.initialize(to: 0)
  }

  deinit {
    // SAFETY: this object's own allocation.
    unsafe word.deallocate()
  }

  /// Runs `body` with the value, while no other thread does. Not to be nested.
  func withLock<Result, Failure: Error>(
    _ body: (inout Value) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    // SAFETY: the word is this object's own and aligned.
    unsafe cthread_lock(word)
    defer {
      // SAFETY: as above; this thread holds the lock.
      unsafe cthread_unlock(word)
    }
    return try body(&value)
  }
}
