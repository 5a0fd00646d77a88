/// The names of what the numbers of a table stand for. Reads without checks what validation has
/// vouched for.
struct TableNames {
  let image: Image

  private func text(_ offset: UInt32, _ size: Int) -> String {
    (image.section(.text) + offset).text(size).string
  }

  /// A name as the compiler admits them. What else a table from elsewhere may have there is not to steer
  /// a terminal.
  private func name(_ text: Text) -> String {
    let name = text.string
    if name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) { return name }
    var shown = String.UnicodeScalarView()
    for scalar in name.unicodeScalars {
      shown.append(scalar.value > 0x20 && scalar.value < 0x7f ? scalar : "\u{fffd}")
    }
    return String(shown)
  }

  private func name(_ offset: UInt32, _ size: Int) -> String {
    name((image.section(.text) + offset).text(size))
  }

  /// A name at its place and size in a record, as most records have it.
  private func name(_ section: Section, _ number: UInt32) -> String {
    let record = image.record(section, number)
    return name(record.u32(0), Int(record.u16(4)))
  }

  func attribute(_ number: UInt32) -> String { name(.attributes, number) }
  func unit(_ number: UInt8) -> String { name(.units, UInt32(number)) }
  func experiment(_ number: UInt32) -> String { name(.experiments, number) }
  func layer(_ number: UInt32) -> String { name(.layers, number) }
  func holdout(_ number: UInt32) -> String { name(.holdouts, number) }

  /// The name of a cell, by its number in the experiment.
  func cell(_ number: UInt32, of experiment: UInt32) -> String {
    let first = image.record(.experiments, experiment).u32(Layout.Experiment.firstCell)
    return name(.cells, first &+ number)
  }

  /// `model@version`.
  func version(_ number: UInt32) -> String {
    let record = image.record(.versions, number)
    let start = record.u32(Layout.Version.text)
    let model = record.u16(Layout.Version.modelBytes)
    return name(start, Int(model)) + "@"
      + name(start &+ UInt32(model), Int(record.u16(Layout.Version.versionBytes)))
  }

  func cluster(_ number: UInt32) -> String {
    let shard = image.record(.clusters, number).u32(Layout.Cluster.firstShard)
    let record = image.record(.shards, shard)
    return name(record.u32(Layout.Shard.text), Int(record.u16(Layout.Shard.clusterBytes)))
  }

  /// Nil for the nameless shard of a cluster without shards.
  func shard(_ number: UInt32) -> String? {
    let record = image.record(.shards, number)
    let size = record.u16(Layout.Shard.shardBytes)
    let start = record.u32(Layout.Shard.text) &+ UInt32(record.u16(Layout.Shard.clusterBytes))
    return size == 0 ? nil : name(start, Int(size))
  }

  func useCase(_ record: Place) -> String {
    name((record + Layout.UseCase.name).text(Int(record.u16(Layout.UseCase.nameBytes))))
  }

  func address(_ shard: UInt32) -> String {
    let record = image.record(.shards, shard)
    let before = [Layout.Shard.clusterBytes, Layout.Shard.shardBytes]
      .reduce(record.u32(Layout.Shard.text)) { $0 &+ UInt32(record.u16($1)) }
    return text(before, Int(record.u16(Layout.Shard.addressBytes)))
  }

  func routingKey(_ shard: UInt32) -> String {
    let record = image.record(.shards, shard)
    let before = [Layout.Shard.clusterBytes, Layout.Shard.shardBytes, Layout.Shard.addressBytes]
      .reduce(record.u32(Layout.Shard.text)) { $0 &+ UInt32(record.u16($1)) }
    return text(before, Int(record.u16(Layout.Shard.keyBytes)))
  }

  /// The name of a rule of a use case; nil if it has none.
  func rule(_ record: Place, of useCase: Place) -> String? {
    let size = Int(record.u16(Layout.Rule.nameBytes))
    return size == 0 ? nil : name((useCase + record.u32(Layout.Rule.name)).text(size))
  }

  func shadow(_ record: Place, of useCase: Place) -> String {
    name(
      (useCase + record.u32(Layout.Shadow.name)).text(Int(record.u16(Layout.Shadow.nameBytes))))
  }

  /// What an arm is called that leads to `target`; nil for nobody's.
  func arm(_ kind: AllocationKind, owner: UInt32, target: UInt32) -> String? {
    if target == Format.nobody { return nil }
    return switch kind {
    case .split: version(target)
    case .layer: experiment(target)
    case .cells: cell(target, of: owner)
    case .holdout, .sample: "in"
    case .placement: cluster(target)
    case .shards: shard(target)
    }
  }

  /// The salt of an allocation and what follows the colon in its default one, from its lineage.
  func salt(_ kind: AllocationKind, owner: UInt32, part: UInt32) -> (salt: String, owner: String) {
    // Validation has seen that records are in this order, and that every allocation has one.
    let wanted = (kind.lineageRank, owner, UInt32(kind.rawValue), part)
    var low = 0
    var high = image.count(.lineage)
    while low < high {
      let middle = (low &+ high) &>> 1
      if place(ofLineage: middle) < wanted { low = middle &+ 1 } else { high = middle }
    }
    guard low < image.count(.lineage), place(ofLineage: low) == wanted else { return ("", "") }
    let record = image.record(.lineage, UInt32(truncatingIfNeeded: low))
    return (
      text(record.u32(Layout.Lineage.salt), Int(record.u32(Layout.Lineage.saltBytes))),
      name(record.u32(Layout.Lineage.ownerName), Int(record.u32(Layout.Lineage.ownerNameBytes)))
    )
  }

  /// What records of lineage are in the order of.
  private func place(ofLineage number: Int) -> (Int, UInt32, UInt32, UInt32) {
    let record = image.record(.lineage, UInt32(truncatingIfNeeded: number))
    let kind = record.u32(Layout.Lineage.kind)
    let rank = AllocationKind(rawValue: UInt8(truncatingIfNeeded: kind))?.lineageRank ?? 0
    return (rank, record.u32(Layout.Lineage.owner), kind, record.u32(Layout.Lineage.part))
  }
}
