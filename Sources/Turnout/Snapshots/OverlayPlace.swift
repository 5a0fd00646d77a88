/// Where the state of something stands in ``OverlayStates``.
struct OverlayPlace: Hashable {
  /// The kinds of states, in the order of their offsets.
  enum Field: Int, CaseIterable {
    case cluster
    case shard
    case useCase
    case experiment
    case shadow
  }

  var field: Field
  var number: UInt32
}

extension Image {
  /// What an entry's name stands for in this table; nil if there is nothing of that name.
  func place(of entry: OverlayEntry) -> OverlayPlace? {
    let whole = entry.name.utf8
    let slash = whole.firstIndex(of: UInt8(ascii: "/"))
    let second = slash.map { Array(whole[$0...].dropFirst()) }
    return Array(whole[..<(slash ?? whole.endIndex)]).withBytes { name in
      switch entry.kind {
      case .cluster:
        guard let cluster = self.cluster(name.text) else { return nil }
        guard let second else { return OverlayPlace(field: .cluster, number: cluster) }
        let shard = second.withBytes { self.shard($0.text, of: cluster) }
        return shard.map { OverlayPlace(field: .shard, number: $0) }
      case .useCase:
        return useCase(name.text, hash: name.text.hash64).map {
          OverlayPlace(field: .useCase, number: $0.u32(Layout.UseCase.ordinal))
        }
      case .experiment:
        return experiment(name.text).map { OverlayPlace(field: .experiment, number: $0) }
      case .shadow:
        guard let useCase = useCase(name.text, hash: name.text.hash64), let second else {
          return nil
        }
        let shadow = second.withBytes { self.shadow($0.text, of: useCase) }
        return shadow.map { OverlayPlace(field: .shadow, number: $0) }
      }
    }
  }

  /// Whether there is something in this table that the entry names.
  package func knows(_ entry: OverlayEntry) -> Bool { place(of: entry) != nil }

  /// How many states each field has.
  func overlayCount(_ field: OverlayPlace.Field) -> Int {
    switch field {
    case .cluster: count(.clusters)
    case .shard: count(.shards)
    case .useCase: count(.useCaseOrder)
    case .experiment: count(.experiments)
    case .shadow: shadowCount
    }
  }

  /// Every name that an entry of the kind can have, in no particular order. For suggestions.
  package func overlayNames(_ kind: OverlayEntry.Kind) -> [String] {
    switch kind {
    case .cluster:
      let clusters = numbers(.clusters).map { clusterName($0).string }
      let shards = numbers(.shards).compactMap { shard in
        let name = shardName(shard)
        if name.isEmpty { return nil as String? }
        let cluster = record(.shards, shard).u32(Layout.Shard.cluster)
        return clusterName(cluster).string + "/" + name.string
      }
      return clusters + shards
    case .useCase: return useCaseNames
    case .experiment: return numbers(.experiments).map { experimentName($0).string }
    case .shadow:
      return useCaseRecords.flatMap { useCase in
        shadows(of: useCase).map {
          useCaseName(useCase).string + "/" + shadowName($0, useCase).string
        }
      }
    }
  }

  // MARK: Looking up

  private func numbers(_ section: Section) -> [UInt32] {
    (0..<count(section)).map { UInt32(truncatingIfNeeded: $0) }
  }

  /// The number of `count` things in the order of their names' bytes, from `first` on, whose name it is.
  private func search(
    _ name: Text, from first: UInt32, count: UInt32, _ nameOf: (UInt32) -> Text
  ) -> UInt32? {
    var low: UInt32 = 0
    var high = count
    while low < high {
      let middle = low &+ (high &- low) / 2
      let order = nameOf(first &+ middle).compare(name)
      if order == 0 { return first &+ middle }
      if order < 0 { low = middle &+ 1 } else { high = middle }
    }
    return nil
  }

  private func cluster(_ name: Text) -> UInt32? {
    let count = UInt32(truncatingIfNeeded: count(.clusters))
    return search(name, from: 0, count: count, clusterName)
  }

  private func clusterName(_ number: UInt32) -> Text {
    let shard = record(.shards, record(.clusters, number).u32(Layout.Cluster.firstShard))
    let text = section(.text) + shard.u32(Layout.Shard.text)
    return text.text(Int(shard.u16(Layout.Shard.clusterBytes)))
  }

  /// Nil also of a cluster without shards, whose one record is nameless.
  private func shard(_ name: Text, of cluster: UInt32) -> UInt32? {
    let record = record(.clusters, cluster)
    guard record.u32(Layout.Cluster.allocation) != 0 else { return nil }
    return search(
      name, from: record.u32(Layout.Cluster.firstShard),
      count: record.u32(Layout.Cluster.shardCount), shardName)
  }

  private func shardName(_ number: UInt32) -> Text {
    let shard = record(.shards, number)
    let text =
      section(.text) + shard.u32(Layout.Shard.text) + Int(shard.u16(Layout.Shard.clusterBytes))
    return text.text(Int(shard.u16(Layout.Shard.shardBytes)))
  }

  private func experiment(_ name: Text) -> UInt32? {
    let count = UInt32(truncatingIfNeeded: count(.experiments))
    return search(name, from: 0, count: count, experimentName)
  }

  private func experimentName(_ number: UInt32) -> Text {
    let record = record(.experiments, number)
    let text = section(.text) + record.u32(Layout.Experiment.name)
    return text.text(Int(record.u16(Layout.Experiment.nameBytes)))
  }

  private var useCaseRecords: [Place] {
    numbers(.useCaseOrder).map { start + record(.useCaseOrder, $0).u32(0) }
  }

  private func useCaseName(_ record: Place) -> Text {
    (record + Layout.UseCase.name).text(Int(record.u16(Layout.UseCase.nameBytes)))
  }

  /// The names of all use cases, in the order of their bytes.
  package var useCaseNames: [String] {
    useCaseRecords.map { useCaseName($0).string }
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  private func shadows(of useCase: Place) -> [Place] {
    let first = useCase + useCase.u32(Layout.UseCase.shadows)
    return (0..<Int(useCase.u32(Layout.UseCase.shadowCount))).map {
      first + $0 &* Layout.Shadow.bytes
    }
  }

  private func shadowName(_ shadow: Place, _ useCase: Place) -> Text {
    (useCase + shadow.u32(Layout.Shadow.name)).text(Int(shadow.u16(Layout.Shadow.nameBytes)))
  }

  private func shadow(_ name: Text, of useCase: Place) -> UInt32? {
    shadows(of: useCase).first { shadowName($0, useCase) == name }?.u32(Layout.Shadow.number)
  }

  /// Shadows are numbered in the order of their use cases, so that the last one has the highest number.
  private var shadowCount: Int {
    useCaseRecords.reduce(0) { $0 &+ Int($1.u32(Layout.UseCase.shadowCount)) }
  }
}
