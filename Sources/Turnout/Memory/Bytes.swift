/// A read-only view of memory that somebody else owns: valid as long as its owner says.
@safe
package struct Bytes: @unchecked Sendable {
  package let base: UnsafeRawPointer
  package let count: Int

  package init(base: UnsafeRawPointer, count: Int) {
    // SAFETY: stored only; the caller guarantees `count` readable bytes for the owner's life.
    unsafe self.base = base
    self.count = count
  }
}
