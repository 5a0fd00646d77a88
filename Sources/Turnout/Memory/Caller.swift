package import CTurnout

/// What a caller passed, read in place during one call. Everything here may be hostile except its
/// extent: a pointer with a count is the caller's promise that so much is readable.
@safe
package struct RequestReference {
  let pointer: UnsafePointer<turnout_request>

  /// - Safety: the request, and all that it points to, is readable during the call.
  @unsafe
  package init(_ pointer: UnsafePointer<turnout_request>) {
    // SAFETY: only keeps the address; what it promises, the type says.
    unsafe self.pointer = unsafe pointer
  }

  // SAFETY, for all accessors: the caller keeps the request readable during the call.
  @inline(__always) var structSize: Int {
    // SAFETY: as above.
    unsafe pointer.pointee.struct_size
  }
  @inline(__always) var useCase: NameReference {
    // SAFETY: as above.
    unsafe NameReference(pointer.pointee.use_case)
  }
  @inline(__always) var unit: Text {
    // SAFETY: as above.
    unsafe Text(pointer.pointee.unit)
  }
  @inline(__always) var requestID: Text {
    // SAFETY: as above.
    unsafe Text(pointer.pointee.request_id)
  }
  @inline(__always) var flags: UInt64 {
    // SAFETY: as above.
    unsafe pointer.pointee.flags
  }
  /// 0: the system's clock.
  @inline(__always) var now: Int64 {
    // SAFETY: as above.
    unsafe pointer.pointee.now_ns
  }
  @inline(__always) var attributes: Attributes {
    // SAFETY: as above.
    unsafe Attributes(pointer.pointee.attributes, pointer.pointee.attribute_count)
  }
  @inline(__always) var unitCount: Int {
    // SAFETY: as above.
    unsafe pointer.pointee.unit_count
  }
  @inline(__always) var assignmentCount: Int {
    // SAFETY: as above.
    unsafe pointer.pointee.assignment_count
  }
  var hasUnits: Bool {
    // SAFETY: as above.
    unsafe pointer.pointee.units != nil
  }
  var hasAssignments: Bool {
    // SAFETY: as above.
    unsafe pointer.pointee.assignments != nil
  }

  /// Name and value of a unit; `i` is below the count, which is above 0.
  @inline(__always)
  func otherUnit(_ i: Int) -> (name: NameReference, value: Text) {
    // SAFETY: Arguments.check found the array not null and its count within bounds.
    let unit = unsafe pointer.pointee.units.unsafelyUnwrapped + i
    // SAFETY: as above.
    return unsafe (NameReference(unit.pointee.name), Text(unit.pointee.value))
  }

  func assignment(_ i: Int) -> (experiment: NameReference, cell: Text) {
    // SAFETY: as for otherUnit().
    let assignment = unsafe pointer.pointee.assignments.unsafelyUnwrapped + i
    // SAFETY: as above.
    return unsafe (
      NameReference(assignment.pointee.experiment), Text(assignment.pointee.cell)
    )
  }

  /// Whether the bytes that this library does not know, up to struct_size, are zero.
  var tailIsZero: Bool {
    var i = Self.structSizeMin
    while i < structSize {
      // SAFETY: struct_size is the caller's promise; Arguments.check bounds it.
      if unsafe UnsafeRawPointer(pointer).load(fromByteOffset: i, as: UInt8.self) != 0 {
        return false
      }
      i &+= 1
    }
    return true
  }

  /// What is assigned for an experiment, the later of two; nil if nothing is. A cell of no text keeps
  /// the unit out.
  func assignment(for experiment: Text) -> Text? {
    var i = assignmentCount
    while i > 0 {
      i &-= 1
      let assignment = assignment(i)
      if assignment.experiment.text == experiment { return assignment.cell }
    }
    return nil
  }

  // Computed, for a stored one would be initialised behind a lock.
  @inline(__always) static var structSizeMin: Int {
    // SAFETY: only the type's size.
    unsafe MemoryLayout<turnout_request>.size
  }
  @inline(__always) static var wantConfig: UInt64 { 1 }
}

/// A text that may carry its hash.
@safe
struct NameReference {
  let text: Text
  private let given: UInt64

  @inline(__always)
  init(_ name: turnout_name) {
    // SAFETY: the caller keeps it readable during the call.
    text = unsafe Text(name.data, name.size)
    // SAFETY: as above.
    given = unsafe name.hash
  }

  @inline(__always) var hash: UInt64 { given != 0 ? given : text.hash64 }
}

extension Text {
  @inline(__always)
  init(_ text: turnout_text) {
    // SAFETY: the caller keeps it readable during the call.
    unsafe self.init(text.data, text.size)
  }

  /// Whether there is no text at all, not even an empty one.
  var isAbsent: Bool {
    // SAFETY: only looks whether there is an address.
    unsafe address == nil
  }

