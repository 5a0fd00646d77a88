internal import Synchronization

/// A place in memory that this engine mapped and never unmaps, holding a `Value`: a raw pointer, so
/// that reading through it retains nothing and checks no exclusivity. Threads may share a cell when
/// every field that changes while they do is an atomic.
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
  }

  /// The cell whose `bits` these are. They must come from a cell of the same type, or be the address
  /// of blank memory that is `Value`-sized, aligned for it and never unmapped; never 0.
  @inline(__always)
  init(bits: UInt) {
    // SAFETY: the caller's promise, above.
    unsafe self.pointer = UnsafeMutablePointer(bitPattern: bits).unsafelyUnwrapped
  }

  /// The address, for an atomic word to hold.
  @inline(__always)
  var bits: UInt {
    // SAFETY: only the number is taken.
    unsafe UInt(bitPattern: pointer)
  }

  /// Calls `body` with a cell on the stack.
  static func with<T>(_ value: consuming Value, _ body: (Cell) -> T) -> T {
    var value = value
    // SAFETY: the value lives for the closure, which may not let the cell escape.
    return unsafe withUnsafeMutablePointer(to: &value) { pointer in
      body(Cell(bits: UInt(bitPattern: pointer)))
    }
  }

  /// Puts a value there, before other threads are told of the cell.
  func put(_ value: consuming Value) {
    // SAFETY: the cell's memory has room for it, and what was there before needs no clean-up.
    unsafe pointer.initialize(to: value)
  }
}

/// One atomic word in a cell of its own.
struct Word: ~Copyable {
  let atomic: Atomic<UInt>
}

/// An object whose address an atomic word holds: alive until it is given up.
enum Kept<Object: AnyObject> {
  /// Keeps the object alive, and gives the bits that name it.
  static func keep(_ object: Object) -> UInt {
    // SAFETY: only the number is taken; the reference that it stands for is never dropped.
    unsafe UInt(bitPattern: Unmanaged.passRetained(object).toOpaque())
  }

  /// The object that `keep` gave these bits for; nil for 0.
  static func object(_ bits: UInt) -> Object? {
    // SAFETY: `keep` made the bits, and nothing drops what it keeps.
    guard let pointer = unsafe UnsafeRawPointer(bitPattern: bits) else { return nil }
    // SAFETY: as above.
    return unsafe Unmanaged<Object>.fromOpaque(pointer).takeUnretainedValue()
  }
}
