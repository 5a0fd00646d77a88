internal import CTurnout

extension Handle {
  /// How long resolves of one request take, over and over, as a caller of the C API makes them:
  /// nanoseconds of each round of `resolvesPerRound`. Empty where the decision does not fit into
  /// the buffer that fits any without config.
  package func time(_ request: Request, rounds: Int, resolvesPerRound: Int) -> [Int64] {
    RequestMemory.with(request) { request in
      // SAFETY: the memory lives for the closure, and the decision is not read after it.
      unsafe withUnsafeTemporaryAllocation(
        byteCount: Int(TURNOUT_DECISION_BYTES), alignment: 16
      ) { memory in
        var decision = unsafe turnout_decision()
        unsafe decision.struct_size = MemoryLayout<turnout_decision>.size
        // SAFETY: as above.
        return unsafe withUnsafeMutablePointer(to: &decision) { pointer in
          let reference = unsafe DecisionReference(pointer)
          let buffer = unsafe OutputBuffer(memory.baseAddress, memory.count)
          guard resolve(request, buffer, reference) != .bufferTooSmall else { return [] }
          var took: [Int64] = []
          took.reserveCapacity(rounds)
          for _ in 0..<rounds {
            let start = SystemClock.monotonic
            for _ in 0..<resolvesPerRound { _ = resolve(request, buffer, reference) }
            took.append(SystemClock.monotonic &- start)
          }
          return took
        }
      }
    }
  }
}
