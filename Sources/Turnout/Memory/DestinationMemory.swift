internal import CTurnout

/// A routing key laid out for the length of a question, and the destination read back.
enum DestinationMemory {
  /// Has `ask` fill in the destination of a routing key, and reads it; nil if there is none of that key.
  static func find(
    _ routingKey: String, _ ask: (Text, OutputBuffer, DestinationReference) -> Status
  ) throws(TurnoutError) -> Destination? {
    var routingKey = routingKey
    let (status, found) = routingKey.withUTF8 { utf8 in
      // SAFETY: the key is readable for the closure.
      let key = unsafe Text(UnsafeRawPointer(utf8.baseAddress), utf8.count)
      guard key.isSized else { return (Status.invalidArgument, nil as Destination?) }
      // SAFETY: the memory lives for the closure, and what is read of it is copied.
      return unsafe withUnsafeTemporaryAllocation(
        byteCount: Int(TURNOUT_DESTINATION_BYTES), alignment: 8
      ) { memory in
        // SAFETY: a value of the type.
        var destination = unsafe turnout_destination()
        unsafe destination.struct_size = MemoryLayout<turnout_destination>.size
        // SAFETY: the destination and the memory live for the closure.
        let status = unsafe withUnsafeMutablePointer(to: &destination) { pointer in
          unsafe DestinationReference(pointer).map {
            ask(key, unsafe OutputBuffer(memory.baseAddress, memory.count), $0)
          } ?? .invalidArgument
        }
        return unsafe (status, status == .ok ? Destination(destination) : nil)
      }
    }
    switch status {
    case .ok: return found
    case .unknownRoutingKey: return nil
    case .invalidArgument:
      throw TurnoutError(.invalidArgument, "A routing key has 1 to \(Text.bytesMax) bytes.")
    case .noTable:
      throw TurnoutError(.noTable, "Nothing is in force in this store yet. Publish a document.")
    case .reentrant:
      throw TurnoutError(.reentrant, "It was asked for in a signal handler inside a resolve.")
    default: throw TurnoutError(status, "\(status.name)")
    }
  }
}

extension Destination {
  /// Copies a destination out of its memory, while it is there.
  fileprivate init(_ destination: turnout_destination) {
    // SAFETY: it has just been filled in, and its buffer is alive.
    let state = unsafe UInt8(exactly: destination.state).flatMap(OverlayEntry.State.init(rawValue:))
    unsafe self.init(
      revision: destination.revision, cluster: Text(destination.cluster).string,
      shard: destination.shard.data == nil ? nil : Text(destination.shard).string,
      address: Text(destination.address).string,
      routingKey: Text(destination.routing_key).string, state: state ?? .up)
  }
}
