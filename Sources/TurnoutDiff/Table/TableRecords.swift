import Turnout

/// The records of a validated table, by section and number or by offset. What does not lie inside reads
/// as 0: validation has seen that there is no such thing.
struct TableRecords: Sendable {
  let image: Image
  private let starts: [Int]

  init(_ image: Image) {
    self.image = image
    starts = (0..<Format.sectionSlots).map { slot in
      image.bytes.u32(Format.sectionTable + slot * 8).map(Int.init) ?? 0
    }
  }

  func start(_ section: Section) -> Int { starts[section.rawValue] }

  func record(_ section: Section, _ number: Int) -> Int {
    starts[section.rawValue] + number * section.stride
  }

  func u8(_ offset: Int) -> Int { image.bytes.u8(offset).map(Int.init) ?? 0 }
  func u16(_ offset: Int) -> Int { image.bytes.u16(offset).map(Int.init) ?? 0 }
  func u32(_ offset: Int) -> Int { image.bytes.u32(offset).map(Int.init) ?? 0 }
  func u64(_ offset: Int) -> UInt64 { image.bytes.u64(offset) ?? 0 }
  func copy(_ offset: Int, _ size: Int) -> [UInt8] { image.bytes.copy(offset, size) ?? [] }
  func string(_ offset: Int, _ size: Int) -> String { image.bytes.string(offset, size) ?? "" }

  /// A name at its place and size in a record, as most records have it.
  func name(_ section: Section, _ number: Int) -> String {
    let record = record(section, number)
    return string(start(.text) + u32(record), u16(record + 4))
  }

  func model(_ version: Int) -> String {
    let record = record(.versions, version)
    return string(start(.text) + u32(record), u16(record + Layout.Version.modelBytes))
  }

  /// The name of a version, without its model's.
  func version(_ version: Int) -> String {
    let record = record(.versions, version)
    let model = u16(record + Layout.Version.modelBytes)
    return string(
      start(.text) + u32(record) + model, u16(record + Layout.Version.versionBytes))
  }

  /// `model@version`.
  func target(_ version: Int) -> String { model(version) + "@" + self.version(version) }

  struct Shard: Hashable {
    var cluster: String
    /// Nil of a cluster without shards.
    var shard: String?
    var address: String
    var routingKey: String
  }

  func shard(_ number: Int) -> Shard {
    let record = record(.shards, number)
    var place = start(.text) + u32(record + Layout.Shard.text)
    func next(_ sizeAt: Int) -> String {
      let size = u16(record + sizeAt)
      defer { place += size }
      return string(place, size)
    }
    let cluster = next(Layout.Shard.clusterBytes)
    let shard = next(Layout.Shard.shardBytes)
    let address = next(Layout.Shard.addressBytes)
    return Shard(
      cluster: cluster, shard: shard.isEmpty ? nil : shard, address: address,
      routingKey: next(Layout.Shard.keyBytes))
  }

  /// The numbers of the holdouts that concern the layer with this record.
  func holdouts(ofLayer record: Int) -> [Int] {
    let all = u64(record + Layout.Layer.holdouts)
    return (0..<UInt64.bitWidth).filter { all >> UInt64($0) & 1 != 0 }
  }

  /// The name of an attribute with its type; nil of a type that this build does not know.
  func attribute(_ number: Int) -> (name: String, type: AttributeType)? {
    let type = u8(record(.attributes, number) + Layout.Attribute.type)
    return AttributeType(rawValue: UInt8(type)).map { (name(.attributes, number), $0) }
  }

  /// Where the block of an allocation begins that a record refers to.
  func allocation(_ reference: Int) -> Int { start(.allocations) + reference - 1 }

  // MARK: Use cases

  var useCaseCount: Int { image.count(.useCaseOrder) }

  /// Where the record of a use case begins, by its number in byte order.
  func useCase(_ number: Int) -> Int { u32(record(.useCaseOrder, number)) }

  func name(ofUseCase record: Int) -> String {
    string(record + Layout.UseCase.name, u16(record + Layout.UseCase.nameBytes))
  }

  func rule(_ number: Int, of useCase: Int) -> Int {
    useCase + u32(useCase + Layout.UseCase.rules) + number * Layout.Rule.bytes
  }

  func ruleCount(_ useCase: Int) -> Int { u16(useCase + Layout.UseCase.ruleCount) }

  func shadow(_ number: Int, of useCase: Int) -> Int {
    useCase + u32(useCase + Layout.UseCase.shadows) + number * Layout.Shadow.bytes
  }

  func shadowCount(_ useCase: Int) -> Int { u32(useCase + Layout.UseCase.shadowCount) }

  func shadowName(_ shadow: Int, of useCase: Int) -> String {
    string(useCase + u32(shadow), u16(shadow + Layout.Shadow.nameBytes))
  }

  // MARK: Allocations

  /// An interval of an allocation: up to a position, which is not in it, and what its arm leads to.
  struct Interval {
    var upper: UInt64
    var target: Int
  }

  /// The intervals of the allocation block at an offset, from position 0 on.
  func intervals(_ block: Int) -> [Interval] {
    let count = u32(block + Layout.Allocation.intervalCount)
    let targets = block + Layout.Allocation.lasts + count * 4
    let arms = targets + u16(block + Layout.Allocation.armCount) * 4
    return (0..<count).map { number in
      Interval(
        upper: UInt64(u32(block + Layout.Allocation.lasts + number * 4)) + 1,
        target: u32(targets + u16(arms + number * 2) * 4))
    }
  }

  /// What the arm with most positions leads to.
  func heaviest(_ block: Int) -> Int {
    let targets = block + Layout.Allocation.lasts + u32(block + Layout.Allocation.intervalCount) * 4
    return u32(targets + u16(block + Layout.Allocation.heaviest) * 4)
  }

  func seed(_ block: Int) -> UInt64 { u64(block + Layout.Allocation.seed) }
}
