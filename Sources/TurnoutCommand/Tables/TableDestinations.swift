import Turnout

/// Where the decisions of one table lead, and what else a proxy has to be prepared for.
struct TableDestinations {
  struct Destination {
    var cluster: String
    /// Empty for a cluster without shards.
    var shard: String
    var address: String
    var routingKey: String
  }

  let revision: UInt64
  let destinations: [Destination]
  /// The most that any use case has.
  let shadowsMax: Int
  let attributes: [(name: String, type: Turnout.AttributeType)]

  /// Copies everything: the image may go afterwards.
  init(_ image: Image, revision: UInt64) {
    self.revision = revision
    attributes = TableFacts(image).attributes()
    let bytes = image.bytes
    func start(_ section: Section) -> Int {
      bytes.u32(Format.sectionTable + section.rawValue * 8).map(Int.init) ?? 0
    }
    let (text, shards) = (start(.text), start(.shards))
    destinations = (0..<image.count(.shards)).compactMap { number in
      let record = shards + number * Section.shards.stride
      guard var place = bytes.u32(record + Layout.Shard.text).map({ text + Int($0) }) else {
        return nil
      }
      func next(_ sizeAt: Int) -> String? {
        guard let size = bytes.u16(record + sizeAt) else { return nil }
        defer { place += Int(size) }
        return bytes.string(place, Int(size))
      }
      guard let cluster = next(Layout.Shard.clusterBytes),
        let shard = next(Layout.Shard.shardBytes),
        let address = next(Layout.Shard.addressBytes), let key = next(Layout.Shard.keyBytes)
      else { return nil }
      return Destination(cluster: cluster, shard: shard, address: address, routingKey: key)
    }
    let order = start(.useCaseOrder)
    shadowsMax =
      (0..<image.count(.useCaseOrder)).compactMap { number in
        bytes.u32(order + number * Section.useCaseOrder.stride)
          .flatMap { bytes.u32(Int($0) + Layout.UseCase.shadowCount) }.map(Int.init)
      }.max() ?? 0
  }
}
