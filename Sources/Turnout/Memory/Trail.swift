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

/// What a resolve finds beside its answer, and the time that it goes by. In a frame.
struct TrailFields {
  fileprivate(set) var cellCount = 0
  fileprivate(set) var shadowCount = 0
  fileprivate var givenCount = 0
  /// How many there are of what stands beside the answer: cells, holdouts and shadows.
  fileprivate var beside = 0
  /// By the bits of their numbers: the holdouts that were drawn, and those of them that have the unit.
  fileprivate var drawnHoldouts: UInt64 = 0
  fileprivate var holdouts: UInt64 = 0
  /// Where in the use case's record the cells stand that the unit's override names; 0 without one.
  fileprivate var overrides: UInt32 = 0
  /// Whether assignments and overrides were looked at for the experiments: not 0.
  fileprivate var gathered: UInt32 = 0
  /// Of the request, or of the clock once it was read; 0 before.
  fileprivate var time: Int64 = 0
}

/// The trail of a frame. Each element of a batch begins it again.
@safe
struct Trail {
  private let frame: UnsafeMutablePointer<FrameFields>

  /// - Safety: the frame is alive, and followed by room for the lists.
  @unsafe @inline(__always)
  init(_ frame: UnsafeMutablePointer<FrameFields>) {
    // SAFETY: only keeps the address; what it promises, the type says.
    unsafe self.frame = unsafe frame
  }

  // SAFETY, for the whole file: see above. The lists lie behind each other in the frame's room, and are
  // written before they are read, up to the counts.
  @inline(__always)
  private var fields: TrailFields {
    get { unsafe frame.pointee.trail }
    nonmutating _modify { yield unsafe &frame.pointee.trail }
  }

  private static var cellsAt: Int { 256 }
  private static var givensAt: Int {
    cellsAt &+ Format.cellsPerDecisionMax &* MemoryLayout<EnteredCell>.stride
  }
  private static var shadowsAt: Int {
    givensAt &+ Format.cellsPerDecisionMax &* MemoryLayout<GivenCell>.stride
  }

  @inline(__always) private var cells: UnsafeMutablePointer<EnteredCell> {
    unsafe (UnsafeMutableRawPointer(frame) + Self.cellsAt).assumingMemoryBound(
      to: EnteredCell.self)
  }
  @inline(__always) private var givens: UnsafeMutablePointer<GivenCell> {
    unsafe (UnsafeMutableRawPointer(frame) + Self.givensAt).assumingMemoryBound(
      to: GivenCell.self)
  }
  @inline(__always) private var shadows: UnsafeMutablePointer<AddedShadow> {
    unsafe (UnsafeMutableRawPointer(frame) + Self.shadowsAt).assumingMemoryBound(
      to: AddedShadow.self)
  }

  /// Whether there is nothing beside the answer: no cell, no holdout, no shadow.
  @inline(__always) var isEmpty: Bool { fields.beside == 0 }
  @inline(__always) var cellCount: Int { fields.cellCount }
  @inline(__always) var shadowCount: Int { fields.shadowCount }
  @inline(__always) var hasNoGiven: Bool { fields.givenCount == 0 }
  @inline(__always) var holdouts: UInt64 { fields.holdouts }

  @inline(__always)
  var drawnHoldouts: UInt64 {
    get { fields.drawnHoldouts }
    nonmutating set { fields.drawnHoldouts = newValue }
  }

  @inline(__always)
  var overrides: UInt32 {
    get { fields.overrides }
    nonmutating set { fields.overrides = newValue }
  }

  /// Whether assignments and overrides were looked at for the experiments.
  @inline(__always)
  var hasGathered: Bool {
    get { fields.gathered != 0 }
    nonmutating set { fields.gathered = newValue ? 1 : 0 }
  }

  /// Forgets all but the time.
  @inline(__always)
  func begin() {
    let time = fields.time
    fields = TrailFields()
    fields.time = time
  }

  /// Nanoseconds since 1970 in UTC: the request's, else the clock's, which is read once.
  func now(_ request: RequestReference) -> Int64 {
    if fields.time == 0 {
      fields.time = request.now
      if fields.time == 0 { fields.time = SystemClock.now }
    }
    return fields.time
  }

  /// Adds a cell. Validation has seen that a use case has no more than there is room for.
  func add(_ cell: EnteredCell) {
    guard cellCount < Format.cellsPerDecisionMax else { return }
    // SAFETY: the count is below the capacity.
    unsafe (cells + fields.cellCount).initialize(to: cell)
    fields.cellCount &+= 1
    fields.beside &+= 1
  }

  /// `i` is below the count.
  func cell(_ i: Int) -> EnteredCell {
    // SAFETY: the caller bounds i; so many were written.
    unsafe cells[i]
  }

  /// Notes that a holdout has the unit.
  func add(holdout number: UInt32) {
    fields.holdouts |= UInt64(1) &<< UInt64(number)
    fields.beside &+= 1
  }

  /// Notes what is given for an experiment, at most once for each that the use case names.
  func add(_ given: GivenCell) {
    guard fields.givenCount < Format.cellsPerDecisionMax else { return }
    // SAFETY: the count is below the capacity.
    unsafe (givens + fields.givenCount).initialize(to: given)
    fields.givenCount &+= 1
  }

  /// What is given for the experiment of a rule.
  func given(rule: Int) -> GivenCell? {
    var i = 0
    while i < fields.givenCount {
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
    while i < fields.givenCount {
      // SAFETY: so many were written.
      let given = unsafe givens[i]
      if given.layer == layer, given.cell != Format.nobody { return given.experiment }
      i &+= 1
    }
    return nil
  }

  /// Adds a shadow; validation has seen that there is room.
  func add(_ shadow: AddedShadow) {
    guard shadowCount < Format.shadowsPerUseCaseMax else { return }
    // SAFETY: the count is below the capacity.
    unsafe (shadows + fields.shadowCount).initialize(to: shadow)
    fields.shadowCount &+= 1
    fields.beside &+= 1
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
