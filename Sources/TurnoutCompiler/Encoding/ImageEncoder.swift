import Turnout

/// Document and earlier table to image: a pure function, and equal inputs give equal bytes.
struct ImageEncoder {
  let document: RoutingDocument
  var numbers: NameNumbers
  var plan: AllocationPlan
  var texts = TextPool()
  var maps = MapEncoder()
  var configs: ConfigEncoder
  var conditions = ConditionEncoder()
  var placements = PlacementEncoder()
  var reducer: ConditionReducer
  var lineage = LineageEncoder()
  var sections = SectionWriters()
  /// By ordinal: where the record begins in its section, and its name's hash.
  var useCaseStarts: [Int] = []
  var useCaseHashes: [UInt64] = []
  var shadowCount = 0
  /// Of clusters without shards, by name: their shard's number plus 1, and its texts.
  var soleShards: [String: (reference: UInt32, texts: [String])] = [:]

  /// By their hashes, in the order of the shards, each with its shard's number plus 1.
  var routingKeys: [(hash: UInt64, value: UInt32)] = []

  /// More than this many bytes are no table.
  private let bytesMax: Int
  private var isFull = false

  private init(_ document: RoutingDocument, against earlier: Image?, bytesMax: Int) {
    self.document = document
    self.bytesMax = bytesMax
    numbers = NameNumbers(document)
    plan = AllocationPlan(against: earlier)
    reducer = ConditionReducer(document.segments, attributes: numbers.attributes)
    configs = ConfigEncoder(document.configKeys, &texts)
  }

  struct Result {
    /// Nil if there are faults.
    var image: [UInt8]?
    var faults: [CompileFault]
    var warnings: [CompileFault]
    var changes: [AllocationChange]
    var gone: [AllocationChange]
  }

  /// Tests give a smaller `bytesMax` than the format's.
  static func encode(
    _ document: RoutingDocument, against earlier: Image?, bytesMax: Int = Format.imageBytesMax
  ) -> Result {
    var encoder = ImageEncoder(document, against: earlier, bytesMax: bytesMax)
    // Allocations stand in the order in which they are met here.
    encoder.encodeNames()
    encoder.encodeClusters()
    encoder.encodeVersions()
    encoder.encodeUseCases()
    encoder.encodeLayers()
    encoder.encodeExperiments()
    encoder.encodeHoldouts()
    let image = encoder.plan.faults.isEmpty ? encoder.assemble() : nil
    if let image { encoder.checkKeys(image) }
    let plan = encoder.plan
    return Result(
      image: plan.faults.isEmpty ? image : nil, faults: plan.faults,
      warnings: plan.faults.isEmpty ? plan.redraws() : [], changes: plan.changes,
      gone: plan.gone())
  }

  /// Whether the sections have grown beyond what a table may have, which is reported once, at `mark`.
  /// Every condition has its segments written out, so that a small document can ask for more than any
  /// machine has: who encodes many of them stops here.
  mutating func isFull(at mark: SourceMark) -> Bool {
    if isFull { return true }
    let bytes =
      sections.byteCount + lineage.byteCount + placements.records.count + placements.lists.count
      + maps.directory.count + maps.data.count + conditions.blocks.count + texts.writer.count
    guard bytes > bytesMax else { return false }
    isFull = true
    plan.report(
      .limit,
      "the documents make a table of more than \(bytesMax) bytes up to here, every condition with its "
        + "segments written out", at: mark)
    return true
  }

  /// A reader hashes every key of every map, and texts are stored once: a small table could keep it busy
  /// for long.
  private mutating func checkKeys(_ image: [UInt8]) {
    let most = image.count * Format.keyBytesPerImageByteMax
    guard maps.keyBytes > most, let first = document.useCases.first(where: \.hasKeys) else {
      return
    }
    plan.report(
      .limit,
      "the values of lookups and the units of overrides have \(maps.keyBytes) bytes in all, more than "
        + "\(Format.keyBytesPerImageByteMax) for each byte of the table", at: first.mark)
  }

  mutating func append<T: FixedWidthInteger>(_ value: T, to section: Section) {
    sections[section].append(value)
  }

  /// A name of a record: where its text is, and its size.
  mutating func appendName(_ name: String, to section: Section) {
    append(texts.add(name.utf8), to: section)
    append(UInt16(truncatingIfNeeded: name.utf8.count), to: section)
  }

  func count(_ section: Section) -> Int { sections[section].count / section.stride }

  /// Zeros to the end of a record.
  mutating func endRecord(_ section: Section) {
    sections[section].align(section.stride)
  }

  /// The block of an allocation, and the lineage by which the next table will find it; nil with a
  /// fault where it has no block.
  mutating func allocate(
    _ spec: AllocationSpec, targets: [UInt32], owner: Int, part: Int = 0
  ) -> [UInt8]? {
    lineage.add(spec, owner: owner, part: part, &texts)
    return plan.allocate(spec)?.encoded(spec, targets: targets)
  }

  /// The same in the section of allocations: the block's offset there plus 1.
  mutating func appendAllocation(
    _ spec: AllocationSpec, targets: [UInt32], owner: Int
  ) -> UInt32 {
    guard let block = allocate(spec, targets: targets, owner: owner) else { return 0 }
    let offset = sections[.allocations].count
    sections[.allocations].append(block)
    return UInt32(truncatingIfNeeded: offset + 1)
  }

  /// A condition's tests; `mark` is where it is said if there are too many.
  mutating func program(_ condition: Condition, at mark: SourceMark) -> TestProgram {
    let program = TestProgram(reducer.reduce(condition, &maps))
    check(program, at: mark)
    return program
  }

  /// The same in the section of conditions: the block's offset there plus 1, or 0 if it always holds
  /// and `isWritten` does not ask for a block all the same.
  mutating func addCondition(
    _ condition: Condition, isWritten: Bool = false, at mark: SourceMark
  ) -> UInt32 {
    let reduced = reducer.reduce(condition, &maps)
    let program = isWritten ? TestProgram.withTests(reduced) : TestProgram(reduced)
    check(program, at: mark)
    return conditions.add(program)
  }

  private mutating func check(_ program: TestProgram, at mark: SourceMark) {
    guard program.steps.count > Format.testsPerRuleMax else { return }
    plan.report(
      .limit,
      "the condition has more than \(Format.testsPerRuleMax) tests, with its segments written out",
      at: mark)
  }

  /// A set of classes of traffic: its map's number plus 1, or 0 for production alone.
  mutating func addTraffic(_ traffic: TrafficClasses) -> UInt32 {
    traffic == .production ? 0 : maps.addSet(traffic.classes.map(\.utf8)) + 1
  }
}

extension UseCase {
  fileprivate var hasKeys: Bool {
    !overrides.isEmpty
      || rules.contains { if case .lookup = $0.action { true } else { false } }
  }
}

extension RoutingDocument {
  /// The keys of every config of the document.
  fileprivate var configKeys: Set<Text> {
    var keys: Set<Text> = []
    func add(_ config: Config) {
      for entry in config.entries { keys.insert(entry.key) }
    }
    for model in models {
      for version in model.versions { add(version.config) }
    }
    for experiment in experiments {
      for cell in experiment.cells { add(cell.config) }
    }
    for useCase in useCases {
      add(useCase.config)
      for rule in useCase.rules { add(rule.config) }
    }
    return keys
  }
}
