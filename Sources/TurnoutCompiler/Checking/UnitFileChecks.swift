internal import Turnout

extension Checker {
  /// `units_file: path`. What is wrong with a file is said where it is named first.
  func unitFile(_ node: Node) -> Condition {
    guard let written = text(node, "`units_file`", bytesMax: Limits.pathBytesMax) else {
      return .always
    }
    guard !written.isEmpty, !written.unicodeScalars.contains("\0") else {
      report.error(
        .invalidValue, at: node.mark, "`units_file` cannot be \(Printable.quoted(written))",
        "write the path of a file, relative to the folder of this one")
      return .always
    }
    guard !written.hasPrefix("/") else {
      report.error(
        .invalidValue, at: node.mark, "`units_file` is an absolute path",
        "write it relative to the folder of this file, with `..` where it leads up")
      return .always
    }
    let source = Int(node.mark.source)
    let path = UnitFiles.path(written, in: report.sources[source].name)
    if let known = unitSets[path] { return known.map(Condition.units) ?? .always }
    let units = units(inFileAt: path, node.mark)
    unitSets[path] = .some(units)
    return units.map(Condition.units) ?? .always
  }

  private func units(inFileAt path: String, _ mark: SourceMark) -> UnitSet? {
    let name = Printable.quoted(path)
    let bytes: [UInt8]
    switch unitFiles.read(path) {
    case .success(let read): bytes = read
    case .failure(let error):
      report.error(
        .unreadableFile, at: mark, error.message, "the path goes from the folder of this document")
      return nil
    }
    unitFileBytes += bytes.count
    let isLarge = bytes.count > Limits.unitFileBytesMax
    guard !isLarge, unitFileBytes <= Limits.unitFilesBytesMax else {
      report.error(
        .limit, at: mark,
        isLarge
          ? "\(name) is larger than \(Limits.unitFileBytesMax) bytes"
          : "\(name) brings the files of units above \(Limits.unitFilesBytesMax) bytes in all",
        "divide it, or test an attribute that the caller gives")
      return nil
    }
    unitFilesRead.append(UnitFile(path: path, bytes: bytes))
    do throws(UnitLines.Fault) {
      let lines = try UnitLines(bytes)
      guard lines.places.isEmpty else { return UnitSet(bytes, at: lines.places) }
      report.error(
        .empty, at: mark, "\(name) holds no unit", "write one a line, or leave the condition out")
    } catch {
      report.error(
        error.code, at: mark, "line \(error.line) of \(name) \(error.message)", error.suggestion)
    }
    return nil
  }
}

/// Where the units of a file stand: one a line, line ends being LF or CRLF, empty lines left out.
struct UnitLines {
  private(set) var places: [Range<Int>] = []

  struct Fault: Error {
    var code: DiagnosticCode
    /// From 1.
    var line: Int
    var message: String
    var suggestion: String
  }

  init(_ bytes: [UInt8]) throws(Fault) {
    var start = bytes.starts(with: Encoding.byteOrderMark) ? Encoding.byteOrderMark.count : 0
    var index = start
    var line = 1
    while index < bytes.count {
      let byte = bytes[index]
      if byte == 0x0a {
        let isCRLF = index > start && bytes[index - 1] == 0x0d
        try add(start..<(isCRLF ? index - 1 : index), line)
        index += 1
        start = index
        line += 1
      } else if byte < 0x80 {
        index += 1
      } else {
        let length = Encoding.scalarLength(bytes, at: index)
        guard length > 0 else {
          throw Fault(
            code: .invalidEncoding, line: line, message: "is not UTF-8",
            suggestion: "save the file as UTF-8")
        }
        index += length
      }
    }
    try add(start..<index, line)
  }

  private mutating func add(_ place: Range<Int>, _ line: Int) throws(Fault) {
    guard !place.isEmpty else { return }
    guard place.count <= Limits.unitBytesMax else {
      throw Fault(
        code: .limit, line: line, message: "has \(place.count) bytes",
        suggestion: "a unit has at most \(Limits.unitBytesMax)")
    }
    guard places.count < Limits.unitsPerFileMax else {
      throw Fault(
        code: .limit, line: line, message: "is one unit too many",
        suggestion: "a file holds at most \(Limits.unitsPerFileMax)")
    }
    places.append(place)
  }
}
