import ArgumentParser
import Turnout

struct Stat: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what a store holds; watch that it is right and fresh.",
    discussion: """
      Head is read as services read it, without write permission; what only the catalog knows is \
      left out where it cannot be opened. With --expect-digest or --max-age it is a monitoring \
      check: exit status 1 if head is another table, has been head for longer, or is damaged.

        turnout stat
        turnout stat --readers       # who has which table mapped
        turnout stat --expect-digest 3c8f0b3f6f6e4d0f9a7c1f2e5d4b3a29 --max-age 10m
      """)

  @Option(
    help: ArgumentHelp("The digest that head's table should have.", valueName: "digest"))
  var expectDigest: String?

  @Option(
    help: ArgumentHelp(
      "How long head may have been head: 90s, 10m, 2h, 7d or 1h30m.", valueName: "duration"))
  var maxAge: Span?

  @Flag(
    help: "List the processes that read the store, as far as this user may see, and their tables."
  )
  var readers = false

  @OptionGroup var store: StoreOption
  @OptionGroup var json: JSONOption

  func validate() throws {
    guard let expectDigest else { return }
    guard expectDigest.utf8.count == 32, expectDigest.allSatisfy({ $0.isASCII && $0.isHexDigit })
    else { throw ValidationError("--expect-digest: a digest has 32 hexadecimal digits.") }
  }

  func run() throws {
    var facts = try StoreFacts(store.directory)
    if readers { facts.readers = try StoreReaders(store.directory) }
    let problems = facts.problems(expecting: expectDigest?.lowercased(), maxAge: maxAge?.seconds)
    if json.isOn {
      try Console.printJSON { facts.write(to: &$0, problems: problems) }
    } else {
      try Console.print(facts.lines().joined(separator: "\n"))
    }
    for problem in problems { Console.fail(problem) }
    if !problems.isEmpty { throw Refusal() }
  }
}
