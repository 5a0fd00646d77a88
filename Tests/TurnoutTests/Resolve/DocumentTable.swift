import Testing
import Turnout
import TurnoutCompiler

/// A document, compiled and resolved against, with or without an overlay.
struct DocumentTable {
  private let bytes: [UInt8]

  init(_ text: String) throws {
    let compiled = CompiledTable([Source(name: "a.yaml", text: text)], against: nil)
    let words = compiled.diagnostics.map { $0.text(colored: false) }.joined(separator: "\n")
    bytes = try #require(compiled.image, "\(words)")
  }

  /// A use case `A` with these rules, and one after them that routes everybody to `m@v`.
  init(attributes: [String: String], rules: [String]) throws {
    let declared = attributes.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
    try self.init(
      """
      turnout: 1
      unit: user
      attributes: { \(declared.joined(separator: ", ")) }
      clusters: { a: { address: "a:1" } }
      models: { m: { v: { cluster: a } } }
      use_cases:
        A:
          rules:
            \((rules + ["{ route: m@v }"]).map { "- " + $0 }.joined(separator: "\n      "))
      """)
  }

  func resolve(_ request: Request, _ overlay: [OverlayEntry] = []) throws -> Decision {
    try asked(overlay) { $0.resolve(request) }
  }

  func explain(_ request: Request, _ overlay: [OverlayEntry] = []) throws -> Explanation {
    try asked(overlay) { $0.explain(request) }
  }

  func asked<T>(_ overlay: [OverlayEntry], _ ask: (TableResolver) throws -> T) throws -> T {
    try asked(overlay) { resolver, _ in try ask(resolver) }
  }

  func asked<T>(
    _ overlay: [OverlayEntry] = [], _ ask: (TableResolver, Image) throws -> T
  ) throws -> T {
    try bytes.withBytes { bytes in
      let image = try Image.validate(bytes)
      let head = Head(
        store: StoreID.random(), revision: 1,
        seal: [UInt8]().withBytes { TableSeal($0, mappedBytes: 0) },
        imageDigest: Digest(low: 0, high: 0), activated: 0, generation: 1,
        overlay: overlay.sorted(by: OverlayEntry.precedes))
      return try ask(
        TableResolver(image: image, revision: 1, overlay: try image.overlay(of: head)), image)
    }
  }

  /// A unit for which `fits` holds of the decision, the first of `u0`, `u1` …
  func unit(
    of useCase: String, _ fits: (Decision) -> Bool
  ) throws -> Request.Unit {
    for i in 0..<10_000 {
      let unit = Request.Unit("u\(i)")
      if fits(try resolve(Request(useCase, unit: unit))) { return unit }
    }
    throw NoUnit()
  }

  struct NoUnit: Error {}
}

extension OverlayEntry {
  static func cluster(_ name: String, _ state: State) -> OverlayEntry {
    OverlayEntry(kind: .cluster, state: state, name: name)
  }
  static func off(_ kind: Kind, _ name: String) -> OverlayEntry {
    OverlayEntry(kind: kind, state: .off, name: name)
  }
}

extension Decision {
  /// `experiment/cell` of each cell.
  var cellNames: [String] { cells.map { $0.experiment + "/" + $0.cell } }
  var shadowNames: [String] { shadows.map(\.name) }
  var target: String { model + "@" + version }
}
