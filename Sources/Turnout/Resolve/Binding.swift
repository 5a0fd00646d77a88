/// What a resolve left aside.
struct Tally {
  /// Attributes that no document declares.
  var undeclared: UInt64 = 0
  /// Attributes of another type than declared: they count as missing.
  var mistyped: UInt64 = 0
  /// Shadows that are switched off, or whose first cluster is not up.
  var shadows: UInt64 = 0
  /// Assignments to cells that do not exist.
  var assignments: UInt64 = 0
}

/// A request's context over one table: which attribute has which value. Lives for one request, or
/// for one batch, whose context is bound once.
struct Context<Watching: Observer> {
  let image: Image
  let revision: UInt64
  let overlay: OverlayStates
  let request: RequestReference
  /// Given once at open; a request's own attribute of the same name holds instead.
  let constants: Attributes
  let slots: Slots
  let observer: Watching
}

extension Context {
  /// Checks the request's attributes and finds the slot of each. False if one is not valid.
  @inline(always)
  func bind(_ tally: inout Tally) -> Bool {
    if constants.count > 0 { bindConstants(&tally) }
    let attributes = request.attributes
    var i = 0
    while i < attributes.count {
      let attribute = attributes[i]
      let name = attribute.name
      guard name.text.count > 0, name.text.isWithinLimits else { return false }
      let slot = Slots.request &+ UInt8(truncatingIfNeeded: i)
      if attribute.type == AttributeReference.string {
        let text = attribute.text
        guard text.isWithinLimits else { return false }
        let key = text.key
        if key & Text.keyNotASCII != 0, !text.isUTF8OutOfLine { return false }
        if let number = image.attribute(name.text, hash: name.hash), isString(number),
          number != 0 || text.count <= Format.nameBytesMax
        {
          slots.set(number, slot, key: key)
          i &+= 1
          continue
        }
      }
      guard bind(attribute, slot, &tally) else { return false }
      i &+= 1
    }
    return true
  }

  /// Anything but a text for an attribute declared as string, and what is not valid.
  @inline(never)
  private func bind(_ attribute: AttributeReference, _ slot: UInt8, _ tally: inout Tally) -> Bool {
    let name = attribute.name
    guard attribute.isValidValue else { return false }
    guard let number = image.attribute(name.text, hash: name.hash) else {
      guard name.text.isUTF8 else { return false }
      tally.undeclared &+= 1
      return true
    }
    guard fits(attribute, number) else { return isMissing(attribute, number, &tally) }
    // A traffic class that is too long to be one.
    if number == 0 { return false }
    slots.set(number, slot)
    return true
  }

  @inline(always)
  private func isString(_ number: UInt32) -> Bool {
    image.record(.attributes, number).u8(Layout.Attribute.type) == AttributeType.string.rawValue
  }

  /// Constant attributes were checked at open.
  @inline(never)
  private func bindConstants(_ tally: inout Tally) {
    var i = 0
    while i < constants.count {
      let attribute = constants[i]
      let name = attribute.name
      if let number = image.attribute(name.text, hash: name.hash) {
        if fits(attribute, number) {
          slots.set(
            number, Slots.constant &+ UInt8(truncatingIfNeeded: i), key: attribute.text.key)
        } else {
          _ = isMissing(attribute, number, &tally)
        }
      } else {
        tally.undeclared &+= 1
      }
      i &+= 1
    }
  }

  /// Whether the value has the type that the documents declare.
  @inline(always)
  private func fits(_ attribute: AttributeReference, _ number: UInt32) -> Bool {
    let declared = image.record(.attributes, number).u8(Layout.Attribute.type)
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
  private func isMissing(
    _ attribute: AttributeReference, _ number: UInt32, _ tally: inout Tally
  ) -> Bool {
    if attribute.type != AttributeReference.null {
      if number == 0 { return false }
      tally.mistyped &+= 1
    }
    slots.set(number, number == 0 ? Slots.defaultTraffic : Slots.missing)
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
  @inline(never)
  func hasTraffic(of set: UInt32) -> Bool {
    set == 0 ? isProduction : image.contains(set: set &- 1, traffic)
  }
}
