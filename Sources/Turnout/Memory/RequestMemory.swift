internal import CTurnout
internal import Glibc

/// A Swift request laid out as the C one for the length of a call, and the decision read back.
enum RequestMemory {
  /// Calls `body` with the request in memory.
  static func with<T>(_ request: Request, _ body: (RequestReference) -> T) -> T {
    var layout = Layout()
    let useCase = layout.add(Array(request.useCase.utf8))
    let unit = layout.add(request.unit.bytes)
    let requestID = layout.add(request.requestID.bytes)
    let units = request.units.map { (layout.add(Array($0.utf8)), layout.add($1.bytes)) }
    let attributes = request.attributes.map { name, value in
      var text = 0..<0
      if case .string(let string) = value { text = layout.add(Array(string.utf8)) }
      return (layout.add(Array(name.utf8)), value, text)
    }
    let assignments = request.assignments.map { experiment, cell in
      (layout.add(Array(experiment.utf8)), cell.map { layout.add(Array($0.utf8)) })
    }
    // SAFETY: the arrays keep their storage for the closure, and `body` may not let
    // the reference escape.
    return unsafe layout.bytes.withUnsafeBytes { bytes in
      // SAFETY: see above; every range lies in `bytes`.
      func text(_ range: Range<Int>) -> turnout_text {
        unsafe turnout_text(
          data: bytes.baseAddress.map {
            unsafe ($0 + range.lowerBound).assumingMemoryBound(to: CChar.self)
          }, size: range.count)
      }
      // SAFETY: see above.
      func name(_ range: Range<Int>) -> turnout_name {
        let text = unsafe text(range)
        return unsafe turnout_name(data: text.data, size: text.size, hash: 0)
      }
      // SAFETY: see above.
      let units = unsafe units.map { unsafe turnout_unit(name: name($0), value: text($1)) }
      let attributes = unsafe attributes.map { unsafe attribute(name($0), $1, text($2)) }
      let assignments = unsafe assignments.map { experiment, cell in
        unsafe turnout_assignment(
          experiment: name(experiment),
          cell: cell.map { unsafe text($0) } ?? turnout_text(data: nil, size: 0))
      }
      // SAFETY: see above.
      return unsafe units.withUnsafeBufferPointer { units in
        unsafe attributes.withUnsafeBufferPointer { attributes in
          unsafe assignments.withUnsafeBufferPointer { assignments in
            var memory = unsafe turnout_request()
            unsafe memory.struct_size = MemoryLayout<turnout_request>.size
            unsafe memory.use_case = name(useCase)
            unsafe memory.unit = text(unit)
            unsafe memory.request_id = text(requestID)
            unsafe memory.units = units.baseAddress
            unsafe memory.unit_count = units.count
            unsafe memory.attributes = attributes.baseAddress
            unsafe memory.attribute_count = attributes.count
            unsafe memory.assignments = assignments.baseAddress
            unsafe memory.assignment_count = assignments.count
            // 0 says the clock there; the nanosecond after it stands for 1970's first.
            unsafe memory.now_ns = request.now.map { $0 == 0 ? 1 : $0 } ?? 0
            unsafe memory.flags = request.wantsConfig ? RequestReference.wantConfig : 0
            return unsafe withUnsafePointer(to: memory) { pointer in
              body(unsafe RequestReference(pointer))
            }
          }
        }
      }
    }
  }

  /// All texts of a request, one after the other.
  private struct Layout {
    var bytes: [UInt8] = []

    mutating func add(_ text: [UInt8]) -> Range<Int> {
      let start = bytes.count
      bytes.append(contentsOf: text)
      return start..<bytes.count
    }
  }

  private static func attribute(
    _ name: turnout_name, _ value: Request.Value, _ text: turnout_text
  ) -> turnout_attribute {
    // SAFETY: a value of the type.
    var attribute = unsafe turnout_attribute()
    unsafe attribute.name = name
    switch value {
    case .null: unsafe attribute.type = AttributeReference.null
    case .string:
      unsafe attribute.type = AttributeReference.string
      unsafe attribute.text = text
    case .number(let number):
      unsafe attribute.type = AttributeReference.numeric
      unsafe attribute.number = number
    case .boolean(let boolean):
      unsafe attribute.type = AttributeReference.bool
      unsafe attribute.boolean = boolean ? 1 : 0
    }
    return unsafe attribute
  }

  /// Resolves a request and reads the decision; see ``decide(_:)``.
  static func resolve(
    _ request: Request, _ body: (RequestReference, OutputBuffer, DecisionReference) -> Status
  ) -> Decision {
    with(request) { request in decide { body(request, $0, $1) } }
  }

