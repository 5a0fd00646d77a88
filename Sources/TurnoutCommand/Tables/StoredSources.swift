import Turnout
import TurnoutCompiler

/// The documents of a table as the store keeps them: a JSON array of `{"name": …, "text": …}`, in
/// the order in which they were read. `Docs/command.md` says so too.
enum StoredSources {
  /// Only of sources that compiled: their bytes are UTF-8.
  static func encode(_ sources: [Source]) -> [UInt8] {
    var writer = JSONWriter()
    writer.beginArray()
    for source in sources {
      writer.beginObject()
      writer.field("name", source.name)
      writer.field("text", String(decoding: source.bytes, as: UTF8.self))
      writer.endObject()
    }
    writer.endArray()
    return writer.bytes
  }

  /// What `encode` wrote; empty where nothing is kept, as for a table that came by `apply`.
  static func decode(_ stored: Bytes) throws(TurnoutError) -> [Source] {
    guard stored.count > 0, let bytes = stored.copy(0, stored.count) else { return [] }
    var reader = JSONReader(bytes)
    var sources: [Source] = []
    do throws(JSONReader.Fault) {
      try reader.list { reader throws(JSONReader.Fault) in
        var source = Source(name: "", bytes: [])
        try reader.object { reader, key, offset throws(JSONReader.Fault) in
          guard case .string(let text) = try reader.scalar() else {
            throw JSONReader.Fault(offset: offset, message: "`\(key)` is no text")
          }
          switch key {
          case "name": source.name = text
          case "text": source.bytes = Array(text.utf8)
          default: break
          }
        }
        sources.append(source)
      }
      try reader.end()
    } catch {
      throw TurnoutError(
        .corrupt,
        "The documents that are kept with the table cannot be read: \(error.message), at byte "
          + "\(error.offset). The table itself is good.")
    }
    return sources
  }
}
