/// What every binding opens and resolves with.
extension Handle {
  /// Opens an engine on the store in `path`. The constants are checked and are copied.
  package static func openEngine(
    path: String, constants: Attributes, noThread: Bool, privateTables: Bool = false
  ) throws(TurnoutError) -> Handle {
    guard let owned = OwnedAttributes(copying: constants) else { throw noMemory }
    do throws(TurnoutError) {
      let core = try Cores.open(path: path, noThread: noThread, privateTables: privateTables)
      guard let handle = open(core, view: nil, owned) else {
        core.close()
        throw noMemory
      }
      return handle
    } catch {
      owned.release()
      throw error
    }
  }

  /// Pins the snapshot in force of this engine.
  package func openView() throws(TurnoutError) -> Handle {
    guard let owned = OwnedAttributes(copying: constants) else { throw Self.noMemory }
    do throws(TurnoutError) {
      let view = try core.openView()
      guard let handle = Self.open(core, view: view, owned) else {
        view.close()
        throw Self.noMemory
      }
      return handle
    } catch {
      owned.release()
      throw error
    }
  }

  private static var noMemory: TurnoutError {
    TurnoutError(.outOfMemory, "there is no memory for another handle")
  }

  /// Resolves one request against the snapshot in force, or the view's.
  package func resolve(
    _ request: RequestReference, _ buffer: OutputBuffer, _ decision: DecisionReference
  ) -> Status {
    guard decision.isWithinLimits else { return .invalidArgument }
    guard request.isWithinLimits else {
      decision.clear(.invalidArgument, revision: 0, digest: Digest(low: 0, high: 0))
      return .invalidArgument
    }
    return enter().resolve(request, constants: constants, buffer, decision)
  }

  /// Resolves a batch; all of it against one snapshot.
  package func resolve(
    _ request: RequestReference, _ batch: Batch, _ buffer: OutputBuffer
  ) -> BatchOutcome {
    guard request.contextIsWithinLimits else {
      var outcome = BatchOutcome()
      outcome.status = .invalidArgument
      return outcome
    }
    return enter().resolve(request, constants: constants, batch, buffer)
  }
}

extension Attributes {
  /// Whether every one is well formed, and the traffic class a text.
  package var areValid: Bool {
    guard isWithinLimits else { return false }
    for i in 0..<count {
      let attribute = self[i]
      guard attribute.isValid else { return false }
      // Of every table, so that it is known before there is one.
      if attribute.name.text.says("traffic"), !attribute.isTrafficClass { return false }
    }
    return true
  }
}

extension AttributeReference {
  /// Whether a well-formed value may be a traffic class: a text that is not too long, or null.
  fileprivate var isTrafficClass: Bool {
    type == Self.null || type == Self.string && text.count <= Format.nameBytesMax
  }
}
