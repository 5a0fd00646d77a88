/// Copies of a request for other model versions: they never change the decision.
extension Context {
  @inline(never)
  func addShadows() {
    let useCase = self.useCase
    let shadows = useCase + useCase.u32(Layout.UseCase.shadows)
    let count = Int(useCase.u32(Layout.UseCase.shadowCount))
    var index = 0
    while index < count {
      let record = shadows + index &* Layout.Shadow.bytes
      if isSampled(record, index) {
        if let shard = destination(record, index) {
          trail.add(AddedShadow(record: record, shard: shard))
        } else {
          tally.shadows &+= 1
        }
      }
      index &+= 1
    }
  }

  /// Whether the request is one of which the shadow gets a copy.
  private func isSampled(_ record: Place, _ index: Int) -> Bool {
    let fits = hasTraffic(of: record.u32(Layout.Shadow.traffic))
    observer.passed(.traffic, shadow: index, record, passes: fits)
    if !fits { return false }

    let holds = holds(condition: record.u32(Layout.Shadow.condition))
    observer.passed(.condition, shadow: index, record, passes: holds)
    if !holds { return false }

    let byRequest = record.u8(Layout.Shadow.flags) & Layout.Shadow.flagByRequest != 0
    let unit = record.u8(Layout.Shadow.unit)
    let value = byRequest ? request.requestID : self.unit(unit)
    var isIn = false
    if !value.isEmpty {
      let drawn = Drawn(
        kind: .sample, owner: useCase.u32(Layout.UseCase.ordinal),
        part: UInt32(truncatingIfNeeded: index))
      let block = useCase + record.u32(Layout.Shadow.allocation)
      isIn = draw(block, by: value, of: byRequest ? nil : unit, drawn) == 0
    }
    observer.passed(.sample(hasSource: !value.isEmpty), shadow: index, record, passes: isIn)
    return isIn
  }

  /// The shard that the copy goes to; nil leaves the shadow out.
  private func destination(_ record: Place, _ index: Int) -> UInt32? {
    let isOn = !overlay.isOff(shadow: record.u32(Layout.Shadow.number))
    observer.passed(.switchedOn, shadow: index, record, passes: isOn)
    if !isOn { return nil }
    let version = record.u32(Layout.Shadow.version)
    let direct = self.direct(version)
    if direct != 0 { return direct &- 1 }
    let shard = placeShadow(of: version)
    observer.passed(.cluster, shadow: index, record, passes: shard != nil)
    return shard
  }
}
