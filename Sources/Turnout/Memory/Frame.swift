/// What one evaluation knows and notes, on the stack of one resolve or of one batch. The evaluator
/// knows it by its address alone, so that a call out of the hot path hands over one word.
struct FrameFields {
  let image: Image
  let revision: UInt64
  let overlay: OverlayStates
  let request: RequestReference
  /// Given once at open; a request's own attribute of the same name holds instead.
  let constants: Attributes
  let slots: Slots
  var trail: Trail
  var tally = Tally()
  /// The use case asked for.
  var useCase: Place
  /// The request's primary unit.
  var primary = Text.empty
}

/// One evaluation's frame.
@safe
struct Frame {
  fileprivate let fields: UnsafeMutablePointer<FrameFields>

  /// Calls `body` with a new one.
  @inline(always)
  static func with<T>(
    _ image: Image, revision: UInt64, overlay: OverlayStates, _ request: RequestReference,
    constants: Attributes, _ body: (Frame) -> T
  ) -> T {
    Slots.with(image.count(.attributes)) { slots in
      Trail.with { trail in
        // SAFETY: the memory lives for the closure, which may not let the frame escape.
        unsafe withUnsafeTemporaryAllocation(of: FrameFields.self, capacity: 1) { memory in
          // SAFETY: such a buffer has an address, and room for one.
          let fields = unsafe memory.baseAddress.unsafelyUnwrapped
          // SAFETY: as above.
          unsafe fields.initialize(
            to: FrameFields(
              image: image, revision: revision, overlay: overlay, request: request,
              constants: constants, slots: slots, trail: trail, useCase: image.start))
          return body(unsafe Frame(fields: fields))
        }
      }
    }
  }
}

// SAFETY, for the whole file: `with` keeps the fields for as long as there is a frame.

/// A request's context over one table: which attribute has which value, and what is found on the way.
extension Context {
  @inline(__always) var image: Image { unsafe frame.fields.pointee.image }
  @inline(__always) var revision: UInt64 { unsafe frame.fields.pointee.revision }
  @inline(__always) var overlay: OverlayStates { unsafe frame.fields.pointee.overlay }
  @inline(__always) var request: RequestReference { unsafe frame.fields.pointee.request }
  @inline(__always) var constants: Attributes { unsafe frame.fields.pointee.constants }
  @inline(__always) var slots: Slots { unsafe frame.fields.pointee.slots }

  @inline(__always)
  var trail: Trail {
    get { unsafe frame.fields.pointee.trail }
    nonmutating _modify { yield unsafe &frame.fields.pointee.trail }
  }

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
