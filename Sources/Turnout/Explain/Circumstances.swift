/// What the context of a request says before anything is drawn: which conditions hold, what is looked up,
/// what each unit draws by. It asks the evaluator of every resolve, so that both answer alike.
///
/// Valid during the call of ``TableResolver/circumstances(of:_:)`` that makes it. Offsets and numbers
/// are those of the table's own records.
@safe
package struct Circumstances {
  private let context: Context<Unobserved>

  fileprivate init(_ context: Context<Unobserved>) { self.context = context }

  /// What something is drawn by.
  package enum Source: Sendable, Hashable {
    /// A unit of the table, by its number: the one that is asked for, or what stands in for it.
    case unit(Int)
    case requestID
    /// Nothing is given: the arm with most positions is taken.
    case nothing
  }

  /// Where the record of the use case begins.
  package var useCase: Int { context.useCase - context.image.start }

  /// Whether the use case's overrides say something of the unit: the model version, by its number, that
  /// decides. Cells that they name count from then on.
  package func override() -> UInt32? {
    if context.useCase.u32(Layout.UseCase.overrides) == 0 { return nil }
    return context.searchOverrides()
  }

  /// Whether the condition of a rule holds, by the rule's number.
  package func holds(rule number: Int) -> Bool {
    context.holds(rule(number), context.slots)
  }

  /// Whether a condition holds, as records refer to it: 0 always does.
  package func holds(condition: UInt32) -> Bool { context.holds(condition: condition) }

  /// The model version that a rule looks up, if it does.
  package func lookedUp(rule number: Int) -> UInt32? {
    let rule = rule(number)
    return context.probe(rule, map: rule.u32(Layout.Rule.target))
  }

  /// Whether the request's class of traffic is in a set, as records refer to it: 0 is production alone.
  package func hasTraffic(of set: UInt32) -> Bool { context.hasTraffic(of: set) }

  /// Whether an experiment is enabled, in its window, and for this class of traffic.
  package func isRunning(experiment number: UInt32) -> Bool {
    context.isRunning(context.image.record(.experiments, number), number, tells: false)
  }

  /// What an assignment or an override gives for the experiment of a rule that is running: a cell, by its
  /// number in the experiment; ``Format/nobody`` keeps the unit out; nil leaves it to the draw.
  package func givenCell(rule number: Int) -> UInt32? {
    gather()
    return context.trail.given(rule: number)?.cell
  }

  /// Whether a cell is given of some experiment of the layer.
  package func isTaken(layer: UInt32) -> Bool {
    gather()
    return context.trail.taken(layer: layer) != nil
  }

  /// What a draw by a unit is made by.
  package func source(ofUnit number: UInt8) -> Source {
    if !context.unit(number).isEmpty { return .unit(Int(context.numberOfUnit(number))) }
    return context.request.requestID.isEmpty ? .nothing : .requestID
  }

  /// Whether the request has an id.
  package var hasRequestID: Bool { !context.request.requestID.isEmpty }

  private func rule(_ number: Int) -> Place {
    context.useCase + context.useCase.u32(Layout.UseCase.rules)
      + number &* Layout.Rule.bytes
  }

  private func gather() {
    if !context.trail.hasGathered { context.gather() }
  }
}

extension TableResolver {
  /// Calls `body` with what the context of a request says, or with the status that refuses it.
  package func circumstances<T>(
    of request: Request, _ body: (Circumstances?, Status) -> T
  ) -> T {
    RequestMemory.with(request) { request in
      guard request.isWithinLimits else { return body(nil, .invalidArgument) }
      // The block stays as long as the states are read.
      return withExtendedLifetime(overlay) {
        Frame.with(
          image, revision: revision, overlay: overlay?.states ?? .none, request, constants: .none
        ) { frame in
          let context = Context(frame, observer: Unobserved())
          guard context.bind() else { return body(nil, .invalidArgument) }
          context.primary = request.unit
          let name = request.useCase
          guard let found = image.useCase(name.text, hash: name.hash) else {
            return body(nil, .unknownUseCase)
          }
          context.useCase = found
          let refusal = context.refusal()
          return refusal == .ok ? body(Circumstances(context), .ok) : body(nil, refusal)
        }
      }
    }
  }
}
