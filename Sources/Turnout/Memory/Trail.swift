/// A cell that the unit is in: numbers of the experiment and, in it, of the cell.
struct EnteredCell {
  let experiment: UInt32
  let cell: UInt32
  /// ``byHash`` and so on: `turnout_cell.by`.
  let by: UInt32

  static var byHash: UInt32 { 1 }
  static var byOverride: UInt32 { 2 }
  static var byAssignment: UInt32 { 3 }
}

/// What the request or an override says of a running experiment that the use case names.
struct GivenCell {
  /// The rule's number in the use case.
  let rule: UInt32
  let experiment: UInt32
  let layer: UInt32
  /// ``Format/nobody`` keeps the unit out.
  let cell: UInt32
  let by: UInt32
}

/// A shadow of the decision.
struct AddedShadow {
  let record: Place
  let shard: UInt32
  /// Bytes of its config; 0 without one.
  var config = 0
}

/// What a resolve finds beside its answer, and the time that it goes by. Lives on the stack of one
/// resolve, or of one batch, each element of which begins it again.
@safe
struct Trail {
  private let cells: UnsafeMutablePointer<EnteredCell>
  private let givens: UnsafeMutablePointer<GivenCell>
  private let shadows: UnsafeMutablePointer<AddedShadow>
  private(set) var cellCount = 0
  private(set) var shadowCount = 0
  private var givenCount = 0
  /// How many there are: cells, holdouts and shadows, of what stands beside the answer.
  private var beside = 0
  /// Where in the use case's record the cells stand that the unit's override names; 0 without one.
  var overrides = 0
  /// Whether assignments and overrides were looked at for the experiments: not 0.
  private var given = 0
  /// By the bits of their numbers: the holdouts that were drawn, and those of them that have the unit.
  var drawnHoldouts: UInt64 = 0
  private(set) var holdouts: UInt64 = 0
  /// Of the request, or of the clock once it was read; 0 before.
  private var time: Int64 = 0

  /// Whether there is nothing beside the answer.
  @inline(always) var isEmpty: Bool { beside == 0 }
  /// Whether assignments and overrides were looked at for the experiments.
  @inline(always) var hasGiven: Bool {
    get { given != 0 }
    set { given = newValue ? 1 : 0 }
  }

  /// Calls `body` with an empty one, of which there may be one copy.
  @inline(always)
  static func with<T>(_ body: (Trail) -> T) -> T {
    // SAFETY: the memory lives for the closures, which may not let the trail escape. It is written
    // before it is read, up to the counts.
    unsafe withUnsafeTemporaryAllocation(
      of: EnteredCell.self, capacity: Format.cellsPerDecisionMax
    ) { cells in
      unsafe withUnsafeTemporaryAllocation(
        of: GivenCell.self, capacity: Format.cellsPerDecisionMax
      ) { givens in
        unsafe withUnsafeTemporaryAllocation(
          of: AddedShadow.self, capacity: Format.shadowsPerUseCaseMax
        ) { shadows in
          // SAFETY: such buffers have an address.
          let trail = unsafe Trail(
            cells: cells.baseAddress.unsafelyUnwrapped,
            givens: givens.baseAddress.unsafelyUnwrapped,
            shadows: shadows.baseAddress.unsafelyUnwrapped)
          return body(trail)
        }
      }
    }
  }

  private init(
    cells: UnsafeMutablePointer<EnteredCell>, givens: UnsafeMutablePointer<GivenCell>,
    shadows: UnsafeMutablePointer<AddedShadow>
  ) {
    // SAFETY: only keeps the addresses; `with` promises the memory.
    unsafe self.cells = unsafe cells
    unsafe self.givens = unsafe givens
    unsafe self.shadows = unsafe shadows
  }

  /// Forgets all but the time.
  @inline(always)
  mutating func begin() {
    beside = 0
    cellCount = 0
    shadowCount = 0
    givenCount = 0
    overrides = 0
    hasGiven = false
    drawnHoldouts = 0
    holdouts = 0
  }

  /// Nanoseconds since 1970 in UTC: the request's, else the clock's, which is read once.
  mutating func now(_ request: RequestReference) -> Int64 {
    if time == 0 {
      time = request.now
      if time == 0 { time = SystemClock.now }
    }
    return time
  }

  /// Adds a cell. Validation has seen that a use case has no more than there is room for.
  mutating func add(_ cell: EnteredCell) {
    guard cellCount < Format.cellsPerDecisionMax else { return }
    // SAFETY: the count is below the capacity.
    unsafe (cells + cellCount).initialize(to: cell)
    cellCount &+= 1
    beside &+= 1
  }

  /// `i` is below the count.
  func cell(_ i: Int) -> EnteredCell {
    // SAFETY: the caller bounds i; so many were written.
    unsafe cells[i]
  }

  /// Notes that a holdout has the unit.
  mutating func add(holdout number: UInt32) {
    holdouts |= UInt64(1) &<< UInt64(number)
    beside &+= 1
  }

  /// Notes what is given for an experiment, at most once for each that the use case names.
  mutating func add(_ given: GivenCell) {
    guard givenCount < Format.cellsPerDecisionMax else { return }
    // SAFETY: the count is below the capacity.
    unsafe (givens + givenCount).initialize(to: given)
    givenCount &+= 1
  }

  /// What is given for the experiment of a rule.
  func given(rule: Int) -> GivenCell? {
    var i = 0
    while i < givenCount {
      // SAFETY: so many were written.
      let given = unsafe givens[i]
      if Int(given.rule) == rule { return given }
      i &+= 1
    }
    return nil
  }

  /// The experiment of a layer of which a cell is given.
  func taken(layer: UInt32) -> UInt32? {
    var i = 0
    while i < givenCount {
      // SAFETY: so many were written.
      let given = unsafe givens[i]
      if given.layer == layer, given.cell != Format.nobody { return given.experiment }
      i &+= 1
    }
    return nil
  }

  /// Adds a shadow; validation has seen that there is room.
  mutating func add(_ shadow: AddedShadow) {
    guard shadowCount < Format.shadowsPerUseCaseMax else { return }
    // SAFETY: the count is below the capacity.
    unsafe (shadows + shadowCount).initialize(to: shadow)
    shadowCount &+= 1
    beside &+= 1
  }

  /// `i` is below the count.
  func shadow(_ i: Int) -> AddedShadow {
    // SAFETY: the caller bounds i; so many were written.
    unsafe shadows[i]
  }

  /// Says how large the config of shadow `i` is.
  func set(config bytes: Int, ofShadow i: Int) {
    // SAFETY: as above.
    unsafe shadows[i].config = bytes
  }
}
