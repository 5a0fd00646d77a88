/// A place in memory that this engine mapped and never unmaps, holding a `Value`: a raw pointer, so
/// that reading through it retains nothing and checks no exclusivity. Two threads may use one
/// `Cell` when every field that changes is an atomic.
@safe
package struct Cell<Value: ~Copyable>: @unchecked Sendable {
  private let pointer: UnsafeMutablePointer<Value>

  /// The value in place.
  @inline(__always)
  package var value: Value {
    unsafeAddress {
      // SAFETY: whoever made the cell mapped room for a `Value` there and never unmaps it.
      unsafe UnsafePointer(pointer)
    }
    nonmutating unsafeMutableAddress {
      // SAFETY: as above; plain fields are written before the cell is published only.
      unsafe pointer
    }
  }

  /// The cell whose `bits` these are. They must come from a cell of the same type, or be the address
  /// of blank memory that is `Value`-sized, aligned for it and never unmapped.
  @inline(__always)
  init(bits: UInt) {
    // SAFETY: the caller's promise, above; 0 is never asked for.
    unsafe self.pointer = UnsafeMutablePointer(bitPattern: bits).unsafelyUnwrapped
  }

  /// The address, for an atomic word to hold.
  @inline(__always)
  var bits: UInt {
    // SAFETY: only the number is taken.
    unsafe UInt(bitPattern: pointer)
  }
}
