import Testing
import Turnout

/// A document as bytes is written as the same text would be: the store's sources are written so.
struct JSONWriterTests {
  private static let texts: [String] = [
    "", "plain", "a: 1\nb: \"two\"\r\n", "\\", "\"", "\u{0}\u{1}\u{7}\u{8}\u{b}\u{c}\u{1f}\u{7f}",
    "\t- ü é 😀 \u{2028}", String(repeating: "x\n", count: 1_000) + "\\",
  ]

  @Test(arguments: texts) func bytesAreWrittenAsTheTextThatTheyAre(_ text: String) {
    var byText = JSONWriter()
    var byBytes = JSONWriter()
    for _ in 0..<2 {
      byText.beginObject()
      byText.field("text", text)
      byText.endObject()
      byBytes.beginObject()
      byBytes.field("text", utf8: Array(text.utf8))
      byBytes.endObject()
    }
    #expect(byText.bytes == byBytes.bytes)
  }

  @Test func whatAStringMayNotHoldIsEscaped() {
    var writer = JSONWriter()
    writer.string(utf8: Array("a\"b\\c\n\u{1}\u{1f}".utf8))
    #expect(String(decoding: writer.bytes, as: UTF8.self) == #""a\"b\\c\n\u0001\u001f""#)
  }
}
