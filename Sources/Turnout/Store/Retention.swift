/// Which revisions a store keeps besides head, the head before it and pinned ones.
package struct Retention: Sendable, Hashable {
  /// So many of the newest, whatever their age.
  package var keep: UInt64
  /// And what was published, or head, within so many nanoseconds; 0: nothing for its age alone.
  package var span: Int64

  package init(keep: UInt64 = Self.standard.keep, span: Int64 = 0) {
    self.keep = keep
    self.span = span
  }

  package static let standard = Retention(keep: 16, span: 0)

  var fault: String? {
    guard keep >= 1, keep <= StoreLayout.revisionsMax else {
      return "A store keeps from 1 to \(StoreLayout.revisionsMax) revisions, not \(keep)."
    }
    return span < 0 ? "An age is no less than nothing." : nil
  }
}

/// Why a revision is kept whatever its age, and who wants it.
package struct Pin: Sendable, Hashable {
  package let revision: UInt64
  /// In nanoseconds since 1970 in UTC.
  package let time: Int64
  package let author: String
  package let message: String
}

extension FieldWriter {
  mutating func put(_ retention: Retention) {
    put(retention.keep)
    put(retention.span)
  }

  mutating func put(_ pin: Pin) {
    put(pin.time)
    put(text: pin.author)
    put(text: pin.message)
  }
}

extension FieldReader {
  /// Nil unless it is one that a writer would write.
  mutating func retention() -> Retention? {
    guard let keep = field(UInt64.self), let span = field(Int64.self) else { return nil }
    let retention = Retention(keep: keep, span: span)
    return retention.fault == nil ? retention : nil
  }

  mutating func pin(of revision: UInt64) -> Pin? {
    guard let time = field(Int64.self), let author = text(), let message = text() else {
      return nil
    }
    return Pin(revision: revision, time: time, author: author, message: message)
  }
}

extension StoreTransaction {
  /// Keeps a revision whatever its age until it is unpinned. Unchanged if it is pinned already.
  package func pin(_ number: UInt64, by signature: Signature) throws(TurnoutError) -> Published {
    try requireOpen()
    try signature.check()
    let revision = try kept(number)
    let pins = try catalog.pins()
    if pins.contains(where: { $0.revision == number }) { return try told(revision, true) }
    guard pins.count < StoreLayout.pinsMax else {
      throw TurnoutError(
        .limitExceeded,
        "The store at \(store.directory) has \(pins.count) pinned revisions; more cannot be. "
          + "`turnout unpin` lets one go.")
    }
    try catalog.put(
      Pin(
        revision: number, time: signature.time, author: signature.author,
        message: signature.message))
    try note(.pin, revision, signature)
    return try told(revision, false)
  }

  /// Leaves a revision to retention again. Unchanged if it is not pinned.
  package func unpin(_ number: UInt64, by signature: Signature) throws(TurnoutError) -> Published {
    try requireOpen()
    try signature.check()
    let revision = try kept(number)
    guard try catalog.pins().contains(where: { $0.revision == number }) else {
      return try told(revision, true)
    }
    try catalog.removePin(number)
    try note(.unpin, revision, signature)
    return try told(revision, false)
  }

  /// Says which revisions are kept from now on; what is not goes with this change. False if it was so
  /// already.
  package func retain(
    _ retention: Retention, by signature: Signature
  ) throws(TurnoutError) -> Bool {
    try requireOpen()
    try signature.check()
    if let fault = retention.fault { throw TurnoutError(.invalidArgument, fault) }
    if try catalog.retention() == retention { return false }
    try catalog.setRetention(retention)
    try note(.retention, try head(), signature, retention: retention)
    return true
  }

  package func retention() throws(TurnoutError) -> Retention {
    try requireOpen()
    return try catalog.retention()
  }

  private func kept(_ number: UInt64) throws(TurnoutError) -> Revision {
    guard let revision = try catalog.revision(number) else {
      throw store.noRevision(number, in: catalog)
    }
    return revision
  }

  private func told(_ revision: Revision, _ unchanged: Bool) throws(TurnoutError) -> Published {
    Published(
      revision: revision.number, unchanged: unchanged, head: try catalog.head()?.revision ?? 0,
      digest: revision.imageDigest, bytes: revision.imageBytes)
  }

  /// An entry of the history that moves no head.
  private func note(
    _ action: HistoryEntry.Action, _ revision: Revision?, _ signature: Signature,
    retention: Retention? = nil
  ) throws(TurnoutError) {
    let head = try catalog.head()?.revision ?? 0
    try catalog.append(
      HistoryEntry(
        number: 0, action: action, revision: revision?.number ?? 0, previousHead: head, head: head,
        time: signature.time, digest: revision?.imageDigest ?? Digest(low: 0, high: 0),
        bytes: revision?.imageBytes ?? 0, author: signature.author, message: signature.message,
        retention: retention))
    isChanged = true
  }

  /// Takes the revisions out of the catalog that retention does not keep. Their files go after the
  /// commit, with whatever else the catalog does not know.
  func retire() throws(TurnoutError) {
    let retention = try catalog.retention()
    let revisions = try catalog.allRevisions()
    var kept = Set(try catalog.pins().map(\.revision))
    if let head = try catalog.head() { kept.formUnion([head.revision, head.previous]) }
    let keep = max(1, store.options.keep ?? Int(clamping: retention.keep))
    kept.formUnion(revisions.suffix(keep).map(\.number))
    if retention.span > 0 {
      let now = store.options.clock()
      let (oldest, overflow) = now.subtractingReportingOverflow(retention.span)
      // A time after now is one of a clock that was set back: such a revision is not old.
      let young = revisions.filter { overflow || $0.lastInForce >= oldest }
      kept.formUnion(young.suffix(StoreLayout.revisionsMax).map(\.number))
    }
    for revision in revisions where !kept.contains(revision.number) {
      try catalog.removeRevision(revision.number)
    }
  }
}
