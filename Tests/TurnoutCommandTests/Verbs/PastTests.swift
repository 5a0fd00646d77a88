import Foundation
import Testing

/// `resolve --at` and `export --at` with a time.
@Suite struct PastTests {
  /// A store of two tables and a cluster that was down; `before` is a time when the first was head and
  /// the cluster down, in the place's file `then`.
  private func place() throws -> Workplace {
    let place = try Workplace()
    try place.publish(canary: 0)
    _ = try place.turnout("set", "cluster", "cw-a", "down", "--message", "disk")
    try mark(place)
    _ = try place.turnout("set", "cluster", "cw-a", "up")
    try place.publish(canary: 100)
    return place
  }

  /// Times of the history are to the nanosecond; one between two changes is a moment of its own.
  private func mark(_ place: Workplace) throws {
    let marked = try place.bash("date -u +%Y-%m-%dT%H:%M:%S.%NZ >then")
    #expect(marked.status == 0)
  }

  private let request =
    "resolve ContinueWatchingRanking --unit u_1 --set country=US --set device=tv"

  @Test func aTimeIsAnsweredByTheHeadTheOverlayAndTheClockOfThen() throws {
    let place = try place()
    let now = try place.bash("\"$turnout\" \(request) --json").json()
    expectEqual(now["version"], "v2")
    let then = try place.bash("\"$turnout\" \(request) --at \"$(cat then)\" --json").json()
    expectEqual(then["revision"], 1)
    expectEqual(then["version"], "v1")
    expectEqual(then["cluster"], "cw-b")
    expectEqual(then["fallback"], true)
    let at = try #require(then["at"] as? [String: Any])
    expectEqual(at["revision"], 1)
    expectEqual((at["overlay"] as? [[String: Any]])?.first?["name"], "cw-a")
    let text = try place.bash("\"$turnout\" \(request) --at \"@$(cat then)\"").output
    #expect(text.contains("UTC: revision 1, head by publish of "))
    #expect(text.contains("cluster cw-a was down\nContinueWatchingRanking → cw-ranker@v1\n"))
    // A revision by its number is asked under the overlay of now.
    let one = try place.bash("\"$turnout\" \(request) --at 1 --json").json()
    expectEqual(one["cluster"], "cw-a")
    expectEqual(one["at"], nil)
    let why = try place.bash("\"$turnout\" \(request) --at \"$(cat then)\" --explain").output
    #expect(why.contains("cluster cw-a was down\n") && why.contains("down"))
    let batch = try place.bash(
      "echo '{\"use_case\":\"Kids\",\"unit\":\"u\"}' | \"$turnout\" resolve --batch - --at \"$(cat then)\""
    )
    expectEqual(try batch.json()["cluster"], "cw-b")
    let export = try place.bash(
      "\"$turnout\" export --at \"$(cat then)\" | grep 'cw-ranker@v1: 100'")
    #expect(export.status == 0)
  }

  @Test func thenAndNowAreComparedInOneCommand() throws {
    let place = try place()
    let both = try place.bash("\"$turnout\" \(request) --at \"$(cat then)\" --and-now --json")
      .json()
    expectEqual((both["then"] as? [String: Any])?["version"], "v1")
    expectEqual((both["now"] as? [String: Any])?["version"], "v2")
    expectEqual(both["differs"], ["version", "config", "fallback"])
    let text = try place.bash("\"$turnout\" \(request) --at \"$(cat then)\" --and-now").output
    #expect(text.hasPrefix("then  ") && text.contains("\nnow\n"))
    #expect(text.hasSuffix("differs: version, config, fallback\n"))
    let same = try place.bash("\"$turnout\" resolve Chat --unit u_1 --at 1 --and-now")
    #expect(same.output.hasSuffix("the same answer then and now\n"))
    _ = try place.turnout("set", "use-case", "Chat", "off")
    let off = try place.bash("\"$turnout\" resolve Chat --unit u_1 --at 1s-ago --and-now")
    #expect(off.status == 0 || off.errors.contains("was empty"))
    let refused = try place.bash(
      "\"$turnout\" resolve Chat --unit u_1 --at \"$(cat then)\" --and-now")
    #expect(refused.status == 0 && refused.output.contains("Chat: disabled: "))
    for wrong in ["--and-now", "--at 1 --and-now --explain", "--at soon"] {
      #expect(try place.bash("\"$turnout\" resolve Chat \(wrong)").status == 2, "\(wrong)")
    }
  }

  @Test func experimentsAreTheOnesOfThen() throws {
    let place = try Workplace()
    let document = """
      turnout: 1
      unit: user
      clusters: { a: { address: "10.0.0.1:1" } }
      models: { m: { v1: { cluster: a }, v2: { cluster: a } } }
      layers: { l: {} }
      experiments:
        e: { layer: l, ends: ENDS, cells: { on: { model: m@v2 } } }
      use_cases: { U: { rules: [{ experiment: e }, { route: m@v1 }] } }
      """
    let end = try place.bash("date -u -d '2 seconds' +%Y-%m-%dT%H:%M:%SZ").output
      .trimmingCharacters(in: .whitespacesAndNewlines)
    try place.write(document.replacingOccurrences(of: "ENDS", with: end), to: "routing.yaml")
    #expect(try place.turnout("publish", "routing.yaml").status == 0)
    try mark(place)
    let waited = try place.bash(
      "for i in $(seq 200); do [ \"$(date -u +%Y-%m-%dT%H:%M:%SZ)\" \\> \(end) ] && exit 0; sleep 0.05; done; exit 1"
    )
    #expect(waited.status == 0)
    expectEqual(try place.turnout("resolve", "U", "--unit", "u", "--json").json()["version"], "v1")
    let then = try place.bash("\"$turnout\" resolve U --unit u --at \"$(cat then)\" --json")
    expectEqual(try then.json()["version"], "v2")
  }

  @Test func aTimeThatCannotBeAnsweredIsRefusedWithWhatToDo() throws {
    let place = try place()
    let early = try place.bash("\"$turnout\" \(request) --at 1h-ago")
    #expect(early.status == 3 && early.errors.contains("was empty: what happened first was at"))
    let late = try place.bash("\"$turnout\" \(request) --at 2200-01-01")
    #expect(late.status == 2 && late.errors.contains("has not come yet"))
    _ = try place.turnout("retention", "--keep", "1")
    try place.publish(canary: 50)
    let gone = try place.bash("\"$turnout\" \(request) --at \"$(cat then)\"")
    #expect(gone.status == 1)
    #expect(gone.errors.contains("revision 1 was head, and its table is no longer kept"))
    #expect(gone.errors.contains("`turnout retention --for 30d`"))
  }

  @Test func aDamagedHeadIsAnsweredAsEnginesDoWithAWarning() throws {
    let place = try place()
    #expect(try place.bash("rm turnout-store/tables/00000002.mdb").status == 0)
    let answered = try place.bash("\"$turnout\" \(request) --json")
    #expect(answered.status == 0, "\(answered.errors)")
    expectEqual(try answered.json()["revision"], 1)
    #expect(answered.errors.contains("warning: ") && answered.errors.contains("Revision 1 answers"))
    #expect(
      try place.bash("printf x | dd of=turnout-store/head bs=1 seek=50 conv=notrunc").status == 0)
    let before = try place.bash("\"$turnout\" \(request) --json")
    #expect(before.status == 0, "\(before.errors)")
    expectEqual(try before.json()["revision"], 1)
    #expect(try place.bash("rm turnout-store/tables/*").status == 0)
    #expect(try place.bash("\"$turnout\" \(request) --json").status != 0)
  }
}
