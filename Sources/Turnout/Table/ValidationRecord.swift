/// A use case's record, or a condition's block, while it is checked. Its parts stand in one order with
/// nothing between them, each aligned to 8, so that no part can be claimed twice. Texts come after
/// them, and may be claimed twice: nothing is read of them here but the short ones that are versions.
struct Record {
  private let image: Extent
  let at: Int
  /// Inside the image, and a multiple of 8 bytes after `at`, which is a multiple of 8 itself.
  let end: Int
  /// Where the parts end that were checked: at least 8 bytes after `at`.
  private(set) var cursor: Int
  /// Where the last text ends.
  private var textsEnd: Int

  @inline(__always)
  init(_ image: Extent, at: Int, end: Int, cursor: Int) {
    self.image = image
    self.at = at
    self.end = end
    self.cursor = cursor
    textsEnd = cursor
  }

  /// Where the next part begins, which may be behind the record's end.
  @inline(__always)
  var aligned: Int { (cursor &+ 7) & ~7 }

  /// The part of `size` bytes that `offset` names is the next one; returns where it begins. Empty parts
  /// have offset 0.
  @inline(__always)
  mutating func take(_ offset: UInt32, _ size: Int) throws(Fault) -> Int {
    let start = aligned
    if size == 0 {
      if offset != 0 { throw Fault(at, "an empty part with an offset") }
      return start
    }
    if Int(offset) != start &- at || size > end &- start {
      throw Fault(at, "a part of a record is misplaced")
    }
    // Fewer than eight bytes, with the last bytes of what stands before in one word.
    let gap = UInt64(truncatingIfNeeded: start &- cursor) &* 8
    if gap != 0, image.u64(start &- 8) &>> (64 &- gap) != 0 {
      throw Fault(cursor, "a reserved byte is not zero")
    }
    cursor = start &+ size
    return start
  }

  @inline(__always)
  mutating func checkText(_ start: Int, _ count: Int, at: Int) throws(Fault) {
    let room = end &- self.at
    if count > Format.valueBytesMax || start > room || count > room &- start {
      throw Fault(at, "a text lies outside its record")
    }
    textsEnd = max(textsEnd, self.at &+ start &+ count)
  }

  /// Behind parts and texts there are zeros up to a multiple of `stride`, and no more.
  @inline(__always)
  func finish(stride: Int) throws(Fault) {
    let used = max(cursor, textsEnd)
    if end &- used >= stride { throw Fault(at, "a record is larger than what is in it") }
    if !image.isZero(used, end) { throw Fault(used, "a reserved byte is not zero") }
  }
}
