/// What happened to a store, once.
package struct HistoryEntry: Sendable, Hashable {
  package enum Action: UInt8, Sendable {
    case publish = 1
    case stage = 2
    case activate = 3
    case rollback = 4
    case apply = 5
    case set = 6
    case pin = 7
    case unpin = 8
    case retention = 9

    package var name: StaticString {
      switch self {
      case .publish: "publish"
      case .stage: "stage"
      case .activate: "activate"
      case .rollback: "rollback"
      case .apply: "apply"
      case .set: "set"
      case .pin: "pin"
      case .unpin: "unpin"
      case .retention: "retention"
      }
    }
  }

  /// 1, 2, 3 … in the order of what happened.
  package var number: UInt64
  package var action: Action
  /// The revision that was made, made current, pinned or unpinned; of `set` and `retention`, head's, and 0
  /// where there is none.
  package var revision: UInt64
  /// The head before; 0 for none.
  package var previousHead: UInt64
  /// The head after; 0 for none.
  package var head: UInt64
  /// In nanoseconds since 1970 in UTC.
  package var time: Int64
  /// Of the revision's image.
  package var digest: Digest
  package var bytes: UInt64
  package var author: String
  package var message: String
  /// Of `set`: what is new, and with the state `up` or `on` what was taken away.
  package var changes: [OverlayEntry] = []
  /// What moved, against head as it was; nil where nobody knew, and of other actions.
  package var moved: ChangeSummary?
  /// Of `retention`: what holds from here on.
  package var retention: Retention?
}

extension HistoryEntry {
  var encoded: [UInt8] {
    var writer = FieldWriter()
    writer.put(action.rawValue)
    writer.pad(to: 8)
    writer.put(revision)
    writer.put(previousHead)
    writer.put(head)
    writer.put(time)
    writer.put(digest)
    writer.put(bytes)
    writer.put(text: author)
    writer.put(text: message)
    switch action {
    case .set:
      writer.pad(to: 8)
      for change in changes { writer.put(change) }
    case .retention:
      writer.pad(to: 8)
      if let retention { writer.put(retention) }
    case .publish, .stage, .activate, .rollback, .apply:
      guard let moved else { break }
      writer.pad(to: 8)
      writer.put(moved)
    case .pin, .unpin:
      break
    }
    return writer.bytes
  }

  init?(number: UInt64, parsing stored: [UInt8]) {
    var reader = FieldReader(stored)
    guard
      let action = reader.field(UInt8.self).flatMap(Action.init(rawValue:)),
      reader.skipPadding(to: 8),
      let revision = reader.field(UInt64.self),
      let previousHead = reader.field(UInt64.self),
      let head = reader.field(UInt64.self),
      let time = reader.field(Int64.self),
      let digest = reader.digest(),
      let bytes = reader.field(UInt64.self),
      let author = reader.text(),
      let message = reader.text()
    else { return nil }
    var changes: [OverlayEntry] = []
    var moved: ChangeSummary?
    var retention: Retention?
    switch action {
    case .set:
      guard reader.skipPadding(to: 8) else { return nil }
      while !reader.isAtEnd {
        guard let change = reader.overlayEntry() else { return nil }
        changes.append(change)
      }
    case .retention:
      guard reader.skipPadding(to: 8), let found = reader.retention() else { return nil }
      retention = found
    case .publish, .stage, .activate, .rollback, .apply:
      // The first builds of this format said nothing of it.
      if reader.isAtEnd { break }
      guard reader.skipPadding(to: 8), let found = reader.changeSummary() else { return nil }
      moved = found
    case .pin, .unpin:
      break
    }
    guard reader.isAtEnd else { return nil }
    self.init(
      number: number, action: action, revision: revision, previousHead: previousHead, head: head,
      time: time, digest: digest, bytes: bytes, author: author, message: message,
      changes: changes, moved: moved, retention: retention)
  }
}

/// Who changes a store, why and when: it goes into the history.
package struct Signature: Sendable, Hashable {
  package var author: String
  package var message: String
  /// In nanoseconds since 1970 in UTC.
  package var time: Int64

  package init(author: String, message: String, time: Int64) {
    self.author = author
    self.message = message
    self.time = time
  }

  func check() throws(TurnoutError) {
    guard author.utf8.count <= StoreLayout.authorBytesMax else {
      throw TurnoutError(
        .limitExceeded, "The author has more than \(StoreLayout.authorBytesMax) bytes. Shorten it.")
    }
    guard message.utf8.count <= StoreLayout.messageBytesMax else {
      throw TurnoutError(
        .limitExceeded,
        "The message has more than \(StoreLayout.messageBytesMax) bytes. Shorten it.")
    }
  }
}
