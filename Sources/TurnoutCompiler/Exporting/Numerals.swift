/// Counts as people read them.
package enum Numerals {
  /// 1234567 as `1,234,567`.
  package static func grouped(_ number: some BinaryInteger) -> String {
    let digits = Array(String(number))
    var text = ""
    for (index, digit) in digits.enumerated() {
      let left = digits.count - index
      if left % 3 == 0, index > 0, digits[index - 1] != "-" { text += "," }
      text.append(digit)
    }
    return text
  }

  /// `1 revision`, `2,000 revisions`.
  package static func count(
    _ number: some BinaryInteger, _ noun: String, plural: String? = nil
  ) -> String {
    grouped(number) + " " + (number == 1 ? noun : plural ?? noun + "s")
  }
}
