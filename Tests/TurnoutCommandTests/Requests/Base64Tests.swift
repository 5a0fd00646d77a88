import Foundation
import Testing

@testable import TurnoutCommand

@Suite struct Base64Tests {
  @Test func itDecodesWhatFoundationEncodes() {
    var seed: UInt64 = 1
    for count in 0..<200 {
      let bytes = (0..<count).map { _ in
        seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: seed >> 56)
      }
      #expect(Base64.decode(Data(bytes).base64EncodedString()) == bytes)
    }
  }

  @Test(arguments: ["A", "AA", "AAA", "AB==", "AAB=", "A===", "====", "AA=A", "AA AA", "AA-_"])
  func anythingElseIsRefused(_ text: String) {
    #expect(Base64.decode(text) == nil)
  }
}
