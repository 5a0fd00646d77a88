internal import Turnout
package import TurnoutCompiler

/// What is done with the bytes of a document, by the fuzzer and by the test of what it once found:
/// document → checked model → image → validate, and once more against its own table. What the compiler
/// makes must validate, and compiling again must change nothing, or the process ends.
package enum DocumentTrial {
  /// - Parameter bytes: the document, after a byte whose bits say whether a second one, which is good,
  ///   stands beside it, whether what is not UTF-8 in it stays as it is, and whether it is called JSON.
  /// - Returns: what is said about it.
  package static func diagnostics(of bytes: [UInt8]) -> [Diagnostic] {
    guard let first = bytes.first else { return [] }
    let own = Array(bytes.dropFirst())
    let name = first & 4 == 4 ? "fuzz.json" : "fuzz.yaml"
    var sources = [
      first & 2 == 2
        ? Source(name: name, bytes: own)
        : Source(name: name, text: String(decoding: own, as: UTF8.self))
    ]
    if first & 1 == 1 { sources.append(Source(name: "base.yaml", text: base)) }
    let compiled = CompiledTable(sources, against: nil, proves: true)
    _ = compiled.diagnostics.map { $0.text() }
    precondition(
      !compiled.diagnostics.contains { $0.message.hasPrefix("these documents make a table") },
      "the compiler made a table that its reader refuses")
    guard let table = compiled.image else { return compiled.diagnostics }
    table.withBytes { bytes in
      guard let image = try? Image.validate(bytes) else { fatalError("no longer valid") }
      let again = CompiledTable(sources, against: image)
      precondition(again.image == table, "compiling the same again changes the table")
    }
    return compiled.diagnostics
  }

  private static let base = """
    turnout: 1
    unit: user
    units: { session: { missing: user } }
    attributes: { country: string, tenure_days: number, kids: boolean, app_version: version }
    segments: { north-america: { country: [US, CA] } }
    clusters:
      a: { address: 127.0.0.1:80 }
      b: { address: 127.0.0.2:80 }
    models:
      ranker: { v1: { cluster: a }, v2: { cluster: [b, a] } }
    layers: { home: {}, spare: {} }
    experiments:
      depth: { layer: home, share: 50%, cells: { control: {}, deep: { config: { depth: 9 } } } }

    """
}
