package import CTurnout

/// The elements of a batch: many units of one use case, or many use cases of one request, and a
/// decision for each.
@safe
package struct Batch {
  package let count: Int
  private let units: UnsafePointer<turnout_text>?
  private let useCases: UnsafePointer<turnout_name>?
  private let decisions: UnsafeMutableRawPointer?
  private let stride: Int

  /// Nil where the arguments do not fit: no array for a count, too many elements, a stride that is
  /// too small or not a multiple of 8. Of no elements the arrays may be null, as an empty vector's.
  @unsafe
  package init?(
    units: UnsafePointer<turnout_text>?, useCases: UnsafePointer<turnout_name>?, count: Int,
    decisions: UnsafeMutablePointer<turnout_decision>?, stride: Int
  ) {
    // SAFETY: only compares the addresses.
    let hasElements = unsafe (units != nil) != (useCases != nil) && decisions != nil
    guard count >= 0 && count <= Int(TURNOUT_BATCH_MAX), count == 0 || hasElements,
      stride >= DecisionReference.structSizeMin && stride <= DecisionReference.structSizeMax,
      stride % MemoryLayout<UInt>.alignment == 0
    else { return nil }
    self.count = count
    unsafe self.units = unsafe units
    unsafe self.useCases = unsafe useCases
    // SAFETY: only converts the address.
    unsafe self.decisions = decisions.map { UnsafeMutableRawPointer($0) }
    self.stride = stride
  }

  /// The decision of element `i`, which is below the count; nil if its struct_size does not fit.
  @inline(__always)
  func decision(_ i: Int) -> DecisionReference? {
    // SAFETY: the caller promised `count` decisions, `stride` bytes apart; with a count above 0
    // they are not null.
    let decision = unsafe DecisionReference(
      (decisions.unsafelyUnwrapped + i &* stride).assumingMemoryBound(to: turnout_decision.self))
    return decision.isWithinLimits && decision.structSize <= stride ? decision : nil
  }

  /// Whether its elements are use cases, not units.
  @inline(__always) var hasUseCases: Bool {
    // SAFETY: only looks whether there is an address.
    unsafe useCases != nil
  }

  @inline(__always)
  func useCase(_ i: Int) -> NameReference {
    // SAFETY: the caller promised `count` names, and there are some.
    unsafe NameReference(useCases.unsafelyUnwrapped[i])
  }

  @inline(__always)
  func unit(_ i: Int) -> Text {
    // SAFETY: the caller promised `count` units, and there are some.
    unsafe Text(units.unsafelyUnwrapped[i])
  }
}
