/// The warnings that documents silence, by where the silenced things stand. Most silence none.
struct Allowances {
  private var codes: [Place: Set<DiagnosticCode>] = [:]

  /// A mark that differs from others: marks themselves are all equal.
  private struct Place: Hashable {
    var source: Int32
    var line: Int32
    var column: Int32

    init(_ mark: SourceMark) {
      (source, line, column) = (mark.source, mark.line, mark.column)
    }
  }

  mutating func allow(_ allowed: Set<DiagnosticCode>, at mark: SourceMark) {
    if allowed.isEmpty { return }
    codes[Place(mark), default: []].formUnion(allowed)
  }

  func allows(_ code: DiagnosticCode, at mark: SourceMark) -> Bool {
    if codes.isEmpty { return false }
    return codes[Place(mark)]?.contains(code) ?? false
  }
}
