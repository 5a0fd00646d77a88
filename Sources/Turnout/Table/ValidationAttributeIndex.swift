/// The index of attributes: open-addressed like the others, but its slots hold what a resolve wants to
/// know of an attribute. There are few of them.
extension Validation {
  func checkAttributeIndex(_ attributes: Int) throws(Fault) {
    let start = offset(.attributeIndex)
    let stride = Section.attributeIndex.stride
    let slots = count(.attributeIndex)
    try check(
      slots >= 2 && slots & (slots &- 1) == 0 && attributes <= slots / 2, start,
      "an index is not a power of two, or too full")
    var taken = 0
    for slot in 0..<slots {
      let at = start &+ slot &* stride
      if u32(at &+ Layout.AttributeSlot.number) == 0 {
        try checkZero(at, at &+ stride)
      } else {
        taken &+= 1
      }
    }
    try check(taken == attributes, start, "an index lacks a record, or names one twice")
    for number in 0..<attributes { try checkSlot(ofAttribute: number, mask: slots &- 1) }
  }

  /// The search for an attribute's name ends at a slot that says what its record does, and no empty slot
  /// comes before it.
  private func checkSlot(ofAttribute number: Int, mask: Int) throws(Fault) {
    let record = record(.attributes, number)
    let size = u16(record &+ Layout.Attribute.nameBytes)
    let (first, last) = image.text(offset(.text) &+ int(record), Int(size)).nameWords
    var next = Int(truncatingIfNeeded: Format.attributeHash(first, last))
    while true {
      let at = self.record(.attributeIndex, next & mask)
      let found = int(at &+ Layout.AttributeSlot.number)
      try check(found != 0, at, "an index does not lead to a record")
      if found == number &+ 1 {
        try check(
          u64(at &+ Layout.AttributeSlot.first) == first
            && u64(at &+ Layout.AttributeSlot.last) == last
            && u16(at &+ Layout.AttributeSlot.nameBytes) == size
            && u8(at &+ Layout.AttributeSlot.type) == u8(record &+ Layout.Attribute.type), at,
          "an index entry says something else than its attribute")
        return try checkZero(
          at &+ Layout.AttributeSlot.type &+ 1, at &+ Section.attributeIndex.stride)
      }
      next &+= 1
    }
  }
}
