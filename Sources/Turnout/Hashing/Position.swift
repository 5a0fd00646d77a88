/// The ring that every allocation divides: 2³² positions, one of which each unit hashes to.
package enum Ring {
  /// The number of positions. Ends of intervals are exclusive and go up to it.
  package static let positions: UInt64 = 1 << 32

  /// The seed of the draws made with this salt: its XXH3-64. Computed when a table is compiled.
  package static func seed(salt: String) -> UInt64 {
    XXH3.hash64(Array(salt.utf8))
  }

  /// The position of a unit. `position(unit:seed:)` over memory, for the hot path, stands with the
  /// hash.
  package static func position(unit: [UInt8], seed: UInt64) -> UInt32 {
    position(hash: XXH3.hash64(unit, seed: seed))
  }

  /// The position of a unit whose seeded XXH3-64 this is: its upper half.
  @inline(__always)
  package static func position(hash: UInt64) -> UInt32 {
    UInt32(truncatingIfNeeded: hash >> 32)
  }
}
