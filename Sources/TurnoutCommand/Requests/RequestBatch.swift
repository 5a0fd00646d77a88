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
          if faultCount <= Self.faultsShownMax { Console.fail(line.words(error, in: lines.name)) }
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
    try line.requireWhole()
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
}

extension LineReader.Line {
  func requireWhole() throws(JSONReader.Fault) {
    guard isTooLong else { return }
    throw JSONReader.Fault(
      offset: 0, message: "the line is longer than \(LineReader.lineBytesMax) bytes")
  }

  /// What is wrong with the line, and where.
  func words(_ fault: JSONReader.Fault, in name: String) -> String {
    // Columns count Unicode scalars: bytes that do not continue one.
    let column = bytes.prefix(fault.offset).count { $0 & 0xc0 != 0x80 } + 1
    return "\(name):\(number):\(column): \(fault.message)"
  }

  /// Whether there is nothing but white space.
  var isBlank: Bool { !isTooLong && bytes.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0d } }
}
