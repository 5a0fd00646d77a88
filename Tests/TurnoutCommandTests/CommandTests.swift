import Testing

/// What all verbs have in common.
@Suite struct CommandTests {
  @Test(arguments: [
    "check", "publish", "resolve", "history", "stat", "activate", "rollback", "compile", "apply",
    "set", "overlay", "export", "diff", "retention", "pin", "unpin", "graph", "fmt", "schema",
    "verify", "backup", "restore", "access", "envoy-config",
  ])
  func everyVerbTeachesByExample(_ verb: String) throws {
    let help = try Workplace().turnout(verb, "--help")
    #expect(help.status == 0)
    #expect(help.errors.isEmpty)
    #expect(help.output.contains("  turnout \(verb)"))
  }

  @Test func theCommandExplainsItself() throws {
    let place = try Workplace()
    let help = try place.turnout("--help")
    #expect(help.status == 0)
    #expect(help.output.contains("Exit status"))
    #expect(try place.turnout().status == 0)
    #expect(try place.turnout("--version").output == "0.1.0\n")
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func shellsCompleteEveryVerb(_ shell: String) throws {
    let script = try Workplace().turnout("--generate-completion-script", shell)
    #expect(script.status == 0)
    for verb in ["check", "resolve", "export", "set", "overlay"] {
      #expect(script.output.contains(verb))
    }
  }

  @Test(arguments: [
    ["nonsense"], ["publish"], ["resolve"], ["resolve", "X", "--batch", "f"], ["activate"],
    ["resolve", "X", "--set", "novalue"], ["resolve", "X", "--now", "noon"], ["stat", "--frob"],
    ["resolve", "X", "--set", "a=1", "--set", "a=2"], ["history", "--limit", "0"],
    ["resolve", "X", "--assign", "a=1", "--assign", "a="], ["export", "-o", ""],
    ["resolve", "X", "--repeat", "0"], ["resolve", "X", "--repeat", "5", "--at", "1"],
    ["stat", "--store", ""], ["pin"], ["rollback", "last"],
  ])
  func wrongUsageIsTwo(_ arguments: [String]) throws {
    let place = try Workplace()
    let quoted = arguments.map { "'\($0)'" }.joined(separator: " ")
    let wrong = try place.bash("\"$turnout\" \(quoted)")
    #expect(wrong.status == 2, "\(wrong.errors)")
    #expect(wrong.output.isEmpty)
    #expect(wrong.errors.hasPrefix("error: "))
  }

  @Test(arguments: [
    (["publsh", "routing.yaml"], "`turnout` has no `publsh`; did you mean `publish`?"),
    (["hlep"], "`turnout` has no `hlep`; did you mean `help`?"),
    (
      ["set", "clutser", "watch", "down"], "`turnout set` has no `clutser`; did you mean `cluster`?"
    ),
    (["frobnicate"], "`turnout` has no `frobnicate`\n"),
    (["stat", "--max-aeg", "1h"], "Unknown option '--max-aeg'. Did you mean '--max-age'?"),
  ])
  func aMistypedWordIsAnsweredWithTheNearest(_ arguments: [String], _ words: String) throws {
    let wrong = try Workplace().turnout(arguments)
    #expect(wrong.status == 2)
    #expect(wrong.output.isEmpty)
    #expect(wrong.errors.hasPrefix("error: " + words), "\(wrong.errors)")
  }

  @Test(arguments: [
    ["check", "gone.yaml"], ["check", "wrong.yaml", "gone.yaml"], ["publish", "gone.yaml"],
    ["publish", "gone.yaml", "--dry-run"], ["compile", "gone.yaml", "-o", "a.table"],
    ["fmt", "gone.yaml"], ["graph", "X", "--from", "gone.yaml"],
    ["diff", "gone.yaml", "gone.yaml"],
    ["check", "gone.yaml", "--json"],
  ])
  func aDocumentThatCannotBeReadIsAFailureEverywhere(_ arguments: [String]) throws {
    let place = try Workplace()
    try place.write("turnout: 1\nuse_case: {}\n", to: "wrong.yaml")
    let failed = try place.turnout(arguments)
    #expect(failed.status == 3, "\(failed.errors)")
    #expect((failed.output + failed.errors).contains("gone.yaml"))
    #expect(!place.exists("turnout-store"))
  }

  @Test(
    arguments: [
      (["check", "wrong.yaml"], 1), (["publish", "wrong.yaml"], 1),
      (["compile", "wrong.yaml", "-o", "a.table"], 1), (["graph", "X", "--from", "wrong.yaml"], 1),
      (["fmt", "none.yaml"], 1), (["diff", "wrong.yaml", "wrong.yaml"], 2),
    ] as [([String], Int32)])
  func aWrongOneIsNot(_ arguments: [String], _ status: Int32) throws {
    let place = try Workplace()
    try place.write("turnout: 1\nuse_case: {}\n", to: "wrong.yaml")
    try place.write("unit: user\n", to: "none.yaml")
    #expect(try place.turnout(arguments).status == status)
  }

  @Test(arguments: [
    ["resolve", "X"], ["history"], ["stat"], ["activate", "1"], ["rollback"],
    ["resolve", "--batch", "-"],
  ])
  func withoutAStoreTheStoreIsNamed(_ arguments: [String]) throws {
    let place = try Workplace()
    let failed = try place.bash("\"$turnout\" \(arguments.joined(separator: " ")) --store nowhere")
    #expect(failed.status == 3)
    #expect(failed.output.isEmpty)
    #expect(failed.errors.contains("There is no store at nowhere"))
    #expect(!place.exists("nowhere"))
  }

  @Test func theStoreMayBeNamedByTheEnvironment() throws {
    let place = try Workplace()
    try place.write(Workplace.document(), to: "routing.yaml")
    let environment = ["TURNOUT_STORE": "elsewhere"]
    #expect(try place.turnout("publish", "routing.yaml", environment: environment).status == 0)
    #expect(place.exists("elsewhere/head"))
    #expect(try place.turnout("stat", environment: environment).status == 0)
    #expect(try place.turnout("stat", "--store", "other", environment: environment).status == 3)
    #expect(try place.turnout("stat").status == 3)
  }

  @Test func colourIsForTerminalsAndNotUnderNO_COLOR() throws {
    let place = try Workplace()
    try place.publish()
    let terminal = "script -qec '\"$turnout\" history' /dev/null"
    guard try place.bash("command -v script").status == 0 else { return }
    let colored = try place.bash(terminal, environment: ["TERM": "xterm"])
    #expect(colored.output.contains("\u{1b}["))
    let plain = try place.bash(terminal, environment: ["TERM": "xterm", "NO_COLOR": "1"])
    #expect(!plain.output.contains("\u{1b}["))
    #expect(try !place.turnout("history").output.contains("\u{1b}["))
    let failed = try place.bash(
      "script -qec '\"$turnout\" stat --store x' /dev/null",
      environment: ["TERM": "xterm", "NO_COLOR": "1"])
    #expect(!failed.output.contains("\u{1b}["))
  }

  @Test func aClosedStandardStreamNeverBecomesAFileOfTheStore() throws {
    let place = try Workplace()
    try place.publish(canary: 1)
    try place.write(Workplace.document(canary: 5), to: "routing.yaml")
    let silent = try place.bash("\"$turnout\" publish routing.yaml <&- >&- 2>&-")
    #expect(silent.status == 3)
    let stat = try place.turnout("stat")
    #expect(stat.status == 0, "\(stat.errors)")
    #expect(stat.output.contains("revision 2"))
    #expect(try place.bash("\"$turnout\" resolve --batch - <&-").status == 3)
  }
}
