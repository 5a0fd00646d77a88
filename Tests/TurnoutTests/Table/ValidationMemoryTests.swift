import CProbe
import Foundation
import StatedStore
import Testing
import TurnoutCompiler

@testable import Turnout

/// What validation remembers while it reads lies in pages of its own.
@Suite struct ValidationMemoryTests {
  private static let document = """
    turnout: 1
    unit: user
    attributes: { country: string }
    clusters: { a: { address: "a:1" } }
    models: { m: { v: { cluster: a } } }
    layers: { l: {} }
    experiments: { e: { layer: l, share: 10%, when: { country: NO }, cells: { c: {} } } }
    use_cases: { A: { rules: [ { experiment: e }, { route: m@v } ] } }
    """

  @Test func withoutMemoryToCheckATableItIsRefused() throws {
    let compiled = CompiledTable([Source(name: "a", text: Self.document)], against: nil)
    let bytes = try #require(compiled.image, "\(compiled.diagnostics)")
    let refusal = Guarded<TurnoutError?>(nil)
    let group = DispatchGroup()
    group.enter()
    Thread.detachNewThread {
      // Blank memory of one page, which a table as small as this wants.
      let result = cprobe_refuse(Int32(CPROBE_MMAP), 1, UInt32(Pages.size), ENOMEM)
      #expect(result == 0)
      bytes.withBytes { bytes in
        do throws(TurnoutError) { _ = try Image.validate(bytes) } catch {
          refusal.withLock { $0 = error }
        }
      }
      group.leave()
    }
    group.wait()
    let error = refusal.withLock { $0 }
    #expect(error?.status == .outOfMemory)
    #expect(error?.message == "There is no memory to check the table.")
    let conditions = try bytes.withBytes { (bytes) throws in
      try Image.validate(bytes).count(.conditions)
    }
    #expect(conditions > 0)
  }
}
