internal import Synchronization

/// What a core keeps across a fork: which store it is of and how many handles are open. Words that
/// are each whole at any moment, so that a child can read them whatever its parent was doing.
struct CoreIdentity: ~Copyable {
  /// The core made before this one, as the address of its record; 0 for the first.
  let next: Atomic<UInt>
  /// Of the store's directory when it was last looked at.
  let device: Atomic<UInt64>
  let inode: Atomic<UInt64>
  /// A ``StorePath`` as ``Kept`` names it: the one under which it was opened last, and the newest.
  let path: Atomic<UInt>
  let paths: Atomic<UInt>
  /// How many handles are open. A child has its parent's.
  let handles: Atomic<Int>
  /// 1 if a handle wants a keeper thread.
  let threaded: Atomic<UInt>
  /// 1 if a handle wants tables copied into this process's own memory.
  let copies: Atomic<UInt>
}

/// Where a store is, in an object that never changes.
final class StorePath: Sendable {
  let path: String
  /// The one made before it, as ``Kept`` names it; 0 for the first.
  let before: UInt

  init(_ path: String, before: UInt) {
    self.path = path
    self.before = before
  }
}

extension Cell where Value == CoreIdentity {
  /// Notes the path under which the store is opened now. One object for each, since none is ever
  /// dropped: a host may open the same store under two of them in turns. Only under the process's lock.
  func follow(_ path: String) {
    let newest = value.paths.load(ordering: .acquiring)
    var bits = newest
    while let known = Kept<StorePath>.object(bits), known.path != path { bits = known.before }
    if bits == 0 {
      bits = Kept.keep(StorePath(path, before: newest))
      value.paths.store(bits, ordering: .releasing)
    }
    value.path.store(bits, ordering: .releasing)
  }
}

extension Cell where Value == CoreRecord {
  /// The most views of one store open at once, as `TURNOUT_VIEWS_MAX` says.
  package static var viewsMax: Int { 1024 }

  private static var recordBytes: Int { Pages.rounded(4096) }
  private static var slotsBytes: Int { Pages.rounded(viewsMax &* ViewSlot.bytes) }
  private static var wipedBytes: Int { recordBytes &+ slotsBytes }

  /// A new core in no list. Nil: no memory.
  static func make() -> CoreReference? {
    let bytes = wipedBytes &+ Pages.rounded(4096)
    guard let start = Pages.map(bytes, wipedOnFork: false) else { return nil }
    guard Pages.wipeOnFork(start, wipedBytes) else {
      Pages.unmap(start, bytes)
      return nil
    }
    return CoreReference(bits: start)
  }

  /// What a fork keeps of the core.
  var identity: Cell<CoreIdentity> { Cell<CoreIdentity>(bits: bits &+ UInt(Self.wipedBytes)) }

  /// The place of one view. `index` is below ``viewsMax``.
  func slot(_ index: Int) -> Cell<ViewSlot> {
    Cell<ViewSlot>(bits: bits &+ UInt(Self.recordBytes &+ index &* ViewSlot.bytes))
  }

  /// The keeper of this process; nil before the core's first start in it.
  var keeper: Keeper? { Kept<Keeper>.object(value.keeper.load(ordering: .acquiring)) }
}
