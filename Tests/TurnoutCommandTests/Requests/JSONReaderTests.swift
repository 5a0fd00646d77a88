import Testing

@testable import TurnoutCommand

@Suite struct JSONReaderTests {
  private func read(_ value: String) -> JSONReader.Scalar? {
    var reader = JSONReader(Array(value.utf8))
    guard let scalar = try? reader.scalar(), (try? reader.end()) != nil else { return nil }
    return scalar
  }

  @Test(
    arguments: [
      ("0", 0), ("-0.5", -0.5), ("12", 12), ("1e3", 1_000), ("1.25E-2", 0.0125), ("1E+2", 100),
      ("123456789012345678901234567890", 123456789012345678901234567890.0), ("1e-400", 0),
    ] as [(String, Double)])
  func numbersAreDoubles(_ text: String, _ number: Double) {
    guard case .number(number) = read(text) else {
      Issue.record("\(text) was not read as \(number)")
      return
    }
  }

  @Test(arguments: ["+1", "01", "1.", ".5", "1e", "--1", "1e999", "Infinity", "0x10", "1_000", "-"])
  func whatIsNoNumberIsRefused(_ text: String) {
    #expect(read(text) == nil)
  }

  @Test(arguments: [
    (#""""#, ""), (#""a\"b\\c\/d""#, #"a"b\c/d"#), (#""\u00e9\ud83d\ude00\n""#, "é😀\n"),
    (#""naïve 😀""#, "naïve 😀"), (#""\u0000""#, "\u{0}"),
  ])
  func textsAreWhatTheyEscape(_ text: String, _ content: String) {
    guard case .string(content) = read(text) else {
      Issue.record("\(text) was not read as \(content)")
      return
    }
  }

  @Test(arguments: [
    #"""#, #""\x""#, #""\u12""#, #""\ude00""#, #""\ud83d""#, #""\ud83d\u0041""#, #""\u00g0""#,
    "\"a\nb\"", "truth", "nul", "",
  ])
  func whatIsNoValueIsRefused(_ text: String) {
    #expect(read(text) == nil)
  }

  @Test func bytesThatAreNotUTF8AreRefused() {
    var reader = JSONReader([0x22, 0xff, 0x22])
    #expect(throws: JSONReader.Fault.self) { try reader.scalar() }
  }

  @Test func anyBytesAtAllAreReadOrRefused() {
    let seeds = [
      #"{"use_case":"a","unit":"b","units":{"c":"d"},"context":{"e":1.5e3,"f":true,"g":null}}"#,
      #"{"use_case":"\u00e9","assignments":{"x":null},"now":"2026-11-20T00:00:00Z"}"#,
    ]
    var state: UInt64 = 7
    func next(_ below: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % below
    }
    for _ in 0..<20_000 {
      var bytes = Array(seeds[next(seeds.count)].utf8)
      for _ in 0...next(4) {
        switch next(3) {
        case 0: bytes[next(bytes.count)] = UInt8(next(256))
        case 1: bytes.remove(at: next(bytes.count))
        default: bytes.insert(Array("\"\\{}[],:u0e".utf8)[next(11)], at: next(bytes.count))
        }
      }
      do throws(JSONReader.Fault) {
        _ = try RequestLine.read(bytes)
      } catch {
        #expect(error.offset <= bytes.count)
      }
    }
  }

  @Test func namesThatOnlyLookAlikeAreTwo() throws {
    var reader = JSONReader(Array(#"{"\u00e9": 1, "e\u0301": 2}"#.utf8))
    var count = 0
    try reader.object { reader, _, _ throws(JSONReader.Fault) in
      _ = try reader.scalar()
      count += 1
    }
    #expect(count == 2)
  }
}
