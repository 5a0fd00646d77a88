/// From model version to address: the clusters of a placement, in order, until one is up.
extension Context {
  /// The rule's own clusters, else the version's. Where nothing has a state and the clusters are a plain
  /// list, the first one is it; of most versions their record has it.
  @inline(always)
  func place(_ found: Found) -> Answer {
    let direct = self.direct(found)
    if direct == 0 { return place(found.version, found.rule) }
    var answer = Answer(.ok, rule: found.rule)
    answer.version = found.version
    answer.shard = direct &- 1
    return answer
  }

  /// The shard that the model version goes to as its record says, plus 1; 0 where something else counts.
  @inline(always)
  func direct(_ found: Found) -> UInt32 {
    found.rule.u32(Layout.Rule.placement) == 0 ? direct(found.version) : 0
  }

  @inline(always)
  func direct(_ version: UInt32) -> UInt32 {
    guard !Watching.listens, overlay.isEmpty else { return 0 }
    return image.record(.versions, version).u32(Layout.Version.direct)
  }

  @inline(never)
  private func place(_ version: UInt32, _ rule: Place) -> Answer {
    let own = rule.u32(Layout.Rule.placement)
    let placement = own == 0 ? self.placement(of: version) : own &- 1
    observer.places(version, placement: placement, own == 0 ? .decided : .rule)
    let record = image.record(.placements, placement)
    guard overlay.isEmpty, isList(record) else {
      return walk(version, placement, rule)
    }
    observer.chose(placement: placement, held: true)
    let number = image.record(.clusterLists, record.u32(Layout.Placement.firstCluster)).u32(0)
    var answer = Answer(.ok, rule: rule)
    answer.version = version
    answer.shard = shard(image.record(.clusters, number), number)
    if Watching.listens {
      observer.tried(
        Observation.Cluster(
          number: number, place: 0, shard: answer.shard, final: answer.shard,
          clusterState: OverlayStates.up, shardState: OverlayStates.up, isUp: true))
      observer.placed(.up(version: version, shard: answer.shard, isFallback: false))
    }
    return answer
  }

  @inline(always)
  private func placement(of version: UInt32) -> UInt32 {
    image.record(.versions, version).u32(Layout.Version.placement)
  }

  /// Neither a split nor by context.
  @inline(always)
  private func isList(_ placement: Place) -> Bool {
    placement.u32(Layout.Placement.split) | placement.u32(Layout.Placement.condition) == 0
  }

  @inline(never)
  private func walk(
    _ version: UInt32, _ placement: UInt32, _ rule: Place
  ) -> Answer {
    var answer = Answer(.ok, rule: rule)
    var resort = LastResort()
    if let up = firstUp(placement, &resort) {
      answer.version = version
      answer.shard = up.shard
      answer.flags = up.place == 0 ? 0 : Answer.fallback
      observer.placed(.up(version: version, shard: up.shard, isFallback: up.place != 0))
      return answer
    }
    if rule.u32(Layout.Rule.placement) == 0, let up = otherwise(version) {
      answer.version = up.version
      answer.shard = up.shard
      answer.flags = Answer.fallback
      observer.placed(.up(version: up.version, shard: up.shard, isFallback: true))
      return answer
    }
    if useCase.u8(Layout.UseCase.flags) & Layout.UseCase.flagRefuse != 0 {
      observer.placed(.unavailable)
      return Answer(.unavailable, rule: rule)
    }
    answer.version = version
    answer.shard = resort.shard
    answer.flags = Answer.degraded
    observer.placed(.degraded(version: version, shard: resort.shard))
    return answer
  }

  /// The versions that stand in for one of which no cluster is up.
  private func otherwise(
    _ version: UInt32
  ) -> (version: UInt32, shard: UInt32)? {
    var resort = LastResort()
    var next = image.record(.versions, version).u32(Layout.Version.otherwise)
    var left = Format.otherwiseChainMax
    while next != 0, left > 0 {
      let version = next &- 1
      let placement = self.placement(of: version)
      observer.places(version, placement: placement, .otherwise)
      if let up = firstUp(placement, &resort) { return (version, up.shard) }
      next = image.record(.versions, version).u32(Layout.Version.otherwise)
      left &-= 1
    }
    return nil
  }

  /// The first cluster of a placement that is up: its shard, and its place in the list.
  private func firstUp(
    _ placement: UInt32, _ resort: inout LastResort
  ) -> (shard: UInt32, place: Int)? {
    let choice = choose(placement)
    let count = self.count(choice.record)
    var place = 0
    while place < count {
      let number = cluster(choice, place)
      if let shard = attempt(number, place, &resort) { return (shard, place) }
      place &+= 1
    }
    return nil
  }

