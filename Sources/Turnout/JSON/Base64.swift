/// Base64 as RFC 4648 has it.
enum Base64 {
  private static let digits = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func text(_ bytes: some Collection<UInt8>) -> String {
    var text: [UInt8] = []
    var word: UInt32 = 0
    var count = 0
    func digit(_ shift: UInt32) -> UInt8 { digits[Int(word &>> shift & 63)] }
    for byte in bytes {
      word = word &<< 8 | UInt32(byte)
      count &+= 1
      guard count == 3 else { continue }
      text += [digit(18), digit(12), digit(6), digit(0)]
      word = 0
      count = 0
    }
    if count > 0 {
      word = word &<< UInt32(24 &- count &* 8)
      text += [digit(18), digit(12)]
      text.append(count == 2 ? digit(6) : UInt8(ascii: "="))
      text.append(UInt8(ascii: "="))
    }
    return String(decoding: text, as: UTF8.self)
  }
}
