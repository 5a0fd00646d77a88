/// Units, and what they draw.
extension Context {
  /// The value of a unit of the table, as the request gives it; empty if it does not. The primary
  /// unit may be given by name, too; its own place holds.
  @inline(__always)
  func given(unit number: Int, primary: Text) -> Text {
    number == 0 && !primary.isEmpty ? primary : otherUnit(number)
  }

  @inline(never)
  private func otherUnit(_ number: Int) -> Text {
    let record = image.record(.units, UInt32(truncatingIfNeeded: number))
    let name = (image.section(.text) + record.u32(Layout.Unit.name))
      .text(Int(record.u16(Layout.Unit.nameBytes)))
    var i = request.unitCount
    while i > 0 {
      i &-= 1
      let unit = request.otherUnit(i)
      if unit.name.text == name { return unit.value }
    }
    return Text.empty
  }

  /// The value of a unit, or of the one that stands in for it; empty if none is given.
  @inline(__always)
  func unit(_ number: UInt8, primary: Text) -> Text {
    let own = given(unit: Int(number), primary: primary)
    return own.isEmpty ? replacement(number, primary: primary) : own
  }

  @inline(never)
  private func replacement(_ number: UInt8, primary: Text) -> Text {
    var next = image.record(.units, UInt32(number)).u16(Layout.Unit.missing)
    // Validation has followed every chain to its end.
    while next != Format.none16 {
      let value = given(unit: Int(next), primary: primary)
      if !value.isEmpty { return value }
      next = image.record(.units, UInt32(next)).u16(Layout.Unit.missing)
    }
    return Text.empty
  }

  /// The target that a unit draws of the allocation at `block`: by the unit, without one by the
  /// request id, without either the arm with most positions.
  @inline(__always)
  func draw(_ block: Place, unit number: UInt8, primary: Text) -> UInt32 {
    let seed = block.u64(Layout.Allocation.seed)
    var drawn = unit(number, primary: primary)
    if drawn.isEmpty {
      drawn = request.requestID
      if drawn.isEmpty { return Image.heaviestTarget(block) }
    }
    return Image.target(block, position: drawn.position(seed: seed))
  }
}
