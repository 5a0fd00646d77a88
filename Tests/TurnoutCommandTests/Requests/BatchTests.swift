import Foundation
import Testing

@Suite struct BatchTests {
  @Test func answersComeInTheOrderOfTheLines() throws {
    let place = try Workplace()
    try place.publish()
    let names = (0..<500).map { ["Chat", "Kids", "Nobody", "Sleeping"][$0 % 4] }
    let lines = names.enumerated().map { #"{"use_case":"\#($1)","unit":"u_\#($0)"}"# }
    try place.write(lines.joined(separator: "\n"), to: "requests.jsonl")
    for batch in [
      try place.turnout("resolve", "--batch", "requests.jsonl"),
      try place.turnout("resolve", "--batch", "-", input: lines.joined(separator: "\r\n") + "\n\n"),
      try place.bash("\"$turnout\" resolve --batch <(cat requests.jsonl)"),
    ] {
      #expect(batch.status == 0, "\(batch.errors)")
      let decisions = try batch.jsonLines()
      #expect(decisions.count == names.count)
      for (name, decision) in zip(names, decisions) {
        switch name {
        case "Nobody": expectEqual(decision["status"], "unknown_use_case")
        case "Sleeping": expectEqual(decision["status"], "disabled")
        default: expectEqual(decision["use_case"], name)
        }
        #expect(Set(decision.keys) == ResolveTests.fields)
      }
    }
  }

  @Test func aLineAnswersAsArgumentsDo() throws {
    let place = try Workplace()
    try place.publish()
    let line = """
      {"use_case":"ContinueWatchingRanking","unit":"u_1","units":{"session":"s"},"context":\
      {"country":"US","tenure_days":12,"kids":false,"device":null},"request_id":"r","assignments":\
      {"cw-depth":"deeper","none":null},"now":"2026-11-20T00:00:00Z"}
      """
    let batch = try place.turnout("resolve", "--batch", "-", input: line)
    let single = try place.turnout(
      "resolve", "ContinueWatchingRanking", "--unit", "u_1", "--units", "session=s", "--set",
      "country=US", "--set", "tenure_days=12", "--set", "kids=false", "--request-id", "r", "--now",
      "2026-11-20T00:00:00Z", "--json")
    #expect(batch.status == 0, "\(batch.errors)")
    #expect(batch.output == single.output)

    let bytes = try place.turnout(
      "resolve", "--batch", "-",
      input: """
        {"use_case":"Chat","unit_base64":"dV8x"}
        {"use_case":"Chat","unit":"u_1"}
        """)
    #expect(bytes.lines.first == bytes.lines.last)
  }

  @Test func aValueOfAnotherTypeCountsAsMissing() throws {
    let place = try Workplace()
    try place.publish()
    let batch = try place.turnout(
      "resolve", "--batch", "-",
      input: #"{"use_case":"ContinueWatchingRanking","unit":"u","context":{"country":12}}"#)
    #expect(batch.status == 0)
    expectEqual(try batch.json()["status"], "missing_required")
  }

  @Test(arguments: [
    (#"{"use_case":"Chat","unit":"a","unit":"b"}"#, "-:31", "`unit` stands here twice"),
    (#"{"use_case":"Chat","context":{"n":1e999}}"#, "-:35", "too large"),
    (#"{"use_case":"Chat","context":{"n":01}}"#, "-:35", "zero"),
    (#"{"use_case":"Chat","context":{"n":NaN}}"#, "-:35", "expected a value"),
    (
      #"{"use_case":"Chat","context":{"traffic":[1]}}"#, "-:41", "`traffic` must be a text"
    ),
    (#"{"use_case":"Chat","context":{"n":[1}}"#, "-:37", "expected `,` or `]`"),
    (#"{"use_case":"Chat","units":{"user":{}}}"#, "-:36", "an object cannot stand here"),
    (#"{"use_case":"Chat","unit":12}"#, "-:27", "`unit` must be a text"),
    (#"{"use_case":"Chat","unti":"u"}"#, "-:20", "did you mean `unit`?"),
    (#"{"use_case":"Chat","now":"yesterday"}"#, "-:26", "a time is written as"),
    (#"{"use_case":"Chat","unit_base64":"?"}"#, "-:20", "Base64"),
    (#"{"use_case":"Chat","unit":"\ud800"}"#, "-:28", "surrogates in pairs"),
    (#"{"use_case":"Chat"} {}"#, "-:21", "more follows"),
    (#"{"use_case":"Chat""#, "-:19", "expected `,` or `}`"),
    (#"{"unit":"u"}"#, "-:1", "`use_case` is missing"),
    ("[]", "-:1", "expected an object"),
    ("use_case: Chat", "-:1", "expected an object"),
    ("{\"use_case\":\"Ch\tat\"}", "-:16", "control character"),
  ])
  func aBadLineIsNamedWithItsPlace(_ line: String, _ place: String, _ words: String) throws {
    let work = try Workplace()
    try work.publish()
    let good = #"{"use_case":"Chat","unit":"u"}"#
    let batch = try work.turnout(
      "resolve", "--batch", "-", input: [good, line, good].joined(separator: "\n"))
    #expect(batch.status == 1)
    let column = place.dropFirst(2)
    #expect(
      batch.errors.contains("standard input:2:\(column): "), "\(batch.errors)")
    #expect(batch.errors.contains(words), "\(batch.errors)")
    // Its answer keeps its place, so that answers pair with requests.
    #expect(
      try batch.jsonLines().map { $0["status"] as? String } == ["ok", "invalid_argument", "ok"])
  }

  @Test func aLineWithoutEndIsRefusedInBoundedMemory() throws {
    let place = try Workplace()
    try place.publish()
    let batch = try place.bash(
      """
      ulimit -v 1000000
      { head -c 50000000 /dev/zero | tr '\\0' ' '; echo; echo '{"use_case":"Chat","unit":"u"}'; } |
        "$turnout" resolve --batch -
      """)
    #expect(batch.errors.contains("longer than 1048576 bytes"), "\(batch.errors)")
    #expect(
      try batch.jsonLines().map { $0["status"] as? String } == ["invalid_argument", "ok"])
  }

  @Test func aHugeBatchStreamsInBoundedMemory() throws {
    let place = try Workplace()
    try place.publish()
    let batch = try place.bash(
      """
      ulimit -v 1000000
      seq 200000 | sed 's/.*/{"use_case":"Chat","unit":"u_&"}/' |
        "$turnout" resolve --batch - | grep -c '"status":"ok"'
      """)
    #expect(batch.output == "200000\n", "\(batch.errors)")
  }

  @Test func eachLineIsAnsweredBeforeTheNextIsWaitedFor() throws {
    let place = try Workplace()
    try place.publish()
    let talk = try place.bash(
      """
      coproc T { "$turnout" resolve --batch -; }
      for i in 1 2 3; do
        echo '{"use_case":"Chat","unit":"u"}' >&${T[1]}
        read -r -t 60 answer <&${T[0]} || exit 9
        echo "${answer:0:15}"
      done
      """)
    #expect(talk.status == 0)
    #expect(talk.output == String(repeating: "{\"status\":\"ok\",\n", count: 3))
  }

  @Test func aReaderThatLeavesEndsItQuietly() throws {
    let place = try Workplace()
    try place.publish()
    let left = try place.bash(
      """
      seq 20000 | sed 's/.*/{"use_case":"Chat","unit":"u_&"}/' > many.jsonl
      "$turnout" resolve --batch many.jsonl | head -1 | wc -l; echo "${PIPESTATUS[0]}"
      """)
    #expect(left.output == "1\n0\n")
    #expect(left.errors.isEmpty)
    let full = try place.bash("\"$turnout\" history > /dev/full")
    #expect(full.status == 3)
    #expect(full.errors.contains("No space left"))
  }

  @Test func aMissingBatchFileIsAFailure() throws {
    let place = try Workplace()
    try place.publish()
    let missing = try place.turnout("resolve", "--batch", "nowhere.jsonl")
    #expect(missing.status == 3)
    #expect(missing.errors.contains("nowhere.jsonl"))
  }
}
