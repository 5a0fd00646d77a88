/// The index of attributes: open-addressed like the others, but its slots hold what a resolve wants to
/// know of an attribute.
extension Validation {
  func checkAttributeIndex(_ attributes: Int) throws(TurnoutError) {
    let start = offset(.attributeIndex)
    let stride = Section.attributeIndex.stride
    let slots = size(.attributeIndex) / stride
    try check(
      slots >= 2 && slots & (slots - 1) == 0 && attributes <= slots / 2, start,
      "an index is not a power of two, or too full")
    var seen = [Bool](repeating: false, count: attributes)
    var taken = 0
    for slot in 0..<slots {
      let at = start + slot * stride
      let number = try int(at + Layout.AttributeSlot.number) - 1
      if number < 0 {
        try checkZero(at, at + stride)
        continue
      }
      try check(number < attributes && !seen[number], at, "an index names a record twice")
      seen[number] = true
      taken += 1
      let record = offset(.attributes) + number * Section.attributes.stride
      let size = try u16(record + Layout.Attribute.nameBytes)
      guard let name = bytes.copy(offset(.text) + (try int(record)), Int(size)) else {
        throw corrupt(record, "it ends too early")
      }
      let words = Format.nameWords(name)
      let saysFirst = try u64(at + Layout.AttributeSlot.first) == words.first
      let saysLast = try u64(at + Layout.AttributeSlot.last) == words.last
      let saysBytes = try u16(at + Layout.AttributeSlot.nameBytes) == size
      let type = try u8(record + Layout.Attribute.type)
      let saysType = try u8(at + Layout.AttributeSlot.type) == type
      try check(
        saysFirst && saysLast && saysBytes && saysType, at,
        "an index entry says something else than its attribute")
      try checkZero(at + Layout.AttributeSlot.type + 1, at + stride)
      // Every slot between the hash's own and this one is taken, or a search would stop early.
      let hash = Format.attributeHash(words.first, words.last)
      var home = Int(truncatingIfNeeded: hash & UInt64(slots - 1))
      while home != slot {
        try check(
          try u32(start + home * stride + Layout.AttributeSlot.number) != 0, at,
          "an index entry cannot be reached")
        home = (home + 1) & (slots - 1)
      }
    }
    try check(taken == attributes, start, "an index lacks a record")
  }
}
