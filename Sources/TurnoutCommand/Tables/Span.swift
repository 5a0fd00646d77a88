import ArgumentParser

/// A length of time as an argument.
struct Span: ExpressibleByArgument {
  let seconds: Int64

  /// Numbers with units, the larger first: `1h30m`.
  init?(argument: String) {
    let units: [Character: Int64] = ["d": 86_400, "h": 3_600, "m": 60, "s": 1]
    var total: Int64 = 0
    var number: Int64?
    var last = Int64.max
    for character in argument {
      if character.isASCII, let digit = character.wholeNumberValue {
        let (tens, overflow) = (number ?? 0).multipliedReportingOverflow(by: 10)
        guard !overflow, tens < .max / 100_000 else { return nil }
        number = tens + Int64(digit)
      } else if let unit = units[character], let count = number, unit < last {
        let (part, overflow) = count.multipliedReportingOverflow(by: unit)
        let (sum, sumOverflow) = total.addingReportingOverflow(part)
        guard !overflow, !sumOverflow else { return nil }
        total = sum
        number = nil
        last = unit
      } else {
        return nil
      }
    }
    guard number == nil, last != .max else { return nil }
    seconds = total
  }
}
