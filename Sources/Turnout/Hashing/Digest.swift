/// An XXH3-128 digest. Written as 32 lower-case hexadecimal digits, high half first.
public struct Digest: Sendable, Hashable, CustomStringConvertible {
  public var low: UInt64
  public var high: UInt64

  public init(low: UInt64, high: UInt64) {
    self.low = low
    self.high = high
  }

  public var description: String { Self.hex(high) + Self.hex(low) }

  private static func hex(_ half: UInt64) -> String {
    let digits = String(half, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }
}
