/// An evaluation that is watched: the very code of a resolve, under the same announced snapshot.
extension Context where Watching == Recorder {
  /// Evaluates a request, whose limits were checked, and gives what it did.
  static func explain(
    _ request: RequestReference, image: Image, revision: UInt64, overlay: OverlayStates,
    constants: Attributes, _ buffer: OutputBuffer, _ decision: DecisionReference
  ) -> (status: Status, evaluation: Evaluation) {
    let recorder = Recorder(image, request, constants: constants)
    let status = Frame.with(
      image, revision: revision, overlay: overlay, request, constants: constants
    ) { Context($0, observer: recorder).resolve(buffer, decision) }
    return (status, recorder.evaluation)
  }
}

extension Explanation {
  /// What `body` decided and did for a request whose limits were checked; without an evaluation, it
  /// was refused before one.
  init(
    _ request: RequestReference,
    _ body: (OutputBuffer, DecisionReference) -> (status: Status, evaluation: Evaluation?)
  ) {
    var evaluation: Evaluation?
    let decision = RequestMemory.decide { buffer, decision in
      let (status, found) = body(buffer, decision)
      evaluation = found
      return status
    }
    var explained = evaluation ?? Evaluation(decision: decision)
    explained.decision = decision
    explained.useCase = Evaluation.Value(request.useCase.text)
    if decision.status != .ok, explained.refusal == nil {
      explained.refusal = Self.refusal(decision.status, request)
    }
    self.init(explained)
  }

  /// A request to a store without a table.
  package static func noTable(for request: Request) -> Explanation {
    let decision = Decision(status: .noTable)
    return RequestMemory.with(request) { request in
      Explanation(
        Evaluation(
          decision: decision, useCase: Evaluation.Value(request.useCase.text),
          refusal: refusal(.noTable, request)))
    }
  }

  /// A request that was refused before any table was looked at.
  init(invalid request: RequestReference) {
    // What is smaller than the struct has no name that could be read.
    let name = request.structSize < RequestReference.structSizeMin ? nil : request.useCase.text
    self.init(
      Evaluation(
        decision: Decision(status: .invalidArgument),
        useCase: name.flatMap { $0.isWithinLimits ? Evaluation.Value($0) : nil },
        refusal: RequestFault(request: request).words))
  }

  private static func refusal(_ status: Status, _ request: RequestReference) -> String {
    switch status {
    case .unknownUseCase: "the table has no use case of this name"
    case .invalidArgument: RequestFault(request: request).words
    case .noTable: "nothing has been published in this store yet"
    case .closed: "the handle has been closed"
    case .reentrant: "it was asked for in a signal handler inside a resolve"
    case .outOfMemory: "there is no memory for the decision"
    default: "\(status.name)"
    }
  }
}

extension Handle {
  /// Explains one request against the snapshot in force, or the view's. What it counts is nothing:
  /// nobody is served.
  package func explain(_ request: RequestReference) -> Explanation {
    guard request.isWithinLimits else { return Explanation(invalid: request) }
    return Explanation(request) { buffer, decision in
      let reading = enter()
      guard reading.status == .ok else {
        let refused = request.hasValidAttributes ? reading.status : .invalidArgument
        decision.clear(refused, revision: 0, digest: Digest(low: 0, high: 0))
        return (refused, nil)
      }
      let explained = Context.explain(
        request, image: reading.snapshot.value.image, revision: reading.snapshot.value.revision,
        overlay: OverlayStates(bits: reading.snapshot.value.overlay), constants: constants, buffer,
        decision)
      reading.leave()
      return explained
    }
  }
}

extension TableResolver {
  /// Explains one request against the table.
  package func explain(_ request: Request) -> Explanation {
    RequestMemory.with(request) { request in
      guard request.isWithinLimits else { return Explanation(invalid: request) }
      return Explanation(request) { buffer, decision in
        // The block stays as long as the states are read.
        withExtendedLifetime(overlay) {
          Context.explain(
            request, image: image, revision: revision, overlay: overlay?.states ?? .none,
            constants: .none, buffer, decision)
        }
      }
    }
  }
}

extension Engine {
  /// Explains one request against the revision in force: the same evaluation as a resolve's,
  /// written down. It takes memory and a thousand times as long; it is not counted among the
  /// resolves.
  public func explain(_ request: Request) -> Explanation {
    RequestMemory.with(request) { handle.explain($0) }
  }
}

extension View {
  /// Explains one request against this view's revision.
  public func explain(_ request: Request) -> Explanation {
    RequestMemory.with(request) { handle.explain($0) }
  }
}
