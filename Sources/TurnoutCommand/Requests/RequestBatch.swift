import Turnout

/// Requests as lines, decisions as lines: in the same order, in bounded memory, all from one
/// revision. What is ready is written before the next request is waited for, so that a program can
/// ask and hear line by line.
struct RequestBatch {
  let resolver: TableResolver?
  /// The time of requests that give none; nil: the clock's.
  var now: Int64?

  private static let flushBytes = 1 << 16
  /// Faults that are spelled out; the rest is counted.
  private static let faultsShownMax = 20

  func run(_ path: String) throws {
    var lines = LineReader(
      path == "-" ? .standardInput : try ByteStream.open(path))
    var writer = JSONWriter()
    var faultCount = 0
    // Where the answers go to a terminal, they are progress enough.
    let isWatched = !ByteStream.standardOutput.isTerminal
    try Progress.during { progress in
      while true {
        let line = try lines.next {
          try flush(&writer)
        }
        guard let line else { break }
        if isWatched, line.number % 10_000 == 0 {
          progress.note("\(Figures.grouped(line.number)) lines")
        }
        if line.isBlank { continue }
        do throws(JSONReader.Fault) {
          try answer(line, &writer)
        } catch {
          faultCount += 1
          if faultCount <= Self.faultsShownMax { report(error, in: line, of: lines.name) }
          writer.decision(Decision(status: .invalidArgument), useCase: "")
        }
        writer.endLine()
        if writer.bytes.count >= Self.flushBytes { try flush(&writer) }
      }
      try flush(&writer)
    }
    guard faultCount == 0 else {
      throw Refusal(
        message: "\(Figures.count(faultCount, "line")) of \(lines.name) held no request.")
    }
  }

  private func answer(
    _ line: LineReader.Line, _ writer: inout JSONWriter
  ) throws(JSONReader.Fault) {
    guard !line.isTooLong else {
      throw JSONReader.Fault(
        offset: 0, message: "the line is longer than \(LineReader.lineBytesMax) bytes")
    }
    var request = try RequestLine.read(line.bytes)
    request.now = request.now ?? now
    let decision = resolver?.resolve(request) ?? Decision(status: .noTable)
    writer.decision(decision, useCase: request.useCase)
  }

  private func flush(_ writer: inout JSONWriter) throws {
    guard !writer.bytes.isEmpty else { return }
    try Console.write(writer.bytes)
    writer.removeAll()
  }

  private func report(_ fault: JSONReader.Fault, in line: LineReader.Line, of name: String) {
    Console.fail(line.words(fault, in: name))
  }
}

extension LineReader.Line {
  /// What is wrong with the line, and where.
  func words(_ fault: JSONReader.Fault, in name: String) -> String {
    // Columns count Unicode scalars: bytes that do not continue one.
    let column = bytes.prefix(fault.offset).count { $0 & 0xc0 != 0x80 } + 1
    return "\(name):\(number):\(column): \(fault.message)"
  }

  /// Whether there is nothing but white space.
  var isBlank: Bool { !isTooLong && bytes.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0d } }
}
