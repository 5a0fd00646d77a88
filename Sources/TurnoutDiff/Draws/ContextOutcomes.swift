package import Turnout

/// The answers of one table to the requests for a use case in one context, and the exact share of units
/// that gets each: every unit is as likely as any other, and no override or segment names it.
package struct ContextOutcomes: Sendable {
  /// The largest share first; they add up to 1.
  package let outcomes: [(outcome: Outcome, share: Share)]

  /// The most draws that are followed before it is given up.
  package static let stepsMax = 1_000_000

  /// `request` says the use case and the context; of its units only matters which are there. Outcomes tell
  /// cells and shadows, too. Throws `.limitExceeded` where the draws combine in too many ways.
  package init(_ request: Request, in image: Image) throws(TurnoutError) {
    var steps = Self.stepsMax
    try self.init(request, in: image, telling: .all, steps: &steps)
  }

  /// The same of outcomes that tell what is asked. `steps` is what may be spent, and is less by what was.
  package init(
    _ request: Request, in image: Image, telling told: OutcomeParts, steps: inout Int
  ) throws(TurnoutError) {
    let side = ComparedSide(image, ComparedSide.Numbers())
    let program = ProgramBuilder.program(side, request, telling: told)
    steps -= program.nodes.count
    do throws(JointDraw.Excess) {
      guard !program.isCut, steps > 0 else {
        throw JointDraw.Excess(words: "what is asked combines in too many ways")
      }
      let joint = try JointDraw(program, .ended(0), steps: &steps)
      outcomes = joint.ends.map { (side.numbers.outcomes[$0.key.before], $0.value) }
        .sorted { $0.1 != $1.1 ? $0.1 > $1.1 : $0.0.words < $1.0.words }
    } catch {
      throw TurnoutError(
        .limitExceeded, "The shares of \(request.useCase) cannot be worked out: \(error.words).")
    }
  }

  /// Gives every unit of a table to a request that says none, so that nothing has to stand in.
  package static func withAllUnits(_ request: Request, in image: Image) -> Request {
    let records = TableRecords(image)
    var request = request
    if request.unit.bytes.isEmpty { request.unit = anyUnit }
    for number in 1..<max(1, image.count(.units)) {
      let name = records.name(.units, number)
      if request.units[name]?.bytes.isEmpty ?? true { request.units[name] = anyUnit }
    }
    return request
  }

  /// A unit that no document names: it is no UTF-8.
  package static let anyUnit = Request.Unit(bytes: [0xFF, 0x01, 0xFE, 0x02])
}

extension Outcome {
  fileprivate var words: String {
    destination.text + cells.map { " \($0.experiment)/\($0.cell)" }.joined()
      + shadows.map { " \($0.name)" }.joined()
  }
}
