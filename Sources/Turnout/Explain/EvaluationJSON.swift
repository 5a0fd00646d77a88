/// An evaluation as JSON. `Docs/explain.md` names every key.
struct EvaluationJSON {
  private var writer = JSONWriter()

  static func text(_ evaluation: Evaluation) -> String {
    var json = EvaluationJSON()
    json.write(evaluation)
    return String(decoding: json.writer.bytes, as: UTF8.self)
  }

  private mutating func write(_ evaluation: Evaluation) {
    writer.beginObject()
    writer.key("decision")
    writer.beginObject()
    // The use case that is evaluated is the decision's.
    writer.fields(evaluation.decision, useCase: evaluation.useCase?.string ?? "")
    writer.endObject()
    writer.key("use_case")
    writer.value(evaluation.useCase)
    writer.field("refusal", evaluation.refusal)
    let hasTable = evaluation.decision.revision != 0
    writer.field("revision", hasTable ? evaluation.decision.revision : nil)
    writer.field("digest", hasTable ? evaluation.decision.digest.description : nil)
    writer.key("unit")
    writer.unit(evaluation.unit)
    writer.key("override")
    write(evaluation.override)
    writer.list("rules", evaluation.rules) { $0.rule($1) }
    writer.field("rules_left", evaluation.rulesLeft)
    writer.key("placement")
    writer.placement(evaluation.placement)
    writer.list("shadows", evaluation.shadows) { $0.shadow($1) }
    writer.key("left_out")
    writer.beginObject()
    writer.field("tests", evaluation.leftOut.tests)
    writer.field("draws", evaluation.leftOut.draws)
    writer.field("choices", evaluation.leftOut.choices)
    writer.endObject()
    writer.endObject()
  }

  private mutating func write(_ override: Evaluation.Override?) {
    guard let override else { return writer.null() }
    writer.beginObject()
    switch override {
    case .none: overridden(found: "none", nil, [])
    case .version(let version): overridden(found: "version", version, [])
    case .versionOfOtherTraffic(let version):
      overridden(found: "version_of_other_traffic", version, [])
    case .cells(let cells): overridden(found: "cells", nil, cells)
    }
    writer.endObject()
  }

  private mutating func overridden(
    found: StaticString, _ version: String?, _ cells: [Evaluation.OverrideCell]
  ) {
    writer.field("found", "\(found)")
    writer.field("version", version)
    writer.list("cells", cells) { writer, cell in
      writer.beginObject()
      writer.field("experiment", cell.experiment)
      writer.field("cell", cell.cell)
      writer.endObject()
    }
  }
}

/// What all parts are made of.
extension JSONWriter {
  mutating func list<Element>(
    _ name: StaticString, _ elements: [Element], _ write: (inout JSONWriter, Element) -> Void
  ) {
    key(name)
    beginArray()
    for element in elements { write(&self, element) }
    endArray()
  }

  /// An object with the value under its type; null if it is missing.
  mutating func value(_ value: Evaluation.Value?) {
    guard let value else { return null() }
    beginObject()
    switch value {
    case .text(let bytes, let count):
      if let text = value.string {
        field("text", text)
      } else {
        field("base64", Base64.text(bytes))
      }
      if bytes.count < count { field("cut_from_bytes", count) }
    case .number(let number): field("number", raw: number.json)
    case .boolean(let boolean): field("boolean", boolean)
    }
    endObject()
  }

  mutating func unit(_ unit: Evaluation.Unit?) {
    guard let unit else { return null() }
    beginObject()
    field("name", unit.name)
    field("stands_in", unit.standsIn)
    key("value")
    value(unit.value)
    endObject()
  }

  mutating func tests(_ tests: [Evaluation.Test]) {
    list("tests", tests) { writer, test in
      writer.beginObject()
      writer.field("attribute", test.attribute)
      writer.field("operator", test.op)
      writer.list("operands", test.operands) { $0.value($1) }
      writer.field("operand_count", test.operandCount)
      writer.key("value")
      writer.value(test.value)
      writer.field("held", test.held)
      writer.field("leads_to", test.leads.rawValue)
      writer.endObject()
    }
  }

  mutating func draw(_ draw: Evaluation.Draw?) {
    key("draw")
    drawn(draw)
  }

  /// A draw without its key.
  mutating func drawn(_ draw: Evaluation.Draw?) {
    guard let draw else { return null() }
    beginObject()
    field("allocation", "\(draw.allocation.name)")
    field("owner", draw.owner)
    field("salt", draw.salt)
    switch draw.source {
    case .unit(let name, let standsIn): source("unit", name, standsIn)
    case .requestID: source("request_id", nil, nil)
    case .nothing(let name): source("nothing", name, nil)
    }
    key("value")
    value(draw.value)
    field("position", draw.position)
    key("interval")
    if let interval = draw.interval {
      beginArray()
      integer(interval.lowerBound)
      integer(interval.upperBound)
      endArray()
    } else {
      null()
    }
    field("arm", draw.arm)
    endObject()
  }

  private mutating func source(_ by: StaticString, _ unit: String?, _ standsIn: String?) {
    field("by", "\(by)")
    field("unit", unit)
    field("stands_in", standsIn)
  }
}

extension RuleKind {
  var name: StaticString {
    switch self {
    case .route: "route"
    case .split: "split"
    case .lookup: "lookup"
    case .experiment: "experiment"
    }
  }
}

extension Double {
  /// As JSON writes it: a whole number without a point, and what is no number, which no request and
  /// no table has, as null.
  var json: String {
    if !isFinite { return "null" }
    if let whole = Int64(exactly: self), whole.magnitude < 1 << 53 { return String(whole) }
    return description
  }
}
