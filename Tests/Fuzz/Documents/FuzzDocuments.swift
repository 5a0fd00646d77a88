internal import CFuzz
internal import FuzzTrials
internal import Glibc

@main struct Fuzz {
  static func main() {
    // SAFETY: the process's own arguments.
    exit(unsafe fuzz_run(CommandLine.argc, CommandLine.unsafeArgv, testOneInput))
  }
}

/// See ``DocumentTrial``.
@c(LLVMFuzzerTestOneInput)
public func testOneInput(_ data: UnsafePointer<UInt8>, _ size: Int)
  -> CInt
{
  // SAFETY: libFuzzer gives `size` readable bytes.
  _ = DocumentTrial.diagnostics(of: unsafe [UInt8](UnsafeBufferPointer(start: data, count: size)))
  return 0
}
