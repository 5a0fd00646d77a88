internal import CTurnout

/// The lists of a decision, in room of the caller's buffer that was asked for: cells, holdouts and
/// shadows, then their texts.
@safe
struct DecisionLists {
  /// How much of each there is, and where it will stand.
  struct Room {
    var cells = 0
    var holdouts = 0
    var shadows = 0
    /// Offset in the buffer.
    var start = 0
    /// Where they and their texts end. There stand the shadows' configs, one behind the other.
    var end = 0

    /// The bytes of the lists without their texts. A buffer may begin at any address, so that the lists
    /// begin up to seven bytes later; room for these is always asked for, so that what one buffer needs
    /// another one needs.
    var bytes: Int {
      // SAFETY: only the types' sizes.
      unsafe cells &* MemoryLayout<turnout_cell>.stride
        &+ holdouts &* MemoryLayout<turnout_text>.stride
        &+ shadows &* MemoryLayout<turnout_shadow>.stride &+ (DecisionLists.alignment &- 1)
    }
  }

  private static var alignment: Int { 8 }

  let room: Room
  let cells: UnsafeMutablePointer<turnout_cell>
  let holdouts: UnsafeMutablePointer<turnout_text>
  let shadows: UnsafeMutablePointer<turnout_shadow>
  private var texts: Pen
  private var configs: Pen

  /// Whether there is room for a step more than all take, so that texts may be copied in steps.
  private let steps: Bool

  /// The room was asked for and fits.
  @inline(__always)
  init(_ room: Room, in buffer: OutputBuffer, steps: Bool) {
    self.room = room
    self.steps = steps
    // SAFETY: the lists lie in the room, each aligned as its type, since their sizes are multiples of
    // the alignment.
    let start = unsafe buffer.pen(room.start).address.alignedUp(toMultipleOf: Self.alignment)
    unsafe cells = start.assumingMemoryBound(to: turnout_cell.self)
    // SAFETY: as above.
    unsafe holdouts = UnsafeMutableRawPointer(cells + room.cells)
      .assumingMemoryBound(to: turnout_text.self)
    unsafe shadows = UnsafeMutableRawPointer(holdouts + room.holdouts)
      .assumingMemoryBound(to: turnout_shadow.self)
    texts = unsafe Pen(UnsafeMutableRawPointer(shadows + room.shadows))
    configs = buffer.pen(room.end)
  }

  /// `i` is below the number of cells, likewise below.
  @inline(__always)
  mutating func setCell(_ i: Int, experiment: ImageText, cell: ImageText, by: UInt32) {
    // SAFETY: the room has so many.
    unsafe (cells + i).initialize(
      to: turnout_cell(experiment: write(experiment), cell: write(cell), by: by, reserved: 0))
  }

  @inline(__always)
  mutating func setHoldout(_ i: Int, _ name: ImageText) {
    // SAFETY: the room has so many.
    unsafe (holdouts + i).initialize(to: write(name))
  }

  @inline(__always)
  mutating func setShadow(_ i: Int, name: ImageText, _ destination: DestinationTexts, config: Int) {
    // SAFETY: the room has so many, and was asked for all texts.
    let name = unsafe write(name)
    texts.put(destination.version, destination.versionTextBytes, first: 32, steps)
    let model = unsafe texts.text(destination.modelBytes)
    let version = unsafe texts.text(destination.versionBytes)
    texts.put(destination.shard, destination.shardTextBytes, first: 64, steps)
    let cluster = unsafe texts.text(destination.clusterBytes)
    let shard = unsafe destination.shardBytes == 0 ? absent : texts.text(destination.shardBytes)
    let address = unsafe texts.text(destination.addressBytes)
    let key = unsafe texts.text(destination.keyBytes)
    let config = unsafe config == 0 ? absent : configs.text(config)
    unsafe (shadows + i).initialize(
      to: turnout_shadow(
        name: name, model: model, version: version, cluster: cluster, shard: shard,
        address: address, routing_key: key, config: config))
  }

  @inline(__always)
  private mutating func write(_ text: ImageText) -> turnout_text {
    texts.put(text.place, text.count, first: 32, steps)
    // SAFETY: the room was asked for.
    return unsafe texts.text(text.count)
  }

  private var absent: turnout_text {
    // SAFETY: of none, nothing is read.
    unsafe turnout_text(data: nil, size: 0)
  }
}

extension DecisionReference {
  /// Says where the lists are that have been written; absent where there are none.
  func set(_ lists: DecisionLists) {
    let room = lists.room
    // SAFETY: the caller keeps the decision writable during the call, for all of its type.
    if room.cells != 0 { unsafe pointer.pointee.cells = UnsafePointer(lists.cells) }
    unsafe pointer.pointee.cell_count = room.cells
    // SAFETY: as above.
    if room.holdouts != 0 { unsafe pointer.pointee.holdouts = UnsafePointer(lists.holdouts) }
    unsafe pointer.pointee.holdout_count = room.holdouts
    // SAFETY: as above.
    if room.shadows != 0 { unsafe pointer.pointee.shadows = UnsafePointer(lists.shadows) }
    unsafe pointer.pointee.shadow_count = room.shadows
  }
}

/// A text of an image.
struct ImageText {
  let place: Place
  let count: Int
}
