import Turnout
import TurnoutCompiler
import TurnoutDiff

extension ChangeSummary {
  /// What the history keeps of `changes`, where `table` takes the place of `before`, or of nothing.
  init(_ changes: [AllocationChange], from before: Image?, to table: Image) {
    let old = before?.useCaseNames ?? []
    let new = table.useCaseNames
    let (were, are) = (Set(old), Set(new))
    self.init(
      allocations: changes.map { change in
        Allocation(
          kind: change.kind, owner: change.owner, positions: change.movement.positions,
          minimum: change.movement.minimum, released: change.movement.released)
      },
      added: new.filter { !were.contains($0) }, removed: old.filter { !are.contains($0) },
      differing: before.map { TableComparison.differingUseCases($0, table) } ?? [])
  }
}

extension Compilation {
  /// What the history keeps of it; nil if the compiled table cannot be read, which it can.
  func summary(against before: Image?) -> ChangeSummary? {
    image.withBytes { bytes in
      (try? Image.validate(bytes)).map { ChangeSummary(changes, from: before, to: $0) }
    }
  }
}
