/// What is drawn, to be told: kind, owner and part as ``Observation/Draw`` has them.
struct Drawn {
  let kind: AllocationKind
  let owner: UInt32
  var part: UInt32 = 0
  var again = 0
}

/// Units, and what they draw.
extension Context {
  /// The number of the use case's unit.
  @inline(always) var unitOfUseCase: UInt8 { useCase.u8(Layout.UseCase.unit) }

  /// The value of a unit of the table, as the request gives it; empty if it does not. The primary
  /// unit may be given by name, too; its own place holds.
  @inline(always)
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
  @inline(always)
  func unit(_ number: UInt8) -> Text {
    let own = given(unit: Int(number), primary: primary)
    return own.isEmpty ? replacement(number) : own
  }

  @inline(never)
  private func replacement(_ number: UInt8) -> Text {
    given(unit: Int(numberOfUnit(number)), primary: primary)
  }

  /// Which unit `unit(_:_:)` takes, where there is one.
  func numberOfUnit(_ number: UInt8) -> UInt8 {
    var next = number
    // Validation has followed every chain to its end.
    while given(unit: Int(next), primary: primary).isEmpty {
      let missing = image.record(.units, UInt32(next)).u16(Layout.Unit.missing)
      if missing == Format.none16 { return number }
      next = UInt8(truncatingIfNeeded: missing)
    }
    return next
  }

  /// The target that a unit draws of the allocation at `block`: by the unit, without one by the
  /// request id, without either the arm with most positions.
  @inline(always)
  func draw(_ block: Place, unit number: UInt8, _ drawn: @autoclosure () -> Drawn) -> UInt32 {
    let primary = self.primary
    if !Watching.listens, number == 0, !primary.isEmpty { return Image.draw(block, by: primary) }
    return draw(block, seed: block.u64(Layout.Allocation.seed), unit: number, drawn())
  }

  /// The same of any unit, and with another seed than the block's own.
  @inline(never)
  func draw(_ block: Place, seed: UInt64, unit number: UInt8, _ drawn: Drawn) -> UInt32 {
    var value = unit(number)
    let hasUnit = !value.isEmpty
    if !hasUnit {
      value = request.requestID
      if value.isEmpty {
        let target = Image.heaviestTarget(block)
        if Watching.listens {
          tell(drawn, block, seed, .nothing(asked: number), value, nil, target)
        }
        return target
      }
    }
    let position = value.position(seed: seed)
    let interval = Image.interval(block, position: position)
    let target = Image.target(block, interval: interval)
    if Watching.listens {
      let source: Observation.Source =
        hasUnit ? .unit(asked: number, given: numberOfUnit(number)) : .requestID
      tell(drawn, block, seed, source, value, (position, interval), target)
    }
    return target
  }

  /// The target that a value draws, which is not empty: of an experiment, a holdout or a sample, which
  /// nothing stands in for. `number` is the unit's that it is of; nil: the request id.
  @inline(always)
  func draw(
    _ block: Place, by value: Text, of number: UInt8?, _ drawn: @autoclosure () -> Drawn
  ) -> UInt32 {
    let target = Image.draw(block, by: value)
    if Watching.listens { tell(drawn(), block, by: value, of: number, target) }
    return target
  }

  private func tell(
    _ drawn: Drawn, _ block: Place, by value: Text, of number: UInt8?, _ target: UInt32
  ) {
    let seed = block.u64(Layout.Allocation.seed)
    let position = value.position(seed: seed)
    let interval = Image.interval(block, position: position)
    let source: Observation.Source =
      number.map { .unit(asked: $0, given: numberOfUnit($0)) } ?? .requestID
    tell(drawn, block, seed, source, value, (position, interval), target)
  }

  private func tell(
    _ drawn: Drawn, _ block: Place, _ seed: UInt64, _ source: Observation.Source, _ value: Text,
    _ found: (position: UInt32, interval: Int)?, _ target: UInt32
  ) {
    observer.drew(
      Observation.Draw(
        kind: drawn.kind, owner: drawn.owner, part: drawn.part, block: block, seed: seed,
        again: drawn.again, source: source, value: value, position: found?.position ?? 0,
        interval: found?.interval, target: target))
  }

  /// A block of the allocations section, whose offset counts from 1.
  @inline(always)
  func allocation(_ offset: UInt32) -> Place { image.section(.allocations) + (offset &- 1) }
}
