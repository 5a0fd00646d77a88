/// A resolve from a caller's request to a caller's decision: for one, for many units, for many use
/// cases. The hot path of every binding.
struct Resolving<Watching: Observer> {
  let image: Image
  let revision: UInt64
  let overlay: OverlayStates
  let constants: Attributes
  let observer: Watching
  var tally = Tally()

  init(
    image: Image, revision: UInt64, overlay: OverlayStates, constants: Attributes,
    observer: Watching
  ) {
    self.image = image
    self.revision = revision
    self.overlay = overlay
    self.constants = constants
    self.observer = observer
  }

  @inline(always)
  private func context(_ request: RequestReference, _ slots: Slots) -> Context<Watching> {
    Context(
      image: image, revision: revision, overlay: overlay, request: request, constants: constants,
      slots: slots, observer: observer)
  }

  /// Resolves one request, whose limits were checked.
  @inline(always)
  mutating func resolve(
    _ request: RequestReference, _ buffer: inout OutputBuffer, _ decision: DecisionReference
  ) -> Status {
    Slots.with(image.count(.attributes)) { slots in
      Trail.with { trail in
        let context = context(request, slots)
        guard context.bind(&tally) else { return context.refuse(.invalidArgument, decision) }
        return context.resolve(
          request.useCase, primary: request.unit, &trail, &tally, &buffer, decision)
      }
    }
  }

  /// Resolves a batch whose limits were checked.
  mutating func resolve(
    _ request: RequestReference, _ batch: Batch, _ buffer: OutputBuffer
  ) -> BatchOutcome {
    Slots.with(image.count(.attributes)) { slots in
      Trail.with { trail in
        context(request, slots).resolve(batch, &trail, &tally, buffer)
      }
    }
  }
}

extension Resolving where Watching == Unobserved {
  @inline(always)
  init(image: Image, revision: UInt64, overlay: OverlayStates, constants: Attributes) {
    self.init(
      image: image, revision: revision, overlay: overlay, constants: constants,
      observer: Unobserved())
  }
}

extension Context {
  /// Resolves a batch: what does not depend on the element is done once. Gives how many were resolved,
  /// how many of these refused, and why it stopped.
  @inline(never)
  fileprivate func resolve(
    _ batch: Batch, _ trail: inout Trail, _ tally: inout Tally, _ buffer: OutputBuffer
  ) -> BatchOutcome {
    var outcome = BatchOutcome()
    guard bind(&tally) else {
      outcome.status = .invalidArgument
      return outcome
    }
    var rest = buffer
    while outcome.resolved < batch.count {
      guard let decision = batch.decision(outcome.resolved) else {
        outcome.status = .invalidArgument
        return outcome
      }
      let name = batch.useCase(outcome.resolved, of: request)
      let primary = batch.unit(outcome.resolved, of: request)
      var status = Status.invalidArgument
      if name.text.count > 0 && name.text.isWithinLimits && primary.isWithinLimits {
        trail.begin()
        status = resolve(name, primary: primary, &trail, &tally, &rest, decision)
      } else {
        status = refuse(.invalidArgument, decision)
      }
      if status == .bufferTooSmall {
        outcome.status = status
        return outcome
      }
      if status != .ok { outcome.refused &+= 1 } else { rest = rest.rest() }
      outcome.resolved &+= 1
    }
    return outcome
  }

  @inline(always)
  fileprivate func resolve(
    _ name: NameReference, primary: Text, _ trail: inout Trail, _ tally: inout Tally,
    _ buffer: inout OutputBuffer, _ decision: DecisionReference
  ) -> Status {
    guard let useCase = image.useCase(name.text, hash: name.hash) else {
      return refuse(name.text.isUTF8OutOfLine ? .unknownUseCase : .invalidArgument, decision)
    }
    let subject = Subject(
      useCase: useCase, unit: useCase.u8(Layout.UseCase.unit), primary: primary)
    let answer = decide(subject, &trail, &tally)
    observer.ended(answer.status)
    return write(answer, subject, &trail, &buffer, decision)
  }

  @inline(never)
  fileprivate func refuse(_ status: Status, _ decision: DecisionReference) -> Status {
    observer.ended(status)
    decision.clear(status, revision: revision, digest: image.digest)
    return status
  }
}

/// How far a batch came.
package struct BatchOutcome {
  package var status = Status.ok
  package var resolved = 0
  package var refused: UInt64 = 0
}

extension Reading {
  /// Resolves against the snapshot of this reading, ends it and counts.
  @inline(always)
  package func resolve(
    _ request: RequestReference, constants: Attributes, _ buffer: OutputBuffer,
    _ decision: DecisionReference
  ) -> Status {
    guard status == .ok else { return refuse(request, decision) }
    var resolving = Resolving(
      image: snapshot.value.image, revision: snapshot.value.revision,
      overlay: OverlayStates(bits: snapshot.value.overlay), constants: constants)
    var buffer = buffer
    let status = resolving.resolve(request, &buffer, decision)
    leave()
    count(.resolves)
    if status != .ok { count(.refused) }
    count(resolving.tally)
    return status
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
    var resolving = Resolving(
      image: snapshot.value.image, revision: snapshot.value.revision,
      overlay: OverlayStates(bits: snapshot.value.overlay), constants: constants)
    let outcome = resolving.resolve(request, batch, buffer)
    leave()
    count(.resolves, UInt64(outcome.resolved))
    if outcome.refused != 0 { count(.refused, outcome.refused) }
    count(resolving.tally)
    return outcome
  }

  @inline(always)
  private func count(_ tally: Tally) {
    if tally.undeclared | tally.mistyped | tally.shadows | tally.assignments != 0 {
      countSlowly(tally)
    }
  }

  @inline(never)
  private func countSlowly(_ tally: Tally) {
    count(.undeclaredAttributes, tally.undeclared)
    count(.mistypedAttributes, tally.mistyped)
    count(.shadowsLeftOut, tally.shadows)
    count(.unknownAssignments, tally.assignments)
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
