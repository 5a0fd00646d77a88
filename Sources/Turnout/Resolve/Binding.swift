/// What a resolve left aside; a batch has at most so many elements that no sum outgrows its field.
struct Tally {
  /// Whether anything was.
  private(set) var isEmpty = true
  /// Attributes that no document declares.
  var undeclared: UInt32 = 0 { didSet { isEmpty = false } }
  /// Attributes of another type than declared: they count as missing.
  var mistyped: UInt32 = 0 { didSet { isEmpty = false } }
  /// Shadows that are switched off, or whose first cluster is not up.
  var shadows: UInt32 = 0 { didSet { isEmpty = false } }
  /// Assignments to cells that do not exist.
  var assignments: UInt32 = 0 { didSet { isEmpty = false } }
}

/// The evaluator: a request's context over one table. What it knows and notes is in the frame; see there.
struct Context<Watching: Observer> {
  let frame: Frame
  let observer: Watching

  init(_ frame: Frame, observer: Watching) {
    self.frame = frame
    self.observer = observer
  }
}

extension Context {
  /// Checks the request's attributes and finds the slot of each. False if one is not valid. Out of line,
  /// so that its loop has all registers.
  @inline(never)
  func bind() -> Bool {
    if constants.count > 0 { bindConstants() }
    if request.attributes.count == 0 { return true }
    let index = AttributeIndex(image)
    let slots = self.slots
    var attribute = request.attributes.first
    let end = request.attributes.end
    var slot = Slots.request
    repeat {
      if !bindText(attribute, slot, index, slots), !bind(attribute, slot) { return false }
      attribute = attribute.next
      slot &+= 1
    } while attribute != end
    return true
  }

  /// The usual case: a short name of an attribute declared as string, and an ASCII text. False: not done.
  @inline(always)
  private func bindText(
    _ attribute: AttributeReference, _ slot: UInt8, _ index: AttributeIndex, _ slots: Slots
  ) -> Bool {
    guard attribute.type == AttributeReference.string, let name = attribute.shortName,
      let known = index.find(short: name, .string)
    else { return false }
    let text = attribute.text
    let number = known.u32(Layout.AttributeSlot.number) &- 1
    if text.isShort {
      let key = text.shortKey
      if key & Text.keyNotASCII != 0 { return false }
      slots.set(number, slot, key: key)
      return true
    }
    guard text.isSized, text.count <= Format.nameBytesMax, text.isLongASCII else { return false }
    slots.set(number, slot, key: text.longTextKey)
    return true
  }

  /// Anything else, and what is not valid.
  @inline(never)
  private func bind(_ attribute: AttributeReference, _ slot: UInt8) -> Bool {
    let name = attribute.name.text
    guard name.isSized, attribute.isValidValue else { return false }
    guard let known = image.attribute(name) else {
      guard name.isUTF8 else { return false }
      tally.undeclared &+= 1
      return true
    }
    let number = known.u32(Layout.AttributeSlot.number) &- 1
    guard fits(attribute, known) else { return isMissing(attribute, number) }
    guard attribute.type == AttributeReference.string else {
      slots.set(number, slot)
      return true
    }
    let text = attribute.text
    // A traffic class that is too long to be one.
    if number == 0, text.count > Format.nameBytesMax { return false }
    slots.set(number, slot, key: text.key)
    return true
  }

  /// Constant attributes were checked at open.
  @inline(never)
  private func bindConstants() {
    var i = 0
    while i < constants.count {
      let attribute = constants[i]
      if let known = image.attribute(attribute.name.text) {
        let number = known.u32(Layout.AttributeSlot.number) &- 1
        if fits(attribute, known) {
          slots.set(
            number, Slots.constant &+ UInt8(truncatingIfNeeded: i), key: attribute.text.key)
        } else {
          _ = isMissing(attribute, number)
        }
      } else {
        tally.undeclared &+= 1
      }
      i &+= 1
    }
  }

  /// Whether the value has the type that the documents declare.
  @inline(always)
  private func fits(_ attribute: AttributeReference, _ known: Place) -> Bool {
    let declared = known.u8(Layout.AttributeSlot.type)
    switch attribute.type {
    case AttributeReference.string:
      if declared == AttributeType.string.rawValue { return true }
      return declared == AttributeType.version.rawValue && attribute.text.isVersion
    case AttributeReference.numeric: return declared == AttributeType.number.rawValue
    case AttributeReference.bool: return declared == AttributeType.boolean.rawValue
    default: return false
    }
  }

  /// A value that does not fit counts as missing; a traffic class must be a text.
  @inline(never)
  private func isMissing(_ attribute: AttributeReference, _ number: UInt32) -> Bool {
    if attribute.type != AttributeReference.null {
      if number == 0 { return false }
      tally.mistyped &+= 1
    }
    if number == 0 {
      slots.set(0, Slots.defaultTraffic, key: Slots.defaultTrafficKey)
    } else {
      slots.set(number, Slots.missing)
    }
    return true
  }

  /// The attribute behind a slot that is neither missing nor the default traffic class.
  @inline(always)
  func attribute(_ slot: UInt8) -> AttributeReference {
    slot >= Slots.constant
      ? constants[Int(slot &- Slots.constant)] : request.attributes[Int(slot &- Slots.request)]
  }

  /// The text behind a slot that is not missing.
  @inline(always)
  func text(_ slot: UInt8) -> Text {
    slot == Slots.defaultTraffic ? defaultTraffic : attribute(slot).text
  }

  @inline(always)
  var defaultTraffic: Text { image.section(.text).text(Format.defaultTraffic.utf8.count) }

  @inline(always)
  var traffic: Text { text(slots[0]) }

  var isProduction: Bool { slots[0] == Slots.defaultTraffic || traffic == defaultTraffic }

  /// Whether the request's class is in a set, whose map's number counts from 1; 0 is production alone.
  @inline(always)
  func hasTraffic(of set: UInt32) -> Bool {
    set == 0 && slots[0] == Slots.defaultTraffic || hasNamedTraffic(of: set)
  }

  @inline(never)
  private func hasNamedTraffic(of set: UInt32) -> Bool {
    set == 0 ? isProduction : image.contains(set: set &- 1, traffic)
  }
}
