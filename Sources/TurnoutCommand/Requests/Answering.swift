import Turnout

/// Who answers requests: a table under an overlay, of now or of a time.
struct Answering {
  /// Nil where nothing was published.
  let resolver: TableResolver?
  let facts: TableFacts?
  /// Of a time: what was in force then.
  let past: StorePast?

  /// What a process that starts now answers with.
  static func now(_ directory: String) throws -> Answering {
    let (table, head) = try OpenTable.served(of: directory)
    return try Answering(table, nil, head?.overlay ?? [], at: SystemClock.now)
  }

  /// A revision, under the overlay of now, which is beside all tables; or what was in force at a time.
  init(_ point: StorePoint, in directory: String) throws {
    let (table, past) = try point.open(in: directory)
    if let past {
      try self.init(table, past, past.overlay, at: past.time)
    } else {
      let overlay = try Head.read(directory: directory)?.overlay ?? []
      try self.init(table, nil, overlay, at: SystemClock.now)
    }
  }

  private init(
    _ table: OpenTable?, _ past: StorePast?, _ overlay: [OverlayEntry], at time: Int64
  ) throws {
    self.past = past
    facts = table.map { TableFacts($0.image) }
    resolver = try table.map { table in
      TableResolver(
        image: table.image, revision: table.revision,
        overlay: try table.image.overlay(of: overlay, at: time))
    }
  }

  /// The request that `arguments` give, at the time that was asked for unless they give another.
  func request(
    _ useCase: String, of arguments: RequestArguments
  ) throws -> (request: Request, warnings: [String]) {
    var (request, warnings) = try arguments.request(useCase, for: facts)
    request.now = request.now ?? past?.time
    return (request, warnings)
  }
}
