/// What an engine serves and why.
public struct EngineStatus: Sendable {
  /// The revision served; 0 is none.
  public internal(set) var revision: UInt64 = 0
  /// The store's head when it was last looked at; 0 is none.
  public internal(set) var headRevision: UInt64 = 0
  /// Of the overlay served.
  public internal(set) var overlayGeneration: UInt64 = 0
  /// Of the table served.
  public internal(set) var digest = Digest(low: 0, high: 0)
  /// The size of the table served.
  public internal(set) var imageBytes = 0
  /// When it was adopted: nanoseconds since 1970 in UTC.
  public internal(set) var adoptedAt: Int64 = 0
  /// Why head is not what is served; nil if it is.
  public internal(set) var refusal: TurnoutError?
  /// How many tables this engine has read and validated since it was opened. A head that goes back to
  /// one of them adds none while ``earlierTables`` has it.
  public internal(set) var tablesValidated: UInt64 = 0
  /// Tables that were in force and are kept mapped, since head may go back to them.
  public internal(set) var earlierTables = 0
  /// Bytes of those: of the page cache, which all processes share.
  public internal(set) var earlierTableBytes = 0
  /// Whether the keeper thread runs.
  public internal(set) var keeperRunning = false
  /// Snapshots that are out of force and not yet ended, since somebody reads or holds them.
  public internal(set) var retired = 0
  /// The open views, oldest first.
  public internal(set) var views: [ViewReport] = []
  /// Bytes of tables that only views keep.
  public internal(set) var viewBytes = 0
  /// Of the whole process: see ``Counters``.
  public internal(set) var counters = Counters()
}

/// One open view.
public struct ViewReport: Sendable, Hashable {
  /// The revision that it pins.
  public internal(set) var revision: UInt64
  /// How long it has been open, in nanoseconds.
  public internal(set) var age: UInt64
  /// The size of its table.
  public internal(set) var bytes: Int
}
