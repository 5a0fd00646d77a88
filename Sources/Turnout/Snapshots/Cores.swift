/// The cores of this process: one for each store, shared by all handles that are open on it.
package enum Cores {
  /// Opens a handle on the store in the directory `path`, and adopts its head before it returns.
  /// A store without a head opens: its resolves give `.noTable` until something is published.
  /// - Parameter noThread: no keeper; the host calls ``Cell/refresh()``. A store that is open with
  ///   a keeper keeps it.
  package static func open(path: String, noThread: Bool) throws(TurnoutError) -> CoreReference {
    throw TurnoutError(.noStore, "not yet")
  }
}

extension Cell where Value == CoreRecord {
  /// Gives back a handle that ``Cores/open(path:noThread:)`` gave. With the last one, and the last
  /// view, the keeper ends and the tables go once their readers are out.
  package func close() {}

  /// Looks at the store now and adopts its head, in the calling thread. Throws why head is not served
  /// afterwards.
  package func refresh() throws(TurnoutError) {}

  /// What is served, and why.
  package func status() -> EngineStatus { EngineStatus() }
}
