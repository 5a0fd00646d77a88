import Turnout

extension JSONWriter {
  /// A decision as programs read it, with how long it took where that was measured, and what was in force
  /// where a time was asked for.
  mutating func decision(
    _ decision: Decision, useCase: String, timing: Timing? = nil, past: StorePast? = nil
  ) {
    beginObject()
    fields(decision, useCase: useCase)
    if let past { field(at: past) }
    if let timing {
      key("timing")
      beginObject()
      field("resolves", timing.resolves)
      field("ns_min", raw: Figures.tenth(timing.minimum, grouped: false))
      field("ns_median", raw: Figures.tenth(timing.median, grouped: false))
      endObject()
    }
    endObject()
  }
}
