internal import Synchronization

/// Where threads without a line say that they read: counters beside the snapshot, spread so that
/// such threads seldom meet. A reading names its stripe by its address with the lowest bit set.
struct Stripe: ~Copyable {
  let readers: Atomic<Int>

  static let stripesPerSnapshot = 32
  static let bytes: UInt = 128
  /// The place of a reading that protects nothing.
  static let none: UInt = 1

  private static func cell(_ snapshot: UInt, _ index: UInt) -> Cell<Stripe> {
    Cell(bits: snapshot &+ Snapshot.stripesOffset &+ index &* bytes)
  }

  /// Counts the calling thread in, and gives its place.
  static func enter(_ snapshot: UInt) -> UInt {
    let mixed = UInt64(ThreadLine.identity) &* 0x9E37_79B9_7F4A_7C15
    let stripe = cell(snapshot, UInt(mixed >> 59))
    stripe.value.readers.add(1, ordering: .sequentiallyConsistent)
    return stripe.bits | 1
  }

  /// Counts it out.
  @inline(never)
  static func leave(_ place: UInt) {
    guard place != none else { return }
    let stripe = Cell<Stripe>(bits: place & ~1)
    stripe.value.readers.subtract(1, ordering: .sequentiallyConsistent)
  }

  /// Whether anybody is counted in.
  static func anyReader(_ snapshot: UInt) -> Bool {
    for index in 0..<UInt(stripesPerSnapshot)
    where cell(snapshot, index).value.readers.load(ordering: .sequentiallyConsistent) != 0 {
      return true
    }
    return false
  }
}
