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
    if Poison.isOn {
      Poison.take(table.mapping.address, table.mapping.bytes.count)
    } else {
      table.unmap()
    }
  }
}

/// For tests: what is reclaimed stays mapped for a while, but any look at it is a crash.
package enum Poison {
  private static let reclaimed = Atomic(false)
  private static let pages = Guarded<[(start: UInt, bytes: Int)]>([])
  /// How many reclaimed things stay forbidden before the oldest goes; bounds the process's mappings.
  static let keptMax = 512

  /// Turns it on for the rest of the process's life, or off.
  package static func reclaim(_ on: Bool) { reclaimed.store(on, ordering: .relaxed) }

  static var isOn: Bool { reclaimed.load(ordering: .relaxed) }

  /// Forbids what is reclaimed: `bytes` from `start`, which nobody else unmaps.
  static func take(_ start: UInt, _ bytes: Int) {
    Pages.forbid(start, bytes)
    let oldest = pages.withLock { pages in
      pages.append((start, bytes))
      return pages.count > keptMax ? pages.removeFirst() : nil
    }
    if let oldest { Pages.unmap(oldest.start, oldest.bytes) }
  }
}
