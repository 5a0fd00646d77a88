internal import Glibc
internal import Synchronization

/// What an engine or a view of a caller's is: a record in raw memory, since a class would cost two
/// reference counts for each resolve. Records are used again and never freed, so that a handle that
/// was closed can be told from an open one until its record has a new owner.
package struct HandleRecord: ~Copyable {
  let state: Atomic<UInt>
  let core: CoreReference
  let view: HeldView?
  let constants: OwnedAttributes
  /// The record below in the stack of free ones.
  let below: Atomic<UInt>

  static let closed: UInt = 0
  static let engine: UInt = 0x454E_4749
  static let view: UInt = 0x5649_4557
}

/// An open engine or view. A value that may be copied; closing one copy closes all.
@safe
package struct Handle: @unchecked Sendable {
  private let pointer: UnsafeMutablePointer<HandleRecord>

  /// The handle that `address` names.
  /// - Safety: `address` came from `bits` of a handle.
  @unsafe
  package init?(_ address: OpaquePointer?) {
    // SAFETY: only looks whether there is an address.
    guard let address = unsafe address else { return nil }
    // SAFETY: only keeps the address; what it promises, the type says.
    unsafe pointer = UnsafeMutablePointer(address)
  }

  private init(_ pointer: UnsafeMutablePointer<HandleRecord>) {
    // SAFETY: only keeps the address; what it promises, the type says.
    unsafe self.pointer = unsafe pointer
  }

  package var address: OpaquePointer {
    // SAFETY: only converts the address.
    unsafe OpaquePointer(pointer)
  }

  /// The uppermost record that is free. Changes under the process's lock, which a fork releases.
  private static let free = Atomic<UInt>(0)

  /// Opens a handle; nil without memory. It takes over `constants`.
  package static func open(
    _ core: CoreReference, view: HeldView?, _ constants: OwnedAttributes
  ) -> Handle? {
    // SAFETY: what both give is room for a record.
    guard let pointer = unsafe takeFree() ?? allocate() else { return nil }
    let state = view == nil ? HandleRecord.engine : HandleRecord.view
    // SAFETY: the record is nobody's, or new.
    unsafe pointer.initialize(
      to: HandleRecord(
        state: Atomic(state), core: core, view: view, constants: constants, below: Atomic(0)))
    return unsafe Handle(pointer)
  }

  private static func takeFree() -> UnsafeMutablePointer<HandleRecord>? {
    // SAFETY: what is in the stack came from allocate().
    unsafe Lines.lock?.held {
      // SAFETY: as above.
      guard
        let record = unsafe UnsafeMutablePointer<HandleRecord>(
          bitPattern: free.load(ordering: .relaxed))
      else { return nil }
      // SAFETY: as above.
      free.store(unsafe record.pointee.below.load(ordering: .relaxed), ordering: .relaxed)
      return unsafe record
    } ?? nil
  }

  private static func allocate() -> UnsafeMutablePointer<HandleRecord>? {
    // SAFETY: so aligned for every type; checked for null.
    unsafe aligned_alloc(alignment, recordBytes)?.assumingMemoryBound(to: HandleRecord.self)
  }

  /// Two cache lines: processors fetch them in pairs.
  private static var alignment: Int { 128 }

  /// Every resolve reads the record, so it shares no cache line with what the host or another thread
  /// writes beside it.
  static var recordBytes: Int {
    ((MemoryLayout<HandleRecord>.size &- 1) / alignment &+ 1) &* alignment
  }

  @inline(__always)
  package var isEngine: Bool {
    // SAFETY: records are never freed.
    unsafe pointer.pointee.state.load(ordering: .relaxed) == HandleRecord.engine
  }

  @inline(__always)
  package var isView: Bool {
    // SAFETY: as above.
    unsafe pointer.pointee.state.load(ordering: .relaxed) == HandleRecord.view
  }

  @inline(__always)
  package var core: CoreReference {
    // SAFETY: as above.
    unsafe pointer.pointee.core
  }

  @inline(__always)
  package var constants: Attributes {
    // SAFETY: as above.
    unsafe pointer.pointee.constants.attributes
  }

  /// The revision that a view pins; 0 for an engine.
  package var revision: UInt64 {
    // SAFETY: as above.
    unsafe pointer.pointee.view?.revision ?? 0
  }

  /// Begins a reading of what the handle gives: the snapshot in force, or the view's.
  @inline(__always)
  package func enter() -> Reading {
    // SAFETY: as above.
    if isView, let view = unsafe pointer.pointee.view { return view.enter() }
    guard isEngine else { return Reading(.closed) }
    return core.enter()
  }

  /// The usual case of ``enter()`` of a view, as for a core.
  @inline(__always)
  func announceView(in line: Cell<Line>) -> UInt {
    // SAFETY: as above.
    unsafe pointer.pointee.view?.announce(in: line) ?? 0
  }

  /// Closes the handle. False: it is closed already.
  package func close() -> Bool {
    // SAFETY: as above.
    let state = unsafe pointer.pointee.state.exchange(
      HandleRecord.closed, ordering: .acquiringAndReleasing)
    guard state != HandleRecord.closed else { return false }
    // SAFETY: as above; nobody else closes it now.
    if let view = unsafe pointer.pointee.view {
      view.close()
    } else {
      core.close()
    }
    // SAFETY: as above.
    unsafe pointer.pointee.constants.release()
    Lines.lock?.held {
      // SAFETY: as above.
      unsafe pointer.pointee.below.store(Self.free.load(ordering: .relaxed), ordering: .relaxed)
      // SAFETY: only the number is taken.
      Self.free.store(unsafe UInt(bitPattern: pointer), ordering: .relaxed)
    }
    return true
  }
}
