import ArgumentParser
import TurnoutCompiler

struct PrintSchema: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print the JSON Schema of routing documents, for editors.",
    discussion: """
      With it, an editor completes keys, says what each is for, and marks what cannot be right \
      while it is typed. A line at the top of a document names the schema for the YAML language \
      server, which most editors have:

        turnout schema > turnout.schema.json
        # yaml-language-server: $schema=turnout.schema.json     (the document's first line)

      A schema knows shapes, not names: whether a model or a cluster exists, and all else that two \
      places must agree in, `turnout check` says.
      """)

  func run() throws { try Console.write(Array(Schema.text.utf8)) }
}
