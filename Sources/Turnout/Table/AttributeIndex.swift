/// The index of a table's attributes, at hand for several searches.
struct AttributeIndex {
  private let slots: Place
  private let mask: UInt64
  private let start: Place

  @inline(__always)
  init(_ image: Image) {
    slots = image.section(.attributeIndex)
    mask = UInt64(truncatingIfNeeded: image.sectionBytes(.attributeIndex) &>> 5) &- 1
    start = image.start
  }

  /// The slot that has the attribute with this name, which is not empty.
  @inline(__always)
  func find(_ name: Text) -> Place? {
    let (first, last) = name.nameWords
    var next = Format.attributeHash(first, last)
    // Validation has seen that the index is at most half full, so an empty slot ends the search.
    while true {
      let slot = slots + Int(truncatingIfNeeded: next & mask) &* Section.attributeIndex.stride
      if slot.u64(Layout.AttributeSlot.first) == first,
        slot.u64(Layout.AttributeSlot.last) == last,
        Int(slot.u16(Layout.AttributeSlot.nameBytes)) == name.count,
        name.count <= Text.nameWordsBytes || Self.isName(name, of: slot, start)
      {
        return slot
      }
      if slot.u32(Layout.AttributeSlot.number) == 0 { return nil }
      next &+= 1
    }
  }

  /// The same of a name that its words say whole, if the attribute has this type.
  @inline(__always)
  func find(short name: Text, _ type: AttributeType) -> Place? {
    let (first, last) = name.nameWords
    var next = Format.attributeHash(first, last)
    let sizeAndType =
      UInt32(truncatingIfNeeded: name.count) | UInt32(type.rawValue) &<< 16
    while true {
      let slot = slots + Int(truncatingIfNeeded: next & mask) &* Section.attributeIndex.stride
      // The size and, behind it, the type; then a zero.
      if slot.u64(Layout.AttributeSlot.first) == first,
        slot.u64(Layout.AttributeSlot.last) == last
      {
        return slot.u32(Layout.AttributeSlot.nameBytes) == sizeAndType ? slot : nil
      }
      if slot.u32(Layout.AttributeSlot.number) == 0 { return nil }
      next &+= 1
    }
  }

  /// Whether a name that its words do not say whole is the attribute's.
  @inline(never)
  private static func isName(_ name: Text, of slot: Place, _ start: Place) -> Bool {
    func section(_ section: Section) -> Place {
      start + start.u32(Format.sectionTable &+ section.rawValue &* 8)
    }
    let number = Int(slot.u32(Layout.AttributeSlot.number) &- 1)
    let record = section(.attributes) + number &* Section.attributes.stride
    let own = section(.text) + record.u32(Layout.Attribute.name)
    return own.text(Int(record.u16(Layout.Attribute.nameBytes))) == name
  }
}

extension Image {
  /// The slot of the index that has the attribute with this name.
  func attribute(_ name: Text) -> Place? { AttributeIndex(self).find(name) }
}