  /// The most bytes of buffer that a decision takes, with its configs: 27 MiB and a little.
  private static var bytesMax: Int {
    Int(TURNOUT_DECISION_BYTES) &+ Format.configsPerDecisionMax &* (Format.configBytesMax &+ 2)
  }

  /// Has `body` fill in a decision and reads it; a buffer that is too small is tried again larger.
  static func decide(_ body: (OutputBuffer, DecisionReference) -> Status) -> Decision {
    var size = Int(TURNOUT_DECISION_BYTES)
    while true {
      // SAFETY: malloc's memory is aligned for every type; checked for null.
      guard let memory = unsafe malloc(size) else { break }
      // SAFETY: the decision's texts have been copied out of it.
      defer { unsafe free(memory) }
      // SAFETY: a value of the type.
      var decision = unsafe turnout_decision()
      unsafe decision.struct_size = MemoryLayout<turnout_decision>.size
      // SAFETY: the decision lives for the closure, the memory beyond it.
      let status = unsafe withUnsafeMutablePointer(to: &decision) { pointer in
        body(unsafe OutputBuffer(memory, size), unsafe DecisionReference(pointer))
      }
      // SAFETY: as above.
      guard status == .bufferTooSmall else { return unsafe Decision(decision, status) }
      // Another table may be in force the next time.
      let next = unsafe min(max(size &* 2, decision.buffer_needed), bytesMax)
      guard next > size else { break }
      size = next
    }
    return Decision(status: .outOfMemory)
  }
}

extension Text {
  /// A copy of the first bytes of it, `count` at most.
  // SAFETY: the text is readable now.
  func bytes(atMost count: Int) -> [UInt8] { unsafe Array(buffer.prefix(count)) }

  /// A copy; ill-formed UTF-8 is repaired.
  // SAFETY: the text is readable now.
  var string: String { unsafe String(decoding: buffer, as: UTF8.self) }
}

extension Decision {
  /// Copies a decision out of the caller's memory, while it is there.
  fileprivate init(_ decision: turnout_decision, _ status: Status) {
    self.init(status: status)
    // SAFETY: the resolve has just filled in the decision, and its buffer is alive.
    revision = unsafe decision.revision
    digest = unsafe withUnsafeBytes(of: decision.digest) { bytes in
      Digest(
        low: unsafe UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
        high: unsafe UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)))
    }
    guard status == .ok else { return }
    // SAFETY: see above.
    func optional(_ text: turnout_text) -> String? {
      unsafe text.data == nil ? nil : Text(text).string
    }
    // SAFETY: see above.
    model = unsafe optional(decision.model) ?? ""
    version = unsafe optional(decision.version) ?? ""
    cluster = unsafe optional(decision.cluster) ?? ""
    shard = unsafe optional(decision.shard)
    address = unsafe optional(decision.address) ?? ""
    routingKey = unsafe optional(decision.routing_key) ?? ""
    rule = unsafe optional(decision.rule)
    traffic = unsafe optional(decision.traffic) ?? ""
    config = unsafe optional(decision.config)
    reason = unsafe Reason(rawValue: decision.reason)
    let flags = unsafe decision.flags
    isFallback = flags & UInt32(1) != 0
    isDegraded = flags & UInt32(2) != 0
    // SAFETY: as above; each list has as many elements as its count says, and none is null with a
    // count above 0.
    cells = unsafe UnsafeBufferPointer(start: decision.cells, count: decision.cell_count)
      .map { unsafe Cell($0) }
    holdouts = unsafe UnsafeBufferPointer(
      start: decision.holdouts, count: decision.holdout_count
    ).map { unsafe Text($0).string }
    shadows = unsafe UnsafeBufferPointer(start: decision.shadows, count: decision.shadow_count)
      .map { unsafe Shadow($0) }
  }
}

extension Decision.Cell {
  fileprivate init(_ cell: turnout_cell) {
    // SAFETY: the resolve has just filled it in, and its buffer is alive.
    experiment = unsafe Text(cell.experiment).string
    self.cell = unsafe Text(cell.cell).string
    by = unsafe Source(rawValue: cell.by) ?? .hash
  }
}

extension Decision.Shadow {
  fileprivate init(_ shadow: turnout_shadow) {
    // SAFETY: as above.
    func optional(_ text: turnout_text) -> String? {
      unsafe text.data == nil ? nil : Text(text).string
    }
    // SAFETY: as above.
    name = unsafe Text(shadow.name).string
    model = unsafe Text(shadow.model).string
    version = unsafe Text(shadow.version).string
    cluster = unsafe Text(shadow.cluster).string
    shard = unsafe optional(shadow.shard)
    address = unsafe Text(shadow.address).string
    routingKey = unsafe Text(shadow.routing_key).string
    config = unsafe optional(shadow.config)
  }
}
