/// What an engine serves and why.
package struct EngineStatus: Sendable {
  /// The revision served; 0 is none.
  package var revision: UInt64 = 0
  /// The store's head when it was last looked at; 0 is none.
  package var headRevision: UInt64 = 0
  /// Of the overlay served.
  package var overlayGeneration: UInt64 = 0
  /// Of the table served.
  package var digest = Digest(low: 0, high: 0)
  package var imageBytes = 0
  /// When it was adopted: nanoseconds since 1970 in UTC.
  package var adoptedAt: Int64 = 0
  /// Why head is not what is served; nil if it is.
  package var refusal: TurnoutError?
  /// Whether the keeper thread runs.
  package var keeperRunning = false
  /// Snapshots that are out of force and not yet ended, since somebody reads or holds them.
  package var retired = 0
  /// The open views, oldest first.
  package var views: [ViewReport] = []
  /// Bytes of tables that only views keep.
  package var viewBytes = 0
  /// Of the whole process: see ``Counters``.
  package var counters = Counters()
}

/// One open view.
package struct ViewReport: Sendable, Hashable {
  package var revision: UInt64
  /// How long it has been open, in nanoseconds.
  package var age: UInt64
  /// The size of its table.
  package var bytes: Int
}