  /// The shard of a shadow: only the first cluster counts.
  func placeShadow(of version: UInt32) -> UInt32? {
    let placement = self.placement(of: version)
    observer.places(version, placement: placement, .shadow)
    var resort = LastResort()
    let choice = choose(placement)
    let number = cluster(choice, 0)
    let shard = attempt(number, 0, &resort)
    if let shard {
      observer.placed(.up(version: version, shard: shard, isFallback: false))
    } else {
      observer.placed(.leftOut)
    }
    return shard
  }

  /// One choice of a placement by context.
  private struct Choice {
    let number: UInt32
    let record: Place
  }

  /// The first choice of a placement whose condition holds; the last one has none.
  private func choose(_ placement: UInt32) -> Choice {
    var number = placement
    while true {
      let record = image.record(.placements, number)
      let condition = record.u32(Layout.Placement.condition)
      let held = holds(condition: condition)
      observer.chose(placement: number, held: held)
      if held { return Choice(number: number, record: record) }
      // Validation has seen that the next one comes later, so that this ends.
      number = record.u32(Layout.Placement.next)
    }
  }

  private func count(_ placement: Place) -> Int {
    Int(placement.u32(Layout.Placement.clusterCount))
      &+ (placement.u32(Layout.Placement.split) == 0 ? 0 : 1)
  }

  /// The cluster at a place of the list: the arm of a split, which is drawn at place 0, comes first.
  private func cluster(_ choice: Choice, _ place: Int) -> UInt32 {
    let split = choice.record.u32(Layout.Placement.split)
    if split != 0, place == 0 {
      return draw(
        allocation(split), unit: unitOfUseCase,
        Drawn(kind: .placement, owner: choice.number))
    }
    let index = UInt32(truncatingIfNeeded: split == 0 ? place : place &- 1)
    let first = choice.record.u32(Layout.Placement.firstCluster)
    return image.record(.clusterLists, first &+ index).u32(0)
  }

  /// The shard of a cluster that the unit draws, or its only, nameless one.
  @inline(always)
  private func shard(_ cluster: Place, _ number: UInt32) -> UInt32 {
    let offset = cluster.u32(Layout.Cluster.allocation)
    if offset == 0 { return cluster.u32(Layout.Cluster.firstShard) }
    return draw(
      allocation(offset), unit: cluster.u8(Layout.Cluster.unit),
      Drawn(kind: .shards, owner: number))
  }

  /// The shard of a cluster if the cluster is up; else notes what there is to resort to.
  private func attempt(
    _ number: UInt32, _ place: Int, _ resort: inout LastResort
  ) -> UInt32? {
    let record = image.record(.clusters, number)
    let first = shard(record, number)
    let state = overlay.cluster(number)
    let shardState = overlay.shard(first)
    var final: UInt32? = first
    if state != OverlayStates.up {
      final = nil
    } else if shardState != OverlayStates.up {
      final = sibling(record, number)
    }
    if final == nil { resort.note(first, max(state, shardState)) }
    observer.tried(
      Observation.Cluster(
        number: number, place: place, shard: first, final: final ?? first, clusterState: state,
        shardState: shardState, isUp: final != nil))
    return final
  }

  /// The shard that stands in for one that is not up, where the cluster wants that.
  @inline(never)
  private func sibling(_ cluster: Place, _ number: UInt32) -> UInt32? {
    let offset = cluster.u32(Layout.Cluster.allocation)
    guard offset != 0, cluster.u8(Layout.Cluster.flags) & Layout.Cluster.flagSiblings != 0 else {
      return nil
    }
    let block = allocation(offset)
    let seeds =
      block
      + Layout.Allocation.bytes(
        intervals: Int(block.u32(Layout.Allocation.intervalCount)),
        arms: Int(block.u16(Layout.Allocation.armCount)))
    var again = 0
    while again < Format.siblingDraws {
      let shard = draw(
        block, seed: seeds.u64(again &* 8), unit: cluster.u8(Layout.Cluster.unit),
        Drawn(kind: .shards, owner: number, again: again &+ 1))
      if overlay.shard(shard) == OverlayStates.up { return shard }
      again &+= 1
    }
    return nil
  }
}

/// Where a request goes if no cluster is up: to the first that is draining, else the first of all.
private struct LastResort {
  private var first: UInt32?
  private var draining: UInt32?

  mutating func note(_ shard: UInt32, _ state: UInt8) {
    if first == nil { first = shard }
    if draining == nil, state == OverlayStates.draining { draining = shard }
  }

  var shard: UInt32 { draining ?? first ?? 0 }
}
