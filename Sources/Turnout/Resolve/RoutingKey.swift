/// A shard's texts: cluster, shard, address and routing key, one after the other.
struct ShardTexts {
  let start: Place
  let clusterBytes: Int
  let shardBytes: Int
  let addressBytes: Int
  let keyBytes: Int

  @inline(__always)
  init(_ shard: Place, _ section: Place) {
    start = section + shard.u32(Layout.Shard.text)
    clusterBytes = Int(shard.u16(Layout.Shard.clusterBytes))
    shardBytes = Int(shard.u16(Layout.Shard.shardBytes))
    addressBytes = Int(shard.u16(Layout.Shard.addressBytes))
    keyBytes = Int(shard.u16(Layout.Shard.keyBytes))
  }

  @inline(__always) var bytes: Int { beforeKey &+ keyBytes }
  @inline(__always) var routingKey: Text { (start + beforeKey).text(keyBytes) }

  @inline(__always)
  private var beforeKey: Int { clusterBytes &+ shardBytes &+ addressBytes }
}

extension Cell where Value == Snapshot {
  /// Writes where a routing key leads, which is not empty and within limits.
  func destination(
    _ key: Text, _ buffer: OutputBuffer, _ result: DestinationReference
  ) -> Status {
    let image = value.image
    let revision = value.revision
    guard let number = image.shard(key) else {
      result.clear(revision: revision)
      return key.isUTF8 ? .unknownRoutingKey : .invalidArgument
    }
    let shard = image.record(.shards, number)
    let texts = ShardTexts(shard, image.section(.text))
    var buffer = buffer
    let start = buffer.take(texts.bytes)
    guard buffer.fits else {
      result.clear(revision: revision, needed: texts.bytes)
      return .bufferTooSmall
    }
    let overlay = OverlayStates(bits: value.overlay)
    let state = max(overlay.cluster(shard.u32(Layout.Shard.cluster)), overlay.shard(number))
    result.fill(texts, buffer.pen(start), steps: buffer.hasStep, state: state, revision: revision)
    return .ok
  }
}

extension Reading {
  /// Asks the snapshot of this reading where a routing key leads, and ends it.
  func destination(
    _ key: Text, _ buffer: OutputBuffer, _ result: DestinationReference
  ) -> Status {
    guard status == .ok else {
      result.clear()
      return key.isUTF8 ? status : .invalidArgument
    }
    let status = snapshot.destination(key, buffer, result)
    leave()
    return status
  }
}
