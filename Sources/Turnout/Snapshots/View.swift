/// A pinned snapshot. A value: copying it opens nothing, and closing one copy closes all.
package struct HeldView: Sendable {
  let core: CoreReference
  let announced: UInt
  let slot: UInt
  let serial: UInt64
  package let revision: UInt64

  /// Like ``Cell/enter()``, for the snapshot that this view pins; `.closed` if the view is.
  @inline(__always)
  package func enter() -> Reading { Reading(.noTable) }

  /// Ends the view. False: it was closed already, or comes from the other side of a fork.
  package func close() -> Bool { false }
}

extension Cell where Value == CoreRecord {
  /// Pins the snapshot in force. `.noTable`, `.limitExceeded` at ``viewsMax`` open views of this store.
  package func openView() throws(TurnoutError) -> HeldView {
    throw TurnoutError(.noTable, "not yet")
  }
}
