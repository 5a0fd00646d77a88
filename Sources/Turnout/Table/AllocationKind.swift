/// What an allocation divides a ring for. The raw values are the table format's, and frozen.
package enum AllocationKind: UInt8, Sendable, Hashable, CaseIterable {
  case split = 1
  case layer = 2
  case cells = 3
  case holdout = 4
  case sample = 5
  case placement = 6
  case shards = 7
}
