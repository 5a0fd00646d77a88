import Turnout

/// A JSON object in pieces: what merging at the top level needs.
package struct Config: Sendable, Hashable {
  /// In byte order of the keys, each once.
  package var entries: [ConfigEntry]

  package init(entries: [ConfigEntry]) {
    self.entries = entries
  }

  package static let empty = Config(entries: [])
}

package struct ConfigEntry: Sendable, Hashable {
  /// As text, not as JSON.
  package var key: Text
  /// The value as compact JSON: keys of nested objects in byte order, numbers as written.
  package var json: Text

  package init(key: Text, json: Text) {
    self.key = key
    self.json = json
  }
}

extension Config {
  /// The object as one compact JSON text.
  package var json: String {
    var text = "{"
    for entry in entries {
      if text.utf8.count > 1 { text += "," }
      text += JSONText.quoted(entry.key.string)
      text += ":"
      text += entry.json.string
    }
    return text + "}"
  }
}
