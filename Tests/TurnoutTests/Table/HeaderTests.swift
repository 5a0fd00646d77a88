import StatedStore
import Testing

@testable import Turnout

/// What the header says of the whole image.
@Suite struct HeaderTests {
  private static func put(_ value: Int, at offset: Int, bytes: Int, in image: inout [UInt8]) {
    for byte in 0..<bytes { image[offset + byte] = UInt8(truncatingIfNeeded: value >> (8 * byte)) }
  }

  private static func refusal(_ image: [UInt8]) -> TurnoutError? {
    image.withBytes { bytes in
      do throws(TurnoutError) {
        _ = try Image.validate(bytes)
        return nil
      } catch {
        return error
      }
    }
  }

  /// The last section with anything in it, cut so that it ends with the image, and is followed by less
  /// than its padding.
  @Test func aSectionThatEndsWithTheImageIsRefused() throws {
    let whole = StatedImage.encode(7, words: 64)
    #expect(Self.refusal(whole) == nil)
    let slot = Format.sectionTable + Section.routingKeyIndex.rawValue * 8
    let start = whole.withBytes { Int($0.u32(slot) ?? 0) }
    for size in [8, 56, 72] {
      var image = Array(whole.prefix(start + size))
      Self.put(size, at: slot + 4, bytes: 4, in: &image)
      Self.put(image.count, at: 32, bytes: 8, in: &image)
      StatedImage.seal(&image)
      #expect(
        Self.refusal(image)?.message
          == "the table is damaged at byte \(slot): a section reaches outside")
    }
  }

  /// Offsets have 32 bits. The file has holes instead of bytes, none of which is read.
  @Test func anImageBeyondWhatOffsetsReachIsRefused() throws {
    let folder = try TemporaryFolder()
    let file = try File.open(folder.path + "/image", .make)
    try file.write(Array(StatedImage.encode(7, words: 64).prefix(64)))
    try file.truncate(size: Format.imageBytesMax + 1)
    let mapping = try Mapping.map(file)
    defer { mapping.unmap() }
    let error = #expect(throws: TurnoutError.self) { try Image.validate(mapping.bytes) }
    #expect(
      error?.message
        == "the table is damaged at byte 32: the image is larger than an image may be")
  }
}
