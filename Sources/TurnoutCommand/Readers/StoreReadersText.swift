import Turnout

extension StoreReaders {
  /// A line that sums up, and one for each process.
  var rows: [(String, String)] {
    let bytes = readers.reduce(0) { $0 + $1.tableBytes + $1.copiedBytes }
    var sum = "\(Figures.count(readers.count, "process", plural: "processes")) with "
    sum += "\(Figures.grouped(bytes)) bytes of tables"
    if hidden > 0 {
      sum += "; \(Figures.count(hidden, "process", plural: "processes")) not to be looked at"
    }
    return [("readers", sum)] + readers.map { ("", $0.line) }
  }

  func write(to writer: inout JSONWriter) {
    writer.key("readers")
    writer.beginArray()
    for reader in readers { reader.write(to: &writer) }
    writer.endArray()
    writer.field("processes_hidden", hidden)
  }
}

extension StoreReaders.Reader {
  fileprivate var line: String {
    var line = "pid \(process) \(Printable.text(command))"
    if let ageSeconds { line += ", running for \(Figures.duration(seconds: ageSeconds))" }
    var held = tables.map { table in
      "revision \(table.revision)\(table.isRemoved ? " (removed)" : ""), "
        + "\(Figures.grouped(table.bytes)) bytes"
    }
    if copiedBytes > 0 { held.append("\(Figures.grouped(copiedBytes)) bytes copied") }
    return line + ": " + (held.isEmpty ? "no table" : held.joined(separator: "; "))
  }

  fileprivate func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.field("pid", process)
    writer.field("command", command)
    writer.field("age_seconds", ageSeconds)
    writer.key("tables")
    writer.beginArray()
    for table in tables {
      writer.beginObject()
      writer.field("revision", table.revision)
      writer.field("bytes", table.bytes)
      writer.field("removed", table.isRemoved)
      writer.endObject()
    }
    writer.endArray()
    writer.field("copied_bytes", copiedBytes)
    writer.endObject()
  }
}
