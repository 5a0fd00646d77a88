package import Turnout

/// One file of the documents: its name, as people will see it in messages, and its bytes.
package struct Source: Sendable, Hashable {
  package var name: String
  package var bytes: [UInt8]
  /// Why the file could not be read. The checker reports it among everything else.
  package var failure: TurnoutError?

  package init(name: String, bytes: [UInt8], failure: TurnoutError? = nil) {
    self.name = name
    self.bytes = bytes
    self.failure = failure
  }

  package init(name: String, text: String) {
    self.init(name: name, bytes: Array(text.utf8))
  }

  var isJSON: Bool { name.utf8.count > 5 && name.hasSuffix(".json") }
}
