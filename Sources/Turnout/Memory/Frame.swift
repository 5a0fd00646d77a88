/// What one evaluation knows and notes, on the stack of one resolve or of one batch. The evaluator
/// knows it by its address alone, so that a call out of the hot path hands over one word. The lists of
/// the trail follow it.
struct FrameFields {
  let snapshot: SnapshotReference
  let request: RequestReference
  /// Given once at open; a request's own attribute of the same name holds instead.
  let constants: Attributes
  let slots: Slots
  /// The use case asked for.
  var useCase: Place
  /// The request's primary unit.
  var primary = Text.empty
  var trail = TrailFields()
  var tally = Tally()
}

/// One evaluation's frame.
@safe
struct Frame {
  fileprivate let fields: UnsafeMutablePointer<FrameFields>

  /// Bytes of the fields and the lists: no more than what always comes from the stack.
  private static var bytes: Int { 1024 }

  /// Calls `body` with a new one, over a snapshot that is announced or pinned.
  @inline(always)
  static func with<T>(
    _ snapshot: SnapshotReference, _ request: RequestReference, constants: Attributes,
    _ body: (Frame) -> T
  ) -> T {
    let start = snapshot.value.image.start
    return Slots.with(snapshot.value.image.count(.attributes)) { slots in
      // SAFETY: the memory lives for the closure, which may not let the frame escape.
      unsafe withUnsafeTemporaryAllocation(byteCount: bytes, alignment: 16) { memory in
        // SAFETY: such a buffer has an address, and room for the fields.
        let fields = unsafe memory.baseAddress.unsafelyUnwrapped
          .assumingMemoryBound(to: FrameFields.self)
        // SAFETY: as above.
        unsafe fields.initialize(
          to: FrameFields(
            snapshot: snapshot, request: request, constants: constants, slots: slots,
            useCase: start))
        return body(unsafe Frame(fields: fields))
      }
    }
  }

  /// The same over a table that the caller keeps mapped.
  static func with<T>(
    _ image: Image, revision: UInt64, overlay: OverlayStates, _ request: RequestReference,
    constants: Attributes, _ body: (Frame) -> T
  ) -> T {
    Snapshot.with(image, revision: revision, overlay: overlay) {
      with($0, request, constants: constants, body)
    }
  }
}

// SAFETY, for the whole file: `with` keeps the fields for as long as there is a frame.

/// A request's context over one table: which attribute has which value, and what is found on the way.
extension Context {
  @inline(__always)
  private var snapshot: SnapshotReference { unsafe frame.fields.pointee.snapshot }

  @inline(__always) var image: Image { snapshot.value.image }
  @inline(__always) var revision: UInt64 { snapshot.value.revision }
  @inline(__always) var overlay: OverlayStates { OverlayStates(bits: snapshot.value.overlay) }
  @inline(__always) var request: RequestReference { unsafe frame.fields.pointee.request }
  @inline(__always) var constants: Attributes { unsafe frame.fields.pointee.constants }
  @inline(__always) var slots: Slots { unsafe frame.fields.pointee.slots }
  @inline(__always) var trail: Trail { unsafe Trail(frame.fields) }

  @inline(__always)
  var tally: Tally {
    get { unsafe frame.fields.pointee.tally }
    nonmutating _modify { yield unsafe &frame.fields.pointee.tally }
  }

  @inline(__always)
  var useCase: Place {
    get { unsafe frame.fields.pointee.useCase }
    nonmutating set { unsafe frame.fields.pointee.useCase = newValue }
  }

  @inline(__always)
  var primary: Text {
    get { unsafe frame.fields.pointee.primary }
    nonmutating set { unsafe frame.fields.pointee.primary = newValue }
  }
}
