/// This process's door to one store. Opening maps the store's current table; from then on every
/// resolve answers from memory, and a keeper thread adopts each new revision within milliseconds.
///
/// Any thread may resolve, at any time, without set-up. Engines on one store share one core.
///
///     let engine = try Engine(path: "/var/lib/turnout")
///     let decision = engine.resolve(Request("SearchRanking", unit: "u_17", attributes: ["country": "US"]))
public final class Engine: Sendable {
  let handle: Handle

  /// Opens the store in a directory. A store in which nothing is published yet opens, and answers
  /// ``Status/noTable`` until something is.
  ///
  /// - Parameters:
  ///   - path: the store's directory.
  ///   - constants: attributes that every request has, unless it says otherwise.
  ///   - noThread: no keeper; call ``refresh()`` to see new revisions.
  ///   - privateTables: tables are copied into the process's own memory instead of being shared with
  ///     every process that maps them: what is done to their files later cannot reach it. A table that
  ///     another engine of the process maps already is copied from the next publish on.
  /// - Throws: `.noStore`, `.notAStore`, `.corrupt`, `.newerFormat`, `.permissionDenied`,
  ///   `.invalidArgument` for a constant that is not valid.
  public init(
    path: String, constants: [String: Request.Value] = [:], noThread: Bool = false,
    privateTables: Bool = false
  ) throws(TurnoutError) {
    let request = Request("-", attributes: constants)
    let opened = RequestMemory.with(request) { (memory) -> Result<Handle, TurnoutError> in
      guard memory.attributes.areValid else {
        return .failure(
          TurnoutError(
            .invalidArgument,
            "a constant attribute is not valid: names are UTF-8 of at most 65536 bytes, numbers "
              + "are finite, traffic is a text of at most 128 bytes, and there are at most 120"))
      }
      do throws(TurnoutError) {
        return .success(
          try Handle.openEngine(
            path: path, constants: memory.attributes, noThread: noThread,
            privateTables: privateTables))
      } catch {
        return .failure(error)
      }
    }
    handle = try opened.get()
  }

  deinit { _ = handle.close() }

  /// Resolves one request against the revision in force.
  public func resolve(_ request: Request) -> Decision { handle.resolve(request) }

  /// Resolves one use case for many primary units, all against one revision; `request.unit` is not
  /// read.
  public func resolve(_ request: Request, units: [Request.Unit]) -> [Decision] {
    // Without a view there is no table: every element says why.
    guard let view = try? view() else { return units.map { _ in resolve(request) } }
    return view.resolve(request, units: units)
  }

  /// Resolves one request for many use cases, all against one revision; `request.useCase` is not
  /// read.
  public func resolve(_ request: Request, useCases: [String]) -> [Decision] {
    guard let view = try? view() else { return useCases.map { _ in resolve(request) } }
    return view.resolve(request, useCases: useCases)
  }

  /// Pins the revision in force, for several resolves that must agree. A view keeps its table's
  /// memory alive: let go of it soon.
  /// - Throws: `.noTable`, or `.limitExceeded` at 1,024 open views.
  public func view() throws(TurnoutError) -> View { View(try handle.openView()) }

  /// Looks at the store now and adopts its head. Needed only without a keeper, or by who cannot wait
  /// some milliseconds.
  /// - Throws: why head is not served; the revision in force stays.
  public func refresh() throws(TurnoutError) { try handle.core.refresh() }

  /// What is served, and why it is not head if it is not.
  public var status: EngineStatus { handle.core.status() }

  var core: CoreReference { handle.core }
}

/// One pinned revision: every resolve through it answers from the same table. Ends with its last
/// reference. Any thread may resolve.
public final class View: Sendable {
  let handle: Handle

  fileprivate init(_ handle: Handle) { self.handle = handle }

  deinit { _ = handle.close() }

  /// The revision that the view pins.
  public var revision: UInt64 { handle.revision }

  /// Resolves one request against this view's revision.
  public func resolve(_ request: Request) -> Decision { handle.resolve(request) }

  /// Resolves one use case for many primary units; `request.unit` is not read.
  public func resolve(_ request: Request, units: [Request.Unit]) -> [Decision] {
    units.map { unit in
      var request = request
      request.unit = unit
      return handle.resolve(request)
    }
  }

  /// Resolves one request for many use cases; `request.useCase` is not read.
  public func resolve(_ request: Request, useCases: [String]) -> [Decision] {
    useCases.map { useCase in
      var request = request
      request.useCase = useCase
      return handle.resolve(request)
    }
  }
}

/// Resolves against one table, without a store: a table file, or an earlier revision.
package struct TableResolver: Sendable {
  let image: Image
  let revision: UInt64
  let overlay: OverlayBlock?

  /// The image's memory must stay mapped for as long as the resolver is used. `overlay` is what
  /// ``Image/overlay(of:)`` gave for this image.
  package init(image: Image, revision: UInt64, overlay: OverlayBlock? = nil) {
    self.image = image
    self.revision = revision
    self.overlay = overlay
  }

  package func resolve(_ request: Request) -> Decision {
    RequestMemory.resolve(request) { request, buffer, decision in
      guard request.isWithinLimits else {
        decision.clear(.invalidArgument, revision: 0, digest: Digest(low: 0, high: 0))
        return .invalidArgument
      }
      // The block stays as long as the states are read.
      return withExtendedLifetime(overlay) {
        Frame.with(
          image, revision: revision, overlay: overlay?.states ?? .none, request, constants: .none
        ) { Context($0, observer: Unobserved()).resolve(buffer, decision) }
      }
    }
  }

  /// The declared type of an attribute; nil if the table has none of that name.
  package func type(ofAttribute name: String) -> AttributeType? {
    for number in 0..<image.count(.attributes) {
      let record = image.record(.attributes, UInt32(truncatingIfNeeded: number))
      let own = image.section(.text) + record.u32(Layout.Attribute.name)
      let size = Int(record.u16(Layout.Attribute.nameBytes))
      if own.text(size).string.utf8.elementsEqual(name.utf8) {
        return AttributeType(rawValue: record.u8(Layout.Attribute.type))
      }
    }
    return nil
  }

  /// The names of the use cases, in byte order.
  package var useCases: [String] {
    (0..<image.count(.useCaseOrder)).map { ordinal in
      let order = image.record(.useCaseOrder, UInt32(truncatingIfNeeded: ordinal))
      let record = image.start + order.u32(0)
      let size = Int(record.u16(Layout.UseCase.nameBytes))
      return (record + Layout.UseCase.name).text(size).string
    }
  }
}

extension Handle {
  fileprivate func resolve(_ request: Request) -> Decision {
    RequestMemory.resolve(request) { request, buffer, decision in
      self.resolve(request, buffer, decision)
    }
  }
}
