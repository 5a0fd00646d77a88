import Turnout
import TurnoutDiff

/// The requests that two tables are compared by: lines of JSON, each a request as `resolve --batch` takes
/// it, or a context that stands for all units. `Docs/diff.md` describes them.
struct PopulationFile {
  let path: String

  private static let faultsShownMax = 20
  private static let billion = 1e9

  /// Adds every line. What is no line of a population is told, and nothing comes of it.
  func add(to comparison: TableComparison, _ progress: Progress) throws {
    var lines = LineReader(path == "-" ? .standardInput : try ByteStream.open(path))
    let name = lines.name
    var faultCount = 0
    var count = 0
    while let line = try lines.next(beforeWaiting: {}) {
      if line.number % 10_000 == 0 { progress.note("\(Figures.grouped(line.number)) lines") }
      if line.isBlank { continue }
      count += 1
      do throws(JSONReader.Fault) {
        try add(line, to: comparison)
      } catch {
        faultCount += 1
        if faultCount <= Self.faultsShownMax { Console.fail(line.words(error, in: name)) }
      }
    }
    guard faultCount == 0 else {
      throw TurnoutError(
        .invalidArgument,
        "\(Figures.count(faultCount, "line")) of \(name) held no request and no context.")
    }
    guard count > 0 else {
      throw TurnoutError(.invalidArgument, "\(name) holds no request and no context.")
    }
  }

  private func add(
    _ line: LineReader.Line, to comparison: TableComparison
  ) throws(JSONReader.Fault) {
    try line.requireWhole()
    let sample = try sample(line.bytes, comparison)
    do throws(TurnoutError) {
      try comparison.add(sample)
    } catch {
      throw JSONReader.Fault(offset: 0, message: error.message)
    }
  }

  private func sample(
    _ line: [UInt8], _ comparison: TableComparison
  ) throws(JSONReader.Fault) -> PopulationSample {
    var weight = UInt64(Self.billion)
    var lacks: Set<String> = []
    var lacksAt: Int?
    var request = try RequestLine.read(line, also: ["weight", "lacks"]) {
      reader, name, start throws(JSONReader.Fault) in
      if name == "weight" {
        weight = try Self.weight(&reader)
        return
      }
      lacksAt = start
      try reader.list { reader throws(JSONReader.Fault) in
        let at = reader.offset
        guard let unit = try RequestLine.optionalText(&reader, name) else { return }
        guard comparison.hasUnit(unit) else {
          throw JSONReader.Fault(offset: at, message: "neither table has a unit `\(unit)`")
        }
        lacks.insert(unit)
      }
    }
    let hasUnit =
      !request.unit.bytes.isEmpty || !request.requestID.bytes.isEmpty || !request.units.isEmpty
    try PopulationNames.check(line, of: request, isContext: !hasUnit, comparison)
    if hasUnit {
      if let lacksAt {
        throw JSONReader.Fault(
          offset: lacksAt, message: "`lacks` is for contexts; this request has a unit of its own")
      }
      guard !request.useCase.isEmpty else {
        throw JSONReader.Fault(
          offset: 0, message: "`use_case` is missing; a request says what to resolve")
      }
    } else {
      request = comparison.request(like: request, lacking: lacks)
    }
    return PopulationSample(request: request, isContext: !hasUnit, weight: weight)
  }

  private static func weight(_ reader: inout JSONReader) throws(JSONReader.Fault) -> UInt64 {
    let start = reader.offset
    if case .number(let number) = try reader.scalar(), number > 0, number <= billion {
      let billionths = (number * billion).rounded()
      if billionths >= 1 { return UInt64(billionths) }
    }
    throw JSONReader.Fault(
      offset: start, message: "`weight` must be a number above 0 and at most 1000000000")
  }
}
