import Testing
import TurnoutCompiler

private func config(_ text: String, file: String = "doc.yaml") throws -> String {
  let checked = CheckedDocuments([
    Source(
      name: file,
      text: file.hasSuffix(".json")
        ? """
        { "turnout": 1, "unit": "user", "clusters": { "c": { "address": "x:1" } },
          "models": { "m": { "v": { "cluster": "c", "config": \(text) } } } }
        """
        : """
        turnout: 1
        unit: user
        clusters: { c: { address: x:1 } }
        models: { m: { v: { cluster: c, config: \(text) } } }
        """)
  ])
  #expect(checked.errors == "")
  return try #require(checked.document?.models.first?.versions.first?.config.json)
}

@Test(arguments: [
  // Words of YAML 1.1 are texts in the core schema of YAML 1.2.
  ("on", #""on""#), ("yes", #""yes""#), ("NO", #""NO""#), ("~", "null"), ("Null", "null"),
  ("True", "true"), ("FALSE", "false"), ("'true'", #""true""#), ("\"12\"", #""12""#),
  // Numbers that JSON can write are kept as written.
  ("0.80", "0.80"), ("1e3", "1e3"), ("1E+05", "1E+05"), ("-0", "-0"), ("-1.50", "-1.50"),
  ("123456789012345678901234567890", "123456789012345678901234567890"),
  // Others become the nearest that it can.
  ("+1", "1"), (".5", "0.5"), ("-.5e1", "-0.5e1"), ("5.", "5.0"), ("007", "7"), ("000", "0"),
  ("0x1F", "31"), ("0o17", "15"), ("0xFFFFFFFFFFFFFFFF", "18446744073709551615"),
  // No numbers at all.
  ("1_000", #""1_000""#), ("8.1.0", #""8.1.0""#), ("1e", #""1e""#), ("0x", #""0x""#),
  ("-a", #""-a""#), (".", #"".""#), ("0b1", #""0b1""#), ("+", #""+""#), ("12:30", #""12:30""#),
  ("2026-11-21", #""2026-11-21""#), ("-0x1F", #""-0x1F""#),
])
func plainScalarsOfAConfigFollowTheCoreSchema(_ yaml: String, _ json: String) throws {
  #expect(try config("{ k: \(yaml) }") == #"{"k":\#(json)}"#)
}

@Test func aConfigIsCompactAndItsKeysAreInByteOrder() throws {
  #expect(
    try config("{ b: [1, { z: {}, Z: [] }], a: , é: x, 10: y, 9: z }")
      == #"{"10":"y","9":"z","a":null,"b":[1,{"Z":[],"z":{}}],"é":"x"}"#)
  #expect(try config("{}") == "{}")
}

@Test func onlyWhatJSONForbidsIsEscaped() throws {
  #expect(
    try config(#"{ "q\"\\/": "\x00\x1f\x7f\t\n\r\b\f é \U0001F600" }"#)
      == #"{"q\"\\/":"\u0000\u001f"# + "\u{7f}" + #"\t\n\r\b\f é 😀"}"#)
}

@Test func jsonIsReadAsJSON() throws {
  let json = #"{ "a": "\ud83d\ude00 \u00e9 \/ \\ud83d", "b": 1.0, "c": [true, null] }"#
  #expect(
    try config(json, file: "doc.json") == #"{"a":"😀 é / \\ud83d","b":1.0,"c":[true,null]}"#)
  #expect(
    try config("{ \"a\": \"x \u{2028} y\u{85}\" }", file: "doc.json")
      == "{\"a\":\"x \u{2028} y\u{85}\"}")
  #expect(try config("{\n\t\"a\":\t1 }", file: "doc.json") == #"{"a":1}"#)
}

@Test func aMergedConfigIsWrittenFromItsEntries() {
  let config = Config(entries: [
    ConfigEntry(key: "a\"b", json: "1"), ConfigEntry(key: "c", json: "[2]"),
  ])
  #expect(config.json == #"{"a\"b":1,"c":[2]}"#)
}
