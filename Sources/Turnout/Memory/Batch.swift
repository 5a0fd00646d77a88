package import CTurnout

/// The elements of a batch: many units of one use case, or many use cases of one request, and a
/// decision for each.
@safe
package struct Batch {
  package let count: Int
  private let units: UnsafePointer<turnout_text>?
  private let useCases: UnsafePointer<turnout_name>?
  private let decisions: UnsafeMutableRawPointer
  private let stride: Int

  /// Nil where the arguments do not fit: no array for a count, too many elements, a stride that is
  /// too small or not a multiple of 8.
  @unsafe
  package init?(
    units: UnsafePointer<turnout_text>?, useCases: UnsafePointer<turnout_name>?, count: Int,
    decisions: UnsafeMutablePointer<turnout_decision>?, stride: Int
  ) {
    // SAFETY: only compares the addresses.
    let hasElements = unsafe (units != nil) != (useCases != nil)
    guard count >= 0 && count <= Int(TURNOUT_BATCH_MAX), count == 0 || hasElements,
      stride >= DecisionReference.structSizeMin && stride <= DecisionReference.structSizeMax,
      stride % MemoryLayout<UInt>.alignment == 0,
      // SAFETY: only converts the address.
      let decisions = unsafe decisions.map({ UnsafeMutableRawPointer($0) })
    else { return nil }
    self.count = count
    unsafe self.units = unsafe units
    unsafe self.useCases = unsafe useCases
    unsafe self.decisions = unsafe decisions
    self.stride = stride
  }

  /// The decision of element `i`, which is below the count; nil if its struct_size does not fit.
  func decision(_ i: Int) -> DecisionReference? {
    // SAFETY: the caller promised `count` decisions, `stride` bytes apart.
    let decision = unsafe DecisionReference(
      (decisions + i &* stride).assumingMemoryBound(to: turnout_decision.self))
    return decision.isWithinLimits && decision.structSize <= stride ? decision : nil
  }

  func useCase(_ i: Int, of request: RequestReference) -> NameReference {
    // SAFETY: the caller promised `count` names.
    if let useCases = unsafe useCases { return unsafe NameReference(useCases[i]) }
    return request.useCase
  }

  func unit(_ i: Int, of request: RequestReference) -> Text {
    // SAFETY: the caller promised `count` units.
    if let units = unsafe units { return unsafe Text(units[i]) }
    return request.unit
  }
}
