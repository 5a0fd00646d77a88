import Foundation
import Testing

/// What a run of the command came to.
struct Outcome {
  var status: Int32
  var output: String
  var errors: String

  var lines: [Substring] { output.split(separator: "\n") }

  /// Standard output as one JSON object.
  func json(_ location: SourceLocation = #_sourceLocation) throws -> [String: Any] {
    try #require(
      JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any],
      sourceLocation: location)
  }

  /// Standard output as lines of JSON objects.
  func jsonLines(_ location: SourceLocation = #_sourceLocation) throws -> [[String: Any]] {
    try lines.map { line in
      try #require(
        JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
        sourceLocation: location)
    }
  }
}

/// A folder of a test's own, in which the built command runs; it goes with the test.
final class Workplace {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("turnout-command-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: folder)
  }

  /// The executable stands beside the tests' own.
  static let command: String = {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return URL(fileURLWithPath: own).deletingLastPathComponent()
      .appendingPathComponent("TurnoutCommand").path
  }()

  func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  func write(_ text: String, to name: String) throws {
    let file = folder.appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

  /// Runs the command in the folder, its streams to and from files.
  func turnout(
    _ arguments: String..., input: String = "", environment: [String: String] = [:]
  ) throws -> Outcome {
    try turnout(arguments, input: input, environment: environment)
  }

  /// The same with arguments in a list.
  func turnout(
    _ arguments: [String], input: String = "", environment: [String: String] = [:]
  ) throws -> Outcome {
    try run(Self.command, arguments, input: input, environment: environment)
  }

  /// Runs a line of bash, with the command as `$turnout`.
  func bash(_ line: String, environment: [String: String] = [:]) throws -> Outcome {
    try run("/bin/bash", ["-c", line], input: "", environment: environment)
  }

  private func run(
    _ program: String, _ arguments: [String], input: String, environment: [String: String]
  ) throws -> Outcome {
    let id = UUID().uuidString
    let names = (input: ".in-\(id)", output: ".out-\(id)", errors: ".err-\(id)")
    try write(input, to: names.input)
    try write("", to: names.output)
    try write("", to: names.errors)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    var variables = ["PATH": "/usr/bin:/bin", "USER": "tester", "turnout": Self.command]
    variables.merge(environment) { $1 }
    process.environment = variables
    process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: path(names.input)))
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: path(names.output)))
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: path(names.errors)))
    try process.run()
    process.waitUntilExit()
    // A signal is no exit status of the command's.
    let status =
      process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    return Outcome(
      status: status, output: try String(contentsOfFile: path(names.output), encoding: .utf8),
      errors: try String(contentsOfFile: path(names.errors), encoding: .utf8))
  }

  // MARK: Documents

  /// A document with a route, a split, a lookup, shards and a required attribute; the canary has
  /// `share` of 100.
  static func document(canary share: Int = 4) -> String {
    """
    turnout: 1
    unit: user
    units: { session: { missing: user } }
    attributes:
      country: string
      device: string
      tenure_days: number
      kids: boolean
      app_version: { type: version, allow: [unused-attribute] }
    clusters:
      cw-a: { address: "10.0.1.1:8080" }
      cw-b: { address: "10.0.1.2:8080" }
      chat:
        unit: session
        shards:
          g0: { address: "10.3.0.1:9000", weight: 2 }
          g1: { address: "10.3.0.2:9000" }
    models:
      cw-ranker:
        v1: { cluster: [cw-a, cw-b], config: { top_k: 40, scale: 1.50 } }
        v2: { cluster: [cw-b], config: { top_k: 60, input: wide } }
      talker:
        v1: { cluster: chat }
    use_cases:
      ContinueWatchingRanking:
        requires: [country]
        config: { surface: home }
        rules:
          - { name: newcomers, when: { tenure_days: { "<": 14 } }, route: cw-ranker@v2 }
          - { name: by-country, lookup: country, routes: { DE: cw-ranker@v2 } }
          - name: canary
            when: { device: tv }
            split: { cw-ranker@v1: \(100 - share), cw-ranker@v2: \(share) }
          - { route: cw-ranker@v1 }
      Chat:
        rules: [{ route: talker@v1 }]
      Kids:
        rules:
          - { name: kids, when: { kids: true }, route: cw-ranker@v2 }
          - { route: cw-ranker@v1 }
      Sleeping:
        enabled: false
        rules: [{ route: cw-ranker@v1 }]
    """
  }

  /// Writes the document and publishes it; the store is `turnout-store`.
  func publish(canary share: Int = 4) throws {
    try write(Self.document(canary: share), to: "routing.yaml")
    let published = try turnout("publish", "routing.yaml")
    try #require(published.status == 0, "\(published.errors)")
  }
}

/// Two JSON values are equal: numbers, texts, lists and objects by what they hold.
func expectEqual(
  _ found: Any?, _ expected: Any?, _ location: SourceLocation = #_sourceLocation
) {
  func text(_ value: Any?) -> String {
    let data = try? JSONSerialization.data(
      withJSONObject: [value ?? NSNull()], options: [.sortedKeys])
    return data.map { String(decoding: $0, as: UTF8.self) } ?? "no JSON"
  }
  #expect(text(found) == text(expected), sourceLocation: location)
}
