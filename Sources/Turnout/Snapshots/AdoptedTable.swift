internal import Synchronization

/// A table that the keeper has mapped and validated. It is unmapped with the last snapshot over it.
final class AdoptedTable: Sendable {
  let table: FrozenTable
  let image: Image

  init(_ table: FrozenTable, _ image: Image) {
    self.table = table
    self.image = image
  }

  deinit {
    if Poison.reclaimed.load(ordering: .relaxed) {
      Pages.forbid(table.mapping.bytes)
    } else {
      table.unmap()
    }
  }
}

/// For tests: what is reclaimed stays mapped, but any later look at it is a crash.
package enum Poison {
  static let reclaimed = Atomic(false)

  package static func reclaim(_ on: Bool) { reclaimed.store(on, ordering: .relaxed) }
}
