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
}
