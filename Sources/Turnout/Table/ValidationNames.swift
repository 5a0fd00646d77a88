/// Attributes and units.
extension Validation {
  func checkNames() throws(Fault) {
    try checkDefaultTraffic()
    let attributes = count(.attributes)
    try check(
      attributes >= 1 && attributes <= Format.attributesMax, offset(.attributes),
      "no attributes, or too many")
    for number in 0..<attributes {
      let at = record(.attributes, number)
      try checkName(at)
      let type = AttributeType(rawValue: u8(at &+ Layout.Attribute.type))
      try check(type != nil, at &+ Layout.Attribute.type, "no such type")
      try check(number != 0 || type == .string, at, "the first attribute is not traffic")
      try checkZero(at &+ 7, at &+ 8)
    }
    try checkAttributeIndex(attributes)
    try checkUnits()
  }

  private func checkDefaultTraffic() throws(Fault) {
    let start = offset(.text)
    let count = Format.defaultTraffic.utf8.count
    try check(size(.text) >= count, start, "the text section is too short")
    var at = start
    for byte in Format.defaultTraffic.utf8 {
      try check(u8(at) == byte, start, "the text section begins otherwise")
      at &+= 1
    }
  }

  private func checkUnits() throws(Fault) {
    let units = count(.units)
    try check(units >= 1 && units <= Format.unitsMax, offset(.units), "no units, or too many")
    for number in 0..<units {
      let at = record(.units, number)
      try checkName(at)
      // Following `missing` comes to an end: at most as many steps as there are units.
      var step = u16(at &+ Layout.Unit.missing)
      var steps = 0
      while step != Format.none16 {
        try check(Int(step) < units && steps < units, at, "units replace each other in a circle")
        step = u16(record(.units, Int(step)) &+ Layout.Unit.missing)
        steps &+= 1
      }
    }
  }
}
