import Turnout
import TurnoutCompiler

/// The documents of a table as the store keeps them: a JSON array of `{"name": …, "text": …}` in the
/// order in which they were read, and then of `{"units_file": …, "text": …}` for each file of units
/// that they name. `Docs/command.md` says so too.
struct StoredSources {
  var documents: [Source] = []
  var unitFiles: [UnitFile] = []

  /// Only of sources that compiled: their bytes are UTF-8.
  static func encode(_ compilation: Compilation) -> [UInt8] {
    let sources = compilation.sources.reduce(0) { $0 + $1.bytes.count }
    let units = compilation.unitFiles.reduce(0) { $0 + $1.bytes.count }
    var writer = JSONWriter()
    // A line end takes two bytes, and lines are seldom shorter than sixteen.
    writer.reserve((sources + units) / 16 * 17 + 4096)
    func write(_ name: StaticString, _ path: String, _ bytes: [UInt8]) {
      writer.beginObject()
      writer.field(name, path)
      writer.field("text", utf8: bytes)
      writer.endObject()
    }
    writer.beginArray()
    for source in compilation.sources { write("name", source.name, source.bytes) }
    for file in compilation.unitFiles { write("units_file", file.path, file.bytes) }
    writer.endArray()
    return writer.bytes
  }

  /// What `encode` wrote; without documents where nothing is kept, as for a table that came by
  /// `apply`.
  init(_ stored: [UInt8]) throws(TurnoutError) {
    guard !stored.isEmpty else { return }
    var reader = JSONReader(stored)
    do throws(JSONReader.Fault) {
      try reader.list { reader throws(JSONReader.Fault) in
        var name = ""
        var text: [UInt8] = []
        var isUnits = false
        try reader.object { reader, key, offset throws(JSONReader.Fault) in
          guard case .string(let value) = try reader.scalar() else {
            throw JSONReader.Fault(offset: offset, message: "`\(key)` is no text")
          }
          switch key {
          case "name", "units_file": (name, isUnits) = (value, key == "units_file")
          case "text": text = Array(value.utf8)
          default: throw JSONReader.Fault(offset: offset, message: "`\(key)` is not known here")
          }
        }
        if isUnits {
          unitFiles.append(UnitFile(path: name, bytes: text))
        } else {
          documents.append(Source(name: name, bytes: text))
        }
      }
      try reader.end()
    } catch {
      throw TurnoutError(
        .corrupt,
        "The documents that are kept with the table cannot be read: \(error.message), at byte "
          + "\(error.offset). The table itself is good.")
    }
  }
}
