/// A use case's record, or a condition's block, while it is checked. Its parts stand in one order with
/// nothing between them, each aligned to 8, so that no part can be claimed twice. Texts come after
/// them, and may be claimed twice: nothing is read of them here but the short ones that are versions.
struct Record {
  let at: Int
  let end: Int
  /// Where the parts end that were checked.
  private(set) var cursor: Int
  /// Where the last text ends.
  private var textsEnd: Int

  init(at: Int, end: Int, cursor: Int) {
    self.at = at
    self.end = end
    self.cursor = cursor
    textsEnd = cursor
  }

  var aligned: Int { (cursor + 7) & ~7 }

  /// The part of `size` bytes that `offset` names is the next one. Empty parts have offset 0.
  mutating func take(
    _ validation: Validation, _ offset: UInt32, _ size: Int
  ) throws(TurnoutError) {
    if size == 0 {
      try validation.check(offset == 0, at, "an empty part with an offset")
      return
    }
    let start = aligned
    try validation.check(
      Int(offset) == start - at && size <= end - start, at, "a part of a use case is misplaced")
    try validation.checkZero(cursor, start)
    cursor = start + size
  }

  mutating func checkText(
    _ validation: Validation, _ start: Int, _ count: Int, at: Int
  ) throws(TurnoutError) {
    try validation.check(
      count <= Format.textBytesMax && start <= end - self.at && count <= end - self.at - start, at,
      "a text lies outside its record")
    textsEnd = max(textsEnd, self.at + start + count)
  }

  /// Behind parts and texts there are zeros up to a multiple of `stride`, and no more.
  func finish(_ validation: Validation, stride: Int) throws(TurnoutError) {
    let used = max(cursor, textsEnd)
    try validation.check(end - used < stride, at, "a record is larger than what is in it")
    try validation.checkZero(used, end)
  }
}
