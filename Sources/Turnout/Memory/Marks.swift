/// A bit for each of many places, while a table is validated. The bits lie in pages of their own, of
/// which only those that are touched cost memory, and which go back to the system afterwards: the
/// process's heap would keep them.
@safe
struct Marks: ~Copyable {
  private let start: UInt
  private let bytes: Int
  private let count: Int

  /// None is marked; nil if the system has no memory. `count` of 0 takes none.
  init?(_ count: Int) {
    self.count = count
    guard count > 0 else {
      (start, bytes) = (0, 0)
      return
    }
    bytes = Pages.rounded((count &+ 63) / 64 &* 8)
    guard let start = Pages.map(bytes, wipedOnFork: false) else { return nil }
    self.start = start
  }

  deinit { if bytes > 0 { Pages.unmap(start, bytes) } }

  /// Marks a place; one that there is not stays as it is.
  @inline(__always)
  mutating func mark(_ place: Int) {
    // SAFETY: only makes the address.
    guard place >= 0, place < count, let word = unsafe word(place) else { return }
    // SAFETY: the word lies in the pages, of which this value is the only owner.
    unsafe word.pointee |= Self.bit(place)
  }

  /// Whether a place is marked; one that there is not is not.
  @inline(__always)
  func has(_ place: Int) -> Bool {
    // SAFETY: only makes the address.
    guard place >= 0, place < count, let word = unsafe word(place) else { return false }
    // SAFETY: the word lies in the pages, of which this value is the only owner.
    return unsafe word.pointee & Self.bit(place) != 0
  }

  @inline(__always)
  private func word(_ place: Int) -> UnsafeMutablePointer<UInt64>? {
    // SAFETY: only makes the address.
    unsafe UnsafeMutablePointer(bitPattern: start &+ UInt(bitPattern: place &>> 6) &* 8)
  }

  @inline(__always)
  private static func bit(_ place: Int) -> UInt64 { 1 &<< UInt64(truncatingIfNeeded: place & 63) }
}
