import Turnout

/// One use case's record: everything of its own that a resolve reads, side by side.
struct UseCaseEncoder {
  private var record = RecordWriter()

  /// What a rule needs to know of the rest of the table.
  struct EncodedRule {
    var name: Text
    var kind: RuleKind
    var unit: UInt8
    var guards: [TestProgram.Guard]
    var steps: [TestProgram.Step]
    /// A version, a map, an experiment, or unused for a split.
    var target: UInt32 = 0
    var allocation: [UInt8] = []
    /// Of an experiment, by cell; empty if no cell names a model.
    var cellVersions: [UInt32] = []
    var attribute: UInt16 = 0
    var placement: UInt32
    var config: UInt32
  }

  struct EncodedShadow {
    var name: Text
    var unit: UInt8
    var flags: UInt8
    var version: UInt32
    var condition: UInt32
    var traffic: UInt32
    var allocation: [UInt8]
    var number: UInt32
  }

  struct EncodedOverride {
    var unit: Text
    var target: Target

    enum Target {
      case version(UInt32)
      /// In ascending order of rules.
      case cells([OverrideEntry])
    }
  }

  struct OverrideEntry: Hashable {
    var rule: UInt16
    var cell: UInt16
  }

  struct Head {
    var name: Text
    var flags: UInt8
    var unit: UInt8
    var ordinal: UInt32
    var requires: [UInt16]
    var config: UInt32
  }

  init(_ head: Head) {
    record.write { bytes in
      bytes.reserve(1024)
      bytes.append(UInt32(0))
      bytes.append(u16: head.name.utf8.count)
      bytes.append(head.flags)
      bytes.append(head.unit)
      bytes.append(head.ordinal)
      bytes.append(UInt16(0))
      bytes.append(u16: head.requires.count)
      bytes.appendZeros(8)
      bytes.append(head.config)
      bytes.appendZeros(Layout.UseCase.name - bytes.count)
      bytes.append(head.name.utf8)
    }
    if !head.requires.isEmpty {
      record.startPart(offsetAt: Layout.UseCase.requires)
      record.write { bytes in for entry in head.requires { bytes.append(entry) } }
    }
  }

  mutating func append(_ rules: [EncodedRule]) {
    record.patch(u16: rules.count, at: Layout.UseCase.ruleCount)
    let start = record.startPart(offsetAt: Layout.UseCase.rules)
    for rule in rules {
      record.write { bytes in
        bytes.append(rule.kind.rawValue)
        bytes.append(rule.unit)
        bytes.append(u16: rule.steps.count)
        bytes.append(UInt32(0))
        bytes.append(rule.target)
        bytes.append(rule.placement)
        bytes.append(rule.config)
        bytes.append(UInt32(rule.attribute))
      }
      record.appendOffset(of: rule.name)
      record.write { bytes in
        bytes.append(u16: rule.name.utf8.count)
        let unused = Layout.Rule.guardsMax - rule.guards.count
        for one in rule.guards { bytes.append(one.attribute) }
        for _ in 0..<unused { bytes.append(Layout.Rule.noGuard) }
        for one in rule.guards { bytes.append(one.key) }
        for _ in 0..<unused { bytes.append(UInt64(0)) }
      }
    }
    for (i, rule) in rules.enumerated() {
      let at = start + i * Layout.Rule.bytes
      if !rule.steps.isEmpty {
        record.startPart(offsetAt: at + Layout.Rule.tests)
        record.append(rule.steps)
      }
      if !rule.allocation.isEmpty {
        record.startPart(offsetAt: at + Layout.Rule.target)
        record.write { $0.append(rule.allocation) }
      }
      if !rule.cellVersions.isEmpty {
        record.startPart(offsetAt: at + Layout.Rule.cellVersions)
        record.write { bytes in for version in rule.cellVersions { bytes.append(version) } }
      }
    }
  }

  mutating func append(_ shadows: [EncodedShadow]) {
    if shadows.isEmpty { return }
    record.patch(u32: shadows.count, at: Layout.UseCase.shadowCount)
    let start = record.startPart(offsetAt: Layout.UseCase.shadows)
    for shadow in shadows {
      record.appendOffset(of: shadow.name)
      record.write { bytes in
        bytes.append(u16: shadow.name.utf8.count)
        bytes.append(shadow.unit)
        bytes.append(shadow.flags)
        bytes.append(shadow.version)
        bytes.append(shadow.condition)
        bytes.append(shadow.traffic)
        bytes.append(UInt32(0))
        bytes.append(shadow.number)
        bytes.append(UInt32(0))
      }
    }
    for (i, shadow) in shadows.enumerated() {
      record.startPart(offsetAt: start + i * Layout.Shadow.bytes + Layout.Shadow.allocation)
      record.write { $0.append(shadow.allocation) }
    }
  }

  /// The lists of overrides, equal ones once, and their map.
  mutating func append(
    _ overrides: [EncodedOverride], _ maps: inout MapEncoder, _ texts: inout TextPool
  ) {
    if overrides.isEmpty { return }
    var offsets: [[OverrideEntry]: UInt32] = [:]
    var entries: [(key: String.UTF8View, value: UInt32)] = []
    entries.reserveCapacity(overrides.count)
    for override in overrides {
      switch override.target {
      case .version(let version): entries.append((override.unit.utf8, version))
      case .cells(let cells):
        let offset = offsets[cells] ?? append(cells)
        offsets[cells] = offset
        entries.append((override.unit.utf8, Layout.Override.isList | offset))
      }
    }
    record.patch(u32: Int(maps.addMap(entries, &texts)) + 1, at: Layout.UseCase.overrides)
  }

  /// One list; its offset.
  private mutating func append(_ cells: [OverrideEntry]) -> UInt32 {
    let offset = record.startPart()
    record.write { bytes in
      bytes.append(u32: cells.count)
      for cell in cells {
        bytes.append(cell.rule)
        bytes.append(cell.cell)
      }
    }
    return UInt32(truncatingIfNeeded: offset)
  }

  mutating func finish() -> [UInt8] { record.finish(alignedTo: Section.useCases.stride) }
}
