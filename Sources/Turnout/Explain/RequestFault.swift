/// What is wrong with a request that was refused as invalid, in words.
struct RequestFault {
  let request: RequestReference

  var words: String {
    if let list = sizes ?? lists { return list }
    let attributes = request.attributes
    guard attributes.isWithinLimits else {
      return "the attributes are more than \(Attributes.countMax), or NULL"
    }
    for i in 0..<attributes.count {
      if let fault = fault(of: attributes[i]) { return "attribute \(i &+ 1)\(fault)" }
    }
    return request.useCase.text.isUTF8
      ? "the request is not valid" : "the name of the use case is not UTF-8"
  }

  private var sizes: String? {
    let size = request.structSize
    if size < RequestReference.structSizeMin || size > RequestReference.structSizeMax {
      return "struct_size is \(size), which is no request's; begin with TURNOUT_REQUEST_INIT"
    }
    if !request.tailIsZero { return "bytes that this version does not know are not zero" }
    if request.flags & ~RequestReference.wantConfig != 0 { return "the flags are unknown" }
    if request.useCase.text.count == 0 { return "no use case is named" }
    if !request.useCase.text.isWithinLimits { return "the name of the use case\(Self.beyond)" }
    if !request.unit.isWithinLimits { return "the unit\(Self.beyond)" }
    if !request.requestID.isWithinLimits { return "the request id\(Self.beyond)" }
    return nil
  }

  private static var beyond: String { " is longer than \(Text.bytesMax) bytes, or NULL" }

  private var lists: String? {
    guard UInt(bitPattern: request.unitCount) <= UInt(RequestReference.unitsMax),
      request.unitCount == 0 || request.hasUnits
    else { return "the other units are more than \(RequestReference.unitsMax), or NULL" }
    guard UInt(bitPattern: request.assignmentCount) <= UInt(RequestReference.assignmentsMax),
      request.assignmentCount == 0 || request.hasAssignments
    else { return "the assignments are more than \(RequestReference.assignmentsMax), or NULL" }
    for i in 0..<request.unitCount {
      let unit = request.otherUnit(i)
      if !unit.name.text.isName { return "the name of other unit \(i &+ 1) is none" }
      if !unit.value.isWithinLimits { return "other unit \(i &+ 1)\(Self.beyond)" }
    }
    for i in 0..<request.assignmentCount {
      let assignment = request.assignment(i)
      if !assignment.experiment.text.isName {
        return "the experiment of assignment \(i &+ 1) is no name"
      }
      if !assignment.cell.isWithinLimits || !assignment.cell.isUTF8 {
        return "the cell of assignment \(i &+ 1) is no text"
      }
    }
    return nil
  }

  private func fault(of attribute: AttributeReference) -> String? {
    guard attribute.name.text.isName else {
      return ": its name is empty, longer than \(Text.bytesMax) bytes, or not UTF-8"
    }
    let name = Evaluation.Value(attribute.name.text).words
    guard attribute.isValidValue else {
      return switch attribute.type {
      case AttributeReference.string:
        ", \(name): its text is not UTF-8, or longer than \(Text.bytesMax) bytes"
      case AttributeReference.numeric: ", \(name): its number is not finite"
      case AttributeReference.bool: ", \(name): its boolean is neither 0 nor 1"
      default: ", \(name): its type is unknown"
      }
    }
    if attribute.name.text.says("traffic"), attribute.type != AttributeReference.null,
      attribute.type != AttributeReference.string || attribute.text.count > Format.nameBytesMax
    {
      return ", traffic: it must be a text of at most \(Format.nameBytesMax) bytes"
    }
    return nil
  }
}
