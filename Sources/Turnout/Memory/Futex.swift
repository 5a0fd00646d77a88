internal import CThread
internal import Glibc
internal import Synchronization

/// A 32-bit counter on a page that processes share through a file, with the kernel's futex on it.
///
/// Waiting and waking touch the word only inside the kernel, so a page that has gone (a truncated
/// file) is an answer and never a signal.
@safe
package struct Futex: @unchecked Sendable {
  package enum Waking: Sendable, Hashable {
    /// Woken, or the word was already another.
    case changed
    case timedOut
    /// A signal handler ran.
    case interrupted
    /// The word cannot be waited on; the call returned at once.
    case unusable
  }

  private let word: UnsafeRawPointer?

  /// `word` is 4-byte aligned and stays mapped as long as this futex is used.
  package init(word: UnsafeRawPointer?) {
    // SAFETY: stored only; the caller guarantees the mapping's life.
    unsafe self.word = word
  }

  /// The word at the start of `mapping`, which outlives the futex.
  package init(firstWordOf mapping: Mapping) {
    // SAFETY: a mapping begins at a page and is not empty.
    unsafe self.init(word: mapping.bytes.base)
  }

  /// Waits until the word is not `expected`, but no longer than `timeoutMilliseconds`.
  package func wait(while expected: UInt32, timeoutMilliseconds: Int) -> Waking {
    let nanoseconds = Int64(max(0, min(timeoutMilliseconds, 86_400_000))) * 1_000_000
    // SAFETY: the kernel reads the word and reports a page that is not there.
    return switch unsafe cthread_wait(word, expected, nanoseconds) {
    case 0: .changed
    case ETIMEDOUT: .timedOut
    case EINTR: .interrupted
    default: .unusable
    }
  }

  package func wakeAll() {
    // SAFETY: the kernel uses the address as a name only.
    _ = unsafe cfutex_wake_all(word)
  }

  /// Adds one; only for a word on a writable mapping.
  package func increment() {
    // SAFETY: the word is aligned and writable by the caller's guarantee; an `Atomic<UInt32>` is
    // laid out as its value.
    let atomic = unsafe UnsafeMutableRawPointer(mutating: word)?
      .assumingMemoryBound(to: Atomic<UInt32>.self)
    // SAFETY: as above.
    _ = unsafe atomic?.pointee.wrappingAdd(1, ordering: .sequentiallyConsistent)
  }
}
