/// The rest of one config, in the order of its keys.
struct ConfigCursor {
  private(set) var next: Place
  private(set) var left: Int

  init(next: Place, left: Int) {
    self.next = next
    self.left = left
  }

  /// Larger than every key's number.
  static let ended = UInt32.max

  var key: UInt32 { left == 0 ? Self.ended : next.u32(Layout.ConfigEntry.key) }

  mutating func step() {
    next = next + Section.configEntries.stride
    left &-= 1
  }
}

/// The configs that one is merged of, the later of two equal keys holding: a model version's, a use case's,
/// a rule's and those of cells. On the stack of one resolve.
@safe
struct ConfigCursors {
  private let base: UnsafeMutablePointer<ConfigCursor>
  private var count = 0
  private static let countMax = 3 + Format.cellsPerDecisionMax

  /// Calls `body` with none.
  @inline(__always)
  static func with<T>(_ body: (inout ConfigCursors) -> T) -> T {
    // SAFETY: the memory lives for the closure, which may not let the cursors escape. It is written
    // before it is read, up to the count.
    unsafe withUnsafeTemporaryAllocation(of: ConfigCursor.self, capacity: countMax) { memory in
      // SAFETY: such a buffer has an address.
      var cursors = unsafe ConfigCursors(memory.baseAddress.unsafelyUnwrapped)
      return body(&cursors)
    }
  }

  private init(_ base: UnsafeMutablePointer<ConfigCursor>) {
    // SAFETY: only keeps the address; `with` promises the memory.
    unsafe self.base = unsafe base
  }

  mutating func add(_ cursor: ConfigCursor) {
    guard count < Self.countMax else { return }
    // SAFETY: the count is below the capacity.
    unsafe (base + count).initialize(to: cursor)
    count &+= 1
  }

  /// The entry of the lowest key that is left, the last one of it; nil at the end.
  mutating func next() -> Place? {
    var key = ConfigCursor.ended
    var i = 0
    while i < count {
      // SAFETY: so many were written.
      key = unsafe min(key, base[i].key)
      i &+= 1
    }
    if key == ConfigCursor.ended { return nil }
    var entry: Place?
    i = 0
    while i < count {
      // SAFETY: as above.
      if unsafe base[i].key == key {
        entry = unsafe base[i].next
        unsafe base[i].step()
      }
      i &+= 1
    }
    return entry
  }
}
