import ArgumentParser
import Turnout
import TurnoutCompiler

struct EnvoyConfig: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write the files from which an Envoy serves a store.",
    discussion: """
      Writes cds.json, rds.json and bootstrap.json into the folder --out: an Envoy started with \
      `envoy -c OUT/bootstrap.json` asks Turnout's module where each request goes, and follows the \
      other two as they are replaced. Clusters are those of every revision that the store keeps, \
      so that a rollback never meets one that Envoy lacks; each shard is one, named as its routing \
      key. A file that would not change is not touched.

      The safe way to add a cluster is to stage, write, and activate when Envoy has it:

        turnout publish routing.yaml --stage
        turnout envoy-config --out /etc/envoy/turnout
        turnout activate 7

      With --watch it goes on until SIGTERM: every publish, stage, activate and rollback brings the \
      files in step within a second. A failure is said, and tried again.

      All that does not follow from the store is in the template, and has defaults that serve: \
      addresses, headers, timeouts, health checks, access log. Docs/envoy.md explains its keys.

      Exit status 1: a cluster of head, or of a revision after it, has an address that Envoy cannot \
      reach and is left out; all else is written.
      """)

  @Option(
    help: ArgumentHelp("The folder for the files; made if it is not there.", valueName: "dir"),
    completion: .directory)
  var out: String

  @Option(
    help: ArgumentHelp("What the store does not say, in YAML.", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml", "json"]))
  var template: String?

  @Flag(help: "Go on, and keep the files in step with the store.")
  var watch = false

  @Option(
    help: ArgumentHelp(
      "For which Envoy: 1.40, 1.39 or 1.38. The first has cluster specifiers, the others the HTTP "
        + "filter.", valueName: "version"))
  var envoy = EnvoyTarget.Version.v140

  @Flag(help: "Use the HTTP filter for Envoy 1.40 too.")
  var filter = false

  @Flag(
    name: .customLong("static"),
    help: ArgumentHelp(
      "Everything in bootstrap.json alone: for `envoy --mode validate`, which reads no other file.")
  )
  var isStatic = false

  @OptionGroup var store: StoreOption
  @OptionGroup var json: JSONOption

  func validate() throws {
    if out.isEmpty { throw ValidationError("--out needs the name of a folder.") }
  }

  func run() throws {
    let template = try template.map(Self.read) ?? EnvoyTemplate()
    var generation = EnvoyGeneration(
      store: store.directory, out: out, template: template,
      target: EnvoyTarget(envoy, usesFilter: filter), inOneFile: isStatic)
    if watch {
      Ending.hold()
      var watch = EnvoyWatch(
        generation, store: store.directory, out: out, json: json.isOn)
      return try watch.run()
    }
    let outcome = try generation.run()
    for warning in outcome.configuration.warnings { Console.warn(warning) }
    try outcome.print(json: json.isOn, to: out)
    if outcome.configuration.isIncomplete { throw Refusal() }
  }

  private static func read(_ path: String) throws -> EnvoyTemplate {
    let bytes = try FileBytes.read(path, atMost: 1 << 20)
    let checked = CheckedTemplate(Source(name: path, bytes: bytes))
    for diagnostic in checked.diagnostics {
      Console.printError(diagnostic.text(colored: Style.error.isColored))
    }
    guard let template = checked.template else {
      let count = Figures.count(checked.diagnostics.count, "error")
      throw Refusal(message: "\(count) in the template: nothing was written.")
    }
    return template
  }
}
