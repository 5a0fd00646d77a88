import ArgumentParser
import Glibc
import Turnout

/// The command's root: its verbs, in the order in which a newcomer meets them.
struct Command: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "turnout",
    abstract: "Says which model version on which cluster answers a request.",
    discussion: """
      Routing documents become a table in a store; services resolve requests against the table \
      that is head of the store. From a document to a decision:

        turnout check routing.yaml
        turnout publish routing.yaml --store ./turnout-store
        turnout resolve ContinueWatching --unit u_1 --set country=US

      The store is --store, else the environment's TURNOUT_STORE, else ./turnout-store. Most \
      verbs take --json for programs. Exit status: 0 done; 1 the answer is no (a check failed, a \
      change was refused, the use case is not known); 2 wrong usage; 3 the store or the system \
      failed.
      """,
    version: "\(Version.text)",
    subcommands: [
      Check.self,
      Diff.self,
      Publish.self,
      Resolve.self,
      History.self,
      Stat.self,
      Activate.self,
      Rollback.self,
      ShowRetention.self,
      PinRevision.self,
      UnpinRevision.self,
      SetState.self,
      ShowOverlay.self,
      Graph.self,
      Export.self,
      Compile.self,
      Apply.self,
      FormatDocuments.self,
      PrintSchema.self,
      Verify.self,
      Backup.self,
      Restore.self,
      Access.self,
      EnvoyConfig.self,
    ])
}

@main
enum Program {
  static func main() {
    ByteStream.prepareStandardStreams()
    exit(run().rawValue)
  }

  private static func run() -> ExitStatus {
    do {
      var command = try Command.parseAsRoot()
      try command.run()
      return .done
    } catch let error as TurnoutError {
      Console.fail(error.message)
      return ExitStatus(error.status)
    } catch let error as Refusal {
      if let message = error.message { Console.fail(message) }
      return error.status
    } catch is OutputClosed {
      // Whoever read the output has seen enough; what was to be done is done.
      return .done
    } catch {
      return finish(error)
    }
  }

  /// What the parser throws: a request for help, or wrong usage.
  private static func finish(_ error: any Error) -> ExitStatus {
    let text = Command.fullMessage(for: error)
    if Command.exitCode(for: error).isSuccess {
      do {
        try Console.print(text)
        return .done
      } catch let error as TurnoutError {
        Console.fail(error.message)
        return .failed
      } catch {
        return .done
      }
    }
    // The parser writes "Error:"; all other errors here begin as compilers' do.
    let prefix = "Error: "
    if text.hasPrefix(prefix) {
      let lines = text.dropFirst(prefix.count).split(separator: "\n").map(String.init)
      let verb = unknownVerb(CommandLine.arguments.dropFirst())
      Console.fail((verb.map { [$0] + lines.dropFirst() } ?? lines).joined(separator: "\n"))
    } else {
      Console.printError(text)
    }
    return .wrongUsage
  }

  /// What of the words is no verb, and which one is like it. The parser, which knows that of options,
  /// says of a verb only that it did not expect it.
  private static func unknownVerb(_ words: some Sequence<String>) -> String? {
    var path = "turnout"
    var command: any ParsableCommand.Type = Command.self
    for word in words {
      let verbs = command.configuration.subcommands
      if verbs.isEmpty || word.hasPrefix("-") { return nil }
      guard let verb = verbs.first(where: { $0._commandName == word }) else {
        let names = verbs.map { $0._commandName }
        return "`\(path)` has no `\(Printable.text(word))`"
          + TableFacts.suggestion(for: word, among: path == "turnout" ? names + ["help"] : names)
      }
      path += " " + word
      command = verb
    }
    return nil
  }
}
