import Turnout

/// The numbers that a document's names have in the table.
struct NameNumbers {
  /// `traffic` is number 0.
  private(set) var attributes: [String: UInt16] = [RoutingDocument.traffic: 0]
  /// The primary one is number 0.
  private(set) var units: [String: UInt8] = [:]
  private(set) var clusters: [String: UInt32] = [:]
  private var versions: [ModelReference: UInt32] = [:]
  /// The same the other way round.
  private var versionsInOrder: [ModelReference] = []
  private(set) var layers: [String: UInt32] = [:]
  private(set) var experiments: [String: UInt32] = [:]

  init(_ document: RoutingDocument) {
    for attribute in document.attributes {
      attributes[attribute.name] = UInt16(truncatingIfNeeded: attributes.count)
    }
    for unit in document.unitsInOrder {
      units[unit.name] = UInt8(truncatingIfNeeded: units.count)
    }
    for cluster in document.clusters {
      clusters[cluster.name] = UInt32(truncatingIfNeeded: clusters.count)
    }
    for model in document.models {
      for version in model.versions {
        let reference = ModelReference(model: model.name, version: version.name)
        versions[reference] = UInt32(truncatingIfNeeded: versionsInOrder.count)
        versionsInOrder.append(reference)
      }
    }
    for layer in document.layers {
      layers[layer.name] = UInt32(truncatingIfNeeded: layers.count)
    }
    for experiment in document.experiments {
      experiments[experiment.name] = UInt32(truncatingIfNeeded: experiments.count)
    }
  }

  // A checked document has every name that it says: 0 stands for none of them.
  func unit(_ name: String) -> UInt8 { units[name] ?? 0 }
  func cluster(_ name: String) -> UInt32 { clusters[name] ?? 0 }
  func version(_ reference: ModelReference) -> UInt32 {
    let rank = Int(reference.rank)
    if versionsInOrder.indices.contains(rank), versionsInOrder[rank] == reference {
      return UInt32(truncatingIfNeeded: rank)
    }
    return versions[reference] ?? 0
  }
}

extension RoutingDocument {
  /// The primary unit first.
  fileprivate var unitsInOrder: [Unit] {
    units.filter { $0.name == primaryUnit } + units.filter { $0.name != primaryUnit }
  }
}

extension ImageEncoder {
  mutating func encodeNames() {
    let traffic = (name: RoutingDocument.traffic, code: Turnout.AttributeType.string)
    let declared = document.attributes.map { (name: $0.name, code: $0.type.code) }
    for attribute in [traffic] + declared {
      appendName(attribute.name, to: .attributes)
      append(UInt16(attribute.code.rawValue), to: .attributes)
    }
    encodeAttributeIndex([traffic] + declared)

    for unit in document.unitsInOrder {
      appendName(unit.name, to: .units)
      append(
        unit.missing.flatMap { numbers.units[$0] }.map(UInt16.init) ?? Format.none16, to: .units)
    }
  }
}

extension ImageEncoder {
  private mutating func encodeAttributeIndex(
    _ attributes: [(name: String, code: Turnout.AttributeType)]
  ) {
    var slots = [Int?](repeating: nil, count: HashIndex.slotCount(attributes.count))
    let words = attributes.map { Format.nameWords(Array($0.name.utf8)) }
    for number in attributes.indices {
      let hash = Format.attributeHash(words[number].first, words[number].last)
      var slot = Int(truncatingIfNeeded: hash & UInt64(slots.count - 1))
      while slots[slot] != nil { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = number
    }
    for slot in slots {
      if let number = slot {
        append(words[number].first, to: .attributeIndex)
        append(words[number].last, to: .attributeIndex)
        append(UInt32(truncatingIfNeeded: number + 1), to: .attributeIndex)
        append(
          UInt16(truncatingIfNeeded: attributes[number].name.utf8.count), to: .attributeIndex)
        append(attributes[number].code.rawValue, to: .attributeIndex)
        endRecord(.attributeIndex)
      } else {
        for _ in 0..<Section.attributeIndex.stride / 8 { append(UInt64(0), to: .attributeIndex) }
      }
    }
  }
}

extension AttributeType {
  fileprivate var code: Turnout.AttributeType {
    switch self {
    case .string: .string
    case .number: .number
    case .boolean: .boolean
    case .version: .version
    }
  }
}
