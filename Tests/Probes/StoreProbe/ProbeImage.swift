package import Turnout

/// Stand-ins for compiled tables: the header that a store looks at, and bytes that follow from a
/// seed.
package enum ProbeImage {
  private static let headerBytes = 32

  package static func make(seed: UInt64, bytes count: Int) -> [UInt8] {
    var body: [UInt8] = []
    body.reserveCapacity(count)
    var state = seed
    while body.count < max(0, count - headerBytes) {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      for shift in stride(from: 56, through: 0, by: -8) {
        body.append(UInt8(truncatingIfNeeded: state >> UInt64(shift)))
      }
    }
    body.removeLast(body.count - max(0, count - headerBytes))
    let digest = body.withBytes { $0.digest(from: 0) }
    var image = Array("TURNOUT\0".utf8)
    image.append(contentsOf: littleEndian(1))
    image.append(contentsOf: littleEndian(digest.low) + littleEndian(digest.high))
    return image + body
  }

  private static func littleEndian(_ value: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
  }

  /// The digest of an image's body and the one in its header, when they agree.
  package static func digest(_ image: Bytes) -> Digest? {
    guard let low = image.u64(16), let high = image.u64(24) else { return nil }
    let digest = Digest(low: low, high: high)
    return image.digest(from: headerBytes) == digest ? digest : nil
  }
}