  /// Whether the address fits the count, and the count the limit. A size_t above Int.max arrives as
  /// a negative count, hence the unsigned comparison, here and wherever a caller's count is bounded.
  @inline(__always)
  var isWithinLimits: Bool {
    count == 0 || isSized
  }

  /// The same of a text that may not be empty, as a name.
  @inline(__always)
  var isSized: Bool {
    // SAFETY: only looks whether there is an address.
    unsafe UInt(bitPattern: count &- 1) < UInt(TURNOUT_BYTES_MAX) && address != nil
  }

  /// The same of at most so many bytes.
  @inline(__always)
  func isSized(atMost bytes: Int) -> Bool {
    // SAFETY: only looks whether there is an address.
    unsafe UInt(bitPattern: count &- 1) < UInt(bitPattern: bytes) && address != nil
  }

  /// Not empty, and in a key whole.
  @inline(__always) var isShort: Bool { isSized(atMost: Format.keyTextBytesMax) }

  /// The most bytes of a caller's text.
  static var bytesMax: Int { Int(TURNOUT_BYTES_MAX) }

  /// Whether the text says the same as a literal.
  func says(_ literal: StaticString) -> Bool {
    // SAFETY: a literal of more than one character has an address, and lives for ever.
    unsafe self == Text(literal.utf8Start, literal.utf8CodeUnitCount)
  }
}

/// Some attributes: a request's, or those given once at open.
@safe
package struct Attributes: @unchecked Sendable {
  private let base: UnsafePointer<turnout_attribute>?
  let count: Int

  /// - Safety: `count` attributes from `base` on are readable during the call.
  @unsafe @inline(__always)
  package init(_ base: UnsafePointer<turnout_attribute>?, _ count: Int) {
    // SAFETY: only keeps the address; what it promises, the type says.
    unsafe self.base = unsafe base
    self.count = count
  }

  package static var none: Attributes {
    // SAFETY: of none, nothing is read.
    unsafe Attributes(nil, 0)
  }
  static let countMax = Int(TURNOUT_ATTRIBUTES_MAX)

  var isWithinLimits: Bool {
    // SAFETY: only compares the address.
    UInt(bitPattern: count) <= UInt(Self.countMax) && (unsafe base != nil || count == 0)
  }

  /// There is one.
  @inline(__always)
  var first: AttributeReference {
    // SAFETY: with a count above 0 base is not null, as isWithinLimits has checked.
    unsafe AttributeReference(pointer: base.unsafelyUnwrapped)
  }

  /// Behind the last.
  @inline(__always)
  var end: AttributeReference {
    // SAFETY: the caller promised `count` attributes.
    unsafe AttributeReference(pointer: first.pointer + count)
  }

  /// `i` is below the count, which isWithinLimits has checked.
  @inline(__always)
  subscript(i: Int) -> AttributeReference {
    // SAFETY: the caller promised `count` attributes; with a count above 0 base is not null.
    unsafe AttributeReference(pointer: base.unsafelyUnwrapped + i)
  }
}

@safe
struct AttributeReference {
  let pointer: UnsafePointer<turnout_attribute>

  @inline(__always)
  init(pointer: UnsafePointer<turnout_attribute>) {
    // SAFETY: only keeps the address; what it promises, the type says.
    unsafe self.pointer = unsafe pointer
  }

  // SAFETY, for all accessors: as for RequestReference.
  @inline(__always) var name: NameReference {
    // SAFETY: as above.
    unsafe NameReference(pointer.pointee.name)
  }
  @inline(__always) var type: UInt32 {
    // SAFETY: as above.
    unsafe pointer.pointee.type
  }
  @inline(__always) var text: Text {
    // SAFETY: as above.
    unsafe Text(pointer.pointee.text)
  }
  @inline(__always) var number: Double {
    // SAFETY: as above.
    unsafe pointer.pointee.number
  }
  @inline(__always) var boolean: UInt32 {
    // SAFETY: as above.
    unsafe pointer.pointee.boolean
  }

  /// The one behind it, or the end.
  @inline(__always) var next: AttributeReference {
    // SAFETY: only the address is made.
    unsafe AttributeReference(pointer: pointer + 1)
  }

  @inline(__always)
  static func != (a: AttributeReference, b: AttributeReference) -> Bool {
    // SAFETY: only compares the addresses.
    unsafe a.pointer != b.pointer
  }

  /// The name, if it is no longer than its words say it.
  @inline(__always)
  var shortName: Text? {
    let name = name.text
    return name.isSized(atMost: Text.nameWordsBytes) ? name : nil
  }

  @inline(__always) static var null: UInt32 { 0 }
  @inline(__always) static var string: UInt32 { 1 }
  @inline(__always) static var numeric: UInt32 { 2 }
  @inline(__always) static var bool: UInt32 { 3 }
}
