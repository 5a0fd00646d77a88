/// Names and texts in words, for comparing with one load.
extension Format {
  /// The two words by which the index of attributes knows a name, and where the search for it begins.
  package static func nameWords(_ name: [UInt8]) -> (first: UInt64, last: UInt64) {
    func word(_ bytes: ArraySlice<UInt8>) -> UInt64 {
      bytes.enumerated().reduce(0) { $0 | UInt64($1.element) << UInt64($1.offset * 8) }
    }
    return (word(name.prefix(8)), name.count < 8 ? 0 : word(name.suffix(8)))
  }

  @inline(__always)
  package static func attributeHash(_ first: UInt64, _ last: UInt64) -> UInt64 {
    ((first ^ (last &<< 32 | last &>> 32)) &* 0x9E37_79B9_7F4A_7C15) &>> 32
  }

  /// The key of a text of at most ``keyTextBytesMax`` bytes: its bytes, little-endian, and above
  /// them their number; of a longer one so many of its bytes, and ``longKey``.
  package static func key(_ text: [UInt8]) -> UInt64 {
    var key = text.count > keyTextBytesMax ? longKey : UInt64(text.count) << 56
    for (i, byte) in text.prefix(keyTextBytesMax).enumerated() {
      key |= UInt64(byte) << UInt64(i * 8)
    }
    return key
  }

  /// The highest byte of a key that is not the whole text.
  @inline(__always) package static var longKey: UInt64 { 0xFF00_0000_0000_0000 }
}
