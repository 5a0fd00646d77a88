/// How far validation has come in what is taken piece by piece, each by its one owner.
struct Taken: ~Copyable {
  /// Of every eighth byte of the conditions, whether a block begins there.
  var conditions: Marks
  /// Where in its section the next block of an allocation begins.
  var nextAllocation = 0
  /// How many of the section's blocks were taken.
  var allocations = 0
  /// The first record of lineage that may name the next allocation of a use case.
  var nextLineage = 0
  /// The least map that has no owner yet, of those that have one.
  var nextMap = 0
  var shadows = 0

  /// Nothing is taken; nil if there is no memory. `conditions` is how many places blocks can begin at.
  init?(conditions: Int) {
    guard let marks = Marks(conditions) else { return nil }
    self.conditions = marks
  }
}
