import Turnout
import TurnoutCompiler

/// What a table says of names: the types of its attributes, and its units.
struct TableFacts {
  private let image: Image

  init(_ image: Image) { self.image = image }

  /// The declared attributes and their types, `traffic` among them.
  func attributes() -> [(name: String, type: Turnout.AttributeType)] {
    (0..<image.count(.attributes)).compactMap { number in
      let record = start(.attributes) + number * Section.attributes.stride
      guard let name = name(record + Layout.Attribute.name, record + Layout.Attribute.nameBytes),
        let type = image.bytes.u8(record + Layout.Attribute.type)
          .flatMap(Turnout.AttributeType.init(rawValue:))
      else { return nil }
      return (name, type)
    }
  }

  /// The units, the primary one first.
  func units() -> [String] {
    (0..<image.count(.units)).compactMap { number in
      let record = start(.units) + number * Section.units.stride
      return name(record + Layout.Unit.name, record + Layout.Unit.nameBytes)
    }
  }

  /// The experiments, each with its cells; both in byte order.
  func experiments() -> [(name: String, cells: [String])] {
    (0..<image.count(.experiments)).compactMap { number in
      let record = start(.experiments) + number * Section.experiments.stride
      guard let name = name(record + Layout.Experiment.name, record + Layout.Experiment.nameBytes),
        let first = image.bytes.u32(record + Layout.Experiment.firstCell).map(Int.init),
        let count = image.bytes.u32(record + Layout.Experiment.cellCount).map(Int.init)
      else { return nil }
      let cells = (first..<first + count).compactMap { cell in
        let record = start(.cells) + cell * Section.cells.stride
        return self.name(record + Layout.Cell.name, record + Layout.Cell.nameBytes)
      }
      return (name, cells)
    }
  }

  /// What a use case requires, as the options that give it: `--set amount=…`.
  func required(by useCase: String) -> [String] {
    let bytes = image.bytes
    for number in 0..<image.count(.useCaseOrder) {
      let entry = start(.useCaseOrder) + number * Section.useCaseOrder.stride
      guard let record = bytes.u32(entry).map(Int.init),
        let size = bytes.u16(record + Layout.UseCase.nameBytes),
        bytes.string(record + Layout.UseCase.name, Int(size)) == useCase,
        let count = bytes.u16(record + Layout.UseCase.requireCount),
        let offset = bytes.u32(record + Layout.UseCase.requires)
      else { continue }
      let (attributes, units) = (attributes(), units())
      return (0..<Int(count)).compactMap { index in
        guard let entry = bytes.u16(record + Int(offset) + index * 2) else { return nil }
        let number = Int(entry & ~Layout.UseCase.requireUnit)
        if entry & Layout.UseCase.requireUnit == 0 {
          return number < attributes.count ? "--set \(attributes[number].name)=…" : nil
        }
        if number == 0 { return "--unit …" }
        return number < units.count ? "--units \(units[number])=…" : nil
      }
    }
    return []
  }

  /// `3 use cases, 4 model versions, 2 clusters, 1 experiment`.
  var summary: String {
    var parts = [
      Figures.count(image.count(.useCaseOrder), "use case"),
      Figures.count(image.count(.versions), "model version"),
      Figures.count(image.count(.clusters), "cluster"),
    ]
    let experiments = image.count(.experiments)
    if experiments > 0 { parts.append(Figures.count(experiments, "experiment")) }
    return parts.joined(separator: ", ")
  }

  /// `; did you mean …?` or nothing.
  static func suggestion(for name: String, among names: [String]) -> String {
    Nearest.name(to: name, among: names).map { "; did you mean `\($0)`?" } ?? ""
  }

  /// The nearest of the names, else the first of them; nothing where there are none.
  static func hint(for name: String, among names: [String]) -> String {
    let nearest = suggestion(for: name, among: names)
    guard nearest.isEmpty, !names.isEmpty else { return nearest }
    let some = names.prefix(8).map { "`\($0)`" }.joined(separator: ", ")
    return "; there \(names.count == 1 ? "is" : "are") \(some)\(names.count > 8 ? ", …" : "")"
  }

  private func start(_ section: Section) -> Int {
    image.bytes.u32(Format.sectionTable + section.rawValue * 8).map(Int.init) ?? 0
  }

  private func name(_ startAt: Int, _ sizeAt: Int) -> String? {
    guard let offset = image.bytes.u32(startAt), let size = image.bytes.u16(sizeAt) else {
      return nil
    }
    return image.bytes.string(start(.text) + Int(offset), Int(size))
  }
}
