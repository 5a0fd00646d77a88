internal import CFuzz
internal import Glibc
internal import Turnout
internal import TurnoutCompiler

@main struct Fuzz {
  static func main() {
    // SAFETY: the process's own arguments.
    exit(unsafe fuzz_run(CommandLine.argc, CommandLine.unsafeArgv, testOneInput))
  }
}

/// Document → checked model → image → validate, and once more against its own table: nothing may trap
/// or hang, what the compiler makes must validate, and compiling again must change nothing.
@c(LLVMFuzzerTestOneInput)
public func testOneInput(_ data: UnsafePointer<UInt8>, _ size: Int)
  -> CInt
{
  // SAFETY: libFuzzer gives `size` readable bytes.
  let bytes = unsafe [UInt8](UnsafeBufferPointer(start: data, count: size))
  // The first byte says whether a second document, which is good, stands beside it.
  guard let first = bytes.first else { return 0 }
  var sources = [
    Source(name: "fuzz.yaml", text: String(decoding: bytes.dropFirst(), as: UTF8.self))
  ]
  if first & 1 == 1 { sources.append(Source(name: "base.yaml", text: base)) }
  let compiled = CompiledTable(sources, against: nil)
  _ = compiled.diagnostics.map { $0.text() }
  precondition(
    !compiled.diagnostics.contains { $0.message.hasPrefix("these documents make a table") },
    "the compiler made a table that its reader refuses")
  guard let table = compiled.image else { return 0 }
  table.withBytes { bytes in
    guard let image = try? Image.validate(bytes) else { fatalError("no longer valid") }
    let again = CompiledTable(sources, against: image)
    precondition(again.image == table, "compiling the same again changes the table")
  }
  return 0
}

private let base = """
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
