/// A resolve from a caller's request to a caller's decision: for one, for many units, for many use
/// cases. The hot path of every binding.
extension Context {
  /// Resolves the frame's request, whose limits were checked.
  @inline(always)
  func resolve(_ buffer: OutputBuffer, _ decision: DecisionReference) -> Status {
    guard bind() else { return refuse(.invalidArgument, decision) }
    primary = request.unit
    let name = request.useCase
    guard let found = image.useCase(name.text, hash: name.hash) else {
      return refuse(unknown(name), decision)
    }
    useCase = found
    return answer(buffer, decision).status
  }

  @inline(never)
  private func unknown(_ name: NameReference) -> Status {
    name.text.isUTF8 ? .unknownUseCase : .invalidArgument
  }

  /// Resolves a batch: what does not depend on the element is done once. Gives how many were resolved,
  /// how many of these refused, and why it stopped.
  @inline(never)
  fileprivate func resolve(_ batch: Batch, _ buffer: OutputBuffer) -> BatchOutcome {
    var outcome = BatchOutcome()
    guard bind() else {
      outcome.status = .invalidArgument
      return outcome
    }
    // Of no elements it cannot be told what they are, and nothing is read.
    if batch.count == 0 { return outcome }
    var found = batch.hasUseCases ? Status.ok : find(request.useCase)
    primary = request.unit
    var rest = buffer
    while outcome.resolved < batch.count {
      let i = outcome.resolved
      guard let decision = batch.decision(i) else {
        outcome.status = .invalidArgument
        return outcome
      }
      if batch.hasUseCases { found = find(batch.useCase(i)) } else { primary = batch.unit(i) }
      var written = Written(status: found, used: 0)
      if found == .ok, primary.isWithinLimits {
        trail.begin()
        written = answer(rest, decision)
      } else {
        written = Written(
          status: refuse(primary.isWithinLimits ? found : .invalidArgument, decision), used: 0)
      }
      if written.status == .bufferTooSmall {
        outcome.status = .bufferTooSmall
        return outcome
      }
      if written.status != .ok { outcome.refused &+= 1 }
      rest = rest.rest(written.used)
      outcome.resolved &+= 1
    }
    return outcome
  }

  /// Finds the use case of an element; ok if there is one.
  @inline(always)
  private func find(_ name: NameReference) -> Status {
    guard name.text.isSized else { return .invalidArgument }
    guard let found = image.useCase(name.text, hash: name.hash) else { return unknown(name) }
    useCase = found
    return .ok
  }
}

/// How far a batch came.
package struct BatchOutcome {
  package var status = Status.ok
  package var resolved = 0
  package var refused: UInt64 = 0
}

extension Cell where Value == Snapshot {
  /// Resolves against this snapshot, which the calling thread's `line` announces, ends that and counts.
  @inline(always)
  func resolve(
    _ request: RequestReference, constants: Attributes, _ buffer: OutputBuffer,
    _ decision: DecisionReference, in line: Cell<Line>
  ) -> Status {
    Frame.with(self, request, constants: constants) { frame in
      let context = Context(frame, observer: Unobserved())
      let status = context.resolve(buffer, decision)
      line.leave()
      line.value.counters.add(1, to: .resolves)
      if status != .ok || !context.tally.isEmpty {
        Reading(line.bits, bits).count(status, context.tally)
      }
      return status
    }
  }
}

extension Reading {
  /// Resolves against the snapshot of this reading, ends it and counts.
  @inline(never)
  package func resolve(
    _ request: RequestReference, constants: Attributes, _ buffer: OutputBuffer,
    _ decision: DecisionReference
  ) -> Status {
    guard status == .ok else { return refuse(request, decision) }
    return Frame.with(snapshot, request, constants: constants) { frame in
      let context = Context(frame, observer: Unobserved())
      let status = context.resolve(buffer, decision)
      leave()
      count(.resolves)
      count(status, context.tally)
      return status
    }
  }

  /// The batch's counterpart.
  package func resolve(
    _ request: RequestReference, constants: Attributes, _ batch: Batch, _ buffer: OutputBuffer
  ) -> BatchOutcome {
    guard status == .ok else {
      var outcome = BatchOutcome()
      outcome.status = request.hasValidAttributes ? status : .invalidArgument
      return outcome
    }
    return Frame.with(snapshot, request, constants: constants) { frame in
      let context = Context(frame, observer: Unobserved())
      let outcome = context.resolve(batch, buffer)
      leave()
      count(.resolves, UInt64(outcome.resolved))
      if outcome.refused != 0 { count(.refused, outcome.refused) }
      count(.ok, context.tally)
      return outcome
    }
  }

  /// What a resolve came to and left aside.
  @inline(never)
  fileprivate func count(_ status: Status, _ tally: Tally) {
    if status != .ok { count(.refused) }
    if tally.isEmpty { return }
    count(.undeclaredAttributes, UInt64(tally.undeclared))
    count(.mistypedAttributes, UInt64(tally.mistyped))
    count(.shadowsLeftOut, UInt64(tally.shadows))
    count(.unknownAssignments, UInt64(tally.assignments))
  }

  /// No snapshot: an invalid request is told so first.
  @inline(never)
  private func refuse(_ request: RequestReference, _ decision: DecisionReference) -> Status {
    let refused = request.hasValidAttributes ? status : .invalidArgument
    decision.clear(refused, revision: 0, digest: Digest(low: 0, high: 0))
    count(.resolves)
    count(.refused)
    return refused
  }
}
