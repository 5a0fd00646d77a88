/// What is wrong with a request whatever the table says. Everything that a resolve reads of its
/// caller's memory has passed here first.
extension RequestReference {
  /// Sizes and addresses, in constant time. Attributes are checked as they are bound.
  @inline(__always)
  package var isWithinLimits: Bool {
    guard contextIsWithinLimits else { return false }
    let name = useCase.text
    return name.count > 0 && name.isWithinLimits && unit.isWithinLimits
  }

  /// The same without what a batch gives itself.
  @inline(__always)
  package var contextIsWithinLimits: Bool {
    let size = structSize
    guard size == Self.structSizeMin || isLaterStruct(size) else { return false }
    return requestID.isWithinLimits && attributes.isWithinLimits
      && flags & ~Self.wantConfig == 0 && (unitCount | assignmentCount == 0 || listsAreWithinLimits)
  }

  /// A struct of a later version serves if what this one does not know is zero.
  @inline(never)
  private func isLaterStruct(_ size: Int) -> Bool {
    size > Self.structSizeMin && size <= Self.structSizeMax && tailIsZero
  }

  @inline(never)
  private var listsAreWithinLimits: Bool {
    guard UInt(bitPattern: unitCount) <= Self.unitsMax && (unitCount == 0 || hasUnits),
      UInt(bitPattern: assignmentCount) <= Self.assignmentsMax
        && (assignmentCount == 0 || hasAssignments)
    else { return false }
    for i in 0..<unitCount {
      let unit = otherUnit(i)
      guard unit.name.text.isName && unit.value.isWithinLimits else { return false }
    }
    for i in 0..<assignmentCount {
      let assignment = assignment(i)
      guard
        assignment.experiment.text.isName && assignment.cell.isWithinLimits
          && assignment.cell.isUTF8
      else { return false }
    }
    return true
  }

  /// Whether every attribute is well formed: for the answers that come before any is bound.
  @inline(never)
  var hasValidAttributes: Bool { attributes.areValid }

  static let structSizeMax = 4_096
  static let unitsMax = 16
  static let assignmentsMax = 256
}

extension Text {
  /// Whether it may stand as a name: not empty, of a sane size, UTF-8.
  var isName: Bool { count > 0 && isWithinLimits && isUTF8 }
}

extension AttributeReference {
  /// Whether name and value are well formed.
  var isValid: Bool { name.text.isName && isValidValue }

  @inline(__always)
  var isValidValue: Bool {
    switch type {
    case Self.string:
      let text = text
      return text.isWithinLimits && text.isUTF8
    case Self.numeric: return number.isFinite
    case Self.bool: return boolean <= 1
    default: return type == Self.null
    }
  }
}
