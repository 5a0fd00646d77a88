import Turnout

/// One of two tables that are compared, with what is read of it more than once.
final class ComparedSide {
  let records: TableRecords
  let resolver: TableResolver
  let numbers: Numbers
  private var intervals: [Int: [TableRecords.Interval]] = [:]
  private var endpoints: [EndpointKey: Int] = [:]
  private var units: [Int] = []

  /// What both tables number alike.
  struct Numbers {
    let coordinates = Numbering<Coordinate>()
    let outcomes = Numbering<Outcome>()
    /// 0 is the request id, 1 the primary unit; others by name.
    let sources = Numbering<String>()

    init() {
      _ = sources.number("the request id")
      _ = sources.number("the primary unit")
    }
  }

  private struct EndpointKey: Hashable {
    var version: Int
    var shard: Int
  }

  init(_ image: Image, _ numbers: Numbers) {
    records = TableRecords(image)
    resolver = TableResolver(image: image, revision: 0)
    self.numbers = numbers
    units = (0..<image.count(.units)).map { number in
      number == 0 ? 1 : numbers.sources.number(records.name(.units, number))
    }
  }

  /// The intervals of the allocation block at an offset.
  func intervals(_ block: Int) -> [TableRecords.Interval] {
    if let known = intervals[block] { return known }
    let read = records.intervals(block)
    intervals[block] = read
    return read
  }

  /// The number of the outcome that is a model version on a shard.
  func outcome(version: Int, shard: Int) -> Int {
    let key = EndpointKey(version: version, shard: shard)
    if let known = endpoints[key] { return known }
    let number = numbers.outcomes.number(Outcome(.endpoint(endpoint(version, shard))))
    endpoints[key] = number
    return number
  }

  func endpoint(_ version: Int, _ shard: Int) -> Destination.Endpoint {
    let place = records.shard(shard)
    return Destination.Endpoint(
      model: records.model(version), version: records.version(version), cluster: place.cluster,
      shard: place.shard, routingKey: place.routingKey)
  }

  func outcome(_ refusal: Status) -> Int { numbers.outcomes.number(Outcome(.refusal(refusal))) }

  /// The coordinate of the block at an offset, drawn by a source that is there.
  func coordinate(_ block: Int, unit number: Int) -> Int {
    let source = number < units.count ? units[number] : 1
    return numbers.coordinates.number(
      Coordinate(seed: records.seed(block), source: source))
  }

  func coordinateByRequest(_ block: Int) -> Int {
    numbers.coordinates.number(Coordinate(seed: records.seed(block), source: 0))
  }
}
