/// Conditions that name files of units, changed for documents that are to stand elsewhere.
extension MergedDocument {
  /// What becomes of a file that a condition names.
  package enum UnitsPlace: Sendable {
    /// Its units are written into the condition.
    case inside([UInt8])
    /// It is found under this name, relative to the merged document.
    case file(String)
    /// Nobody knows it: the condition stays.
    case unknown
  }

  /// Changes every condition with `units_file`. `sources` are those of `init`; `place` is asked with
  /// paths as ``UnitFiles/path(_:in:)`` makes them.
  package mutating func placeUnits(
    of sources: [Source], _ place: @escaping (_ path: String) -> UnitsPlace
  ) {
    let placing = UnitsPlacing(sources: sources, place: place)
    root.at("segments") { segments in
      segments.eachEntry { _, segment in placing.change(&segment, beside: Shape.segmentNotes.keys) }
    }
    root.at("models") { models in
      models.eachEntry { _, versions in
        versions.eachEntry { _, version in
          version.at("placement") { choices in
            choices.eachNode { choice in choice.at("when") { placing.change(&$0) } }
          }
        }
      }
    }
    root.at("experiments") { experiments in
      experiments.eachEntry { _, experiment in experiment.at("when") { placing.change(&$0) } }
    }
    root.at("use_cases") { useCases in
      useCases.eachEntry { _, useCase in
        for list in ["rules", "shadows"] {
          useCase.at(list) { rules in
            rules.eachNode { rule in rule.at("when") { placing.change(&$0) } }
          }
        }
      }
    }
  }
}

private struct UnitsPlacing {
  let sources: [Source]
  let place: (String) -> MergedDocument.UnitsPlace

  /// `others` are keys of the mapping that are no part of the condition.
  func change(_ condition: inout Node, beside others: [String] = []) {
    guard case .mapping(var entries) = condition.content else { return }
    condition.content = .list([])
    let parts = entries.indices.filter { !others.contains(entries[$0].key) }
    func inOrder() -> [Int] { parts.sorted { Text(entries[$0].key) < Text(entries[$1].key) } }
    let before = inOrder()
    for index in parts {
      switch entries[index].key {
      case "all", "any": entries[index].value.eachNode { change(&$0) }
      case "not": change(&entries[index].value)
      case "units_file": entries[index] = replaced(entries[index]) ?? entries[index]
      default: break
      }
    }
    // The parts of a condition are tried in the order of their keys, of which one has changed. Where
    // that gives another order, or a key twice, a list keeps them as they were, so that the table
    // stays the same byte for byte.
    if inOrder() != before || Set(parts.map { entries[$0].key }).count < parts.count {
      let list = before.map { Node.mapping([entries[$0]]) }
      entries = entries.filter { others.contains($0.key) }
      entries.append(Node.Entry(key: "all", keyMark: condition.mark, value: .list(list)))
    }
    condition.content = .mapping(entries)
  }

  private func replaced(_ entry: Node.Entry) -> Node.Entry? {
    let source = Int(entry.value.mark.source)
    guard let written = entry.value.text, sources.indices.contains(source) else { return nil }
    switch place(UnitFiles.path(written, in: sources[source].name)) {
    case .unknown: return nil
    case .file(let name):
      return Node.Entry(
        key: entry.key, keyMark: entry.keyMark, value: .scalar(name, isPlain: false))
    case .inside(let bytes):
      guard let lines = try? UnitLines(bytes) else { return nil }
      var seen: Set<ArraySlice<UInt8>> = []
      var units: [Node] = []
      for place in lines.places where seen.insert(bytes[place]).inserted {
        let unit = String(decoding: bytes[place], as: UTF8.self)
        let isPlain = YAMLScalar.isPlainInFlow(unit) && !CoreSchema.isNull(unit)
        units.append(.scalar(unit, isPlain: isPlain))
      }
      return Node.Entry(key: "units", keyMark: entry.keyMark, value: .list(units))
    }
  }
}
