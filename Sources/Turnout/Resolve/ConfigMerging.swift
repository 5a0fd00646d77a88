/// Configs, merged at the top level into one JSON text in the caller's buffer.
extension Context {
  /// Of the model version, the use case, the rule and the cells. Gives its size.
  @inline(never)
  func mergeConfig(
    _ answer: Answer, useCase: Place, _ buffer: inout OutputBuffer
  ) -> Int {
    ConfigCursors.with { cursors in
      cursors.add(entries(image.record(.versions, answer.version).u32(Layout.Version.config)))
      cursors.add(entries(useCase.u32(Layout.UseCase.config)))
      cursors.add(entries(answer.rule.u32(Layout.Rule.config)))
      var i = 0
      while i < trail.cellCount {
        cursors.add(entries(record(of: trail.cell(i)).u32(Layout.Cell.config)))
        i &+= 1
      }
      return merge(&cursors, &buffer)
    }
  }

  /// Of a shadow: that of its model version alone.
  @inline(never)
  func mergeConfig(ofVersion version: UInt32, _ buffer: inout OutputBuffer) -> Int {
    ConfigCursors.with { cursors in
      cursors.add(entries(image.record(.versions, version).u32(Layout.Version.config)))
      return merge(&cursors, &buffer)
    }
  }

  func record(of cell: EnteredCell) -> Place {
    let first = image.record(.experiments, cell.experiment).u32(Layout.Experiment.firstCell)
    return image.record(.cells, first &+ cell.cell)
  }

  /// Keys are in the order of their numbers, which is that of their bytes.
  private func merge(_ cursors: inout ConfigCursors, _ buffer: inout OutputBuffer) -> Int {
    let start = buffer.used
    buffer.append(UInt8(ascii: "{"))
    while let entry = cursors.next() {
      if buffer.used &- start > 1 { buffer.append(UInt8(ascii: ",")) }
      let name = image.record(.configKeys, entry.u32(Layout.ConfigEntry.key))
      buffer.append(image.section(.text) + name.u32(0), Int(name.u32(4)))
      buffer.append(UInt8(ascii: ":"))
      buffer.append(
        image.section(.text) + entry.u32(Layout.ConfigEntry.value),
        Int(entry.u32(Layout.ConfigEntry.valueBytes)))
    }
    buffer.append(UInt8(ascii: "}"))
    return buffer.used &- start
  }

  /// The entries of a config, whose number counts from 1; 0 has none.
  private func entries(_ config: UInt32) -> ConfigCursor {
    if config == 0 { return ConfigCursor(next: image.start, left: 0) }
    let record = image.record(.configs, config &- 1)
    return ConfigCursor(
      next: image.record(.configEntries, record.u32(0)), left: Int(record.u32(4)))
  }
}
