package import Turnout

/// What became of documents: a table, or everything that is wrong with them.
package struct CompiledTable: Sendable {
  /// The image; nil if there is any error.
  package let image: [UInt8]?
  /// Of the image; nil without one.
  package let digest: Digest?
  /// By file, line and column; at most `Limits.diagnosticsShownMax`.
  package let diagnostics: [Diagnostic]
  /// How many more errors there are.
  package let omittedCount: Int
  /// The files of units that the sources name.
  package let unitFiles: [UnitFile]
  /// The allocations that are not what they were in the table compiled against.
  package let changes: [AllocationChange]
  /// What the documents say about the table; empty if there is any error.
  package let expectations: [Expectation]
  package let guards: DocumentGuards
  /// Those of the table compiled against that are gone.
  package let gone: [AllocationChange]

  /// Compiles documents, carrying every allocation from `earlier`. A pure function: equal documents
  /// and an equal earlier table give equal bytes. The image has passed the reader's own validation.
  /// `now` and `proves` are for warnings alone.
  package init(
    _ sources: [Source], unitFiles: UnitFiles = .none, against earlier: Image?, now: Int64? = nil,
    proves: Bool = false
  ) {
    let checked = CheckedDocuments(sources, unitFiles: unitFiles, now: now, proves: proves)
    self.unitFiles = checked.unitFiles
    guard let document = checked.document else {
      (image, digest) = (nil, nil)
      (diagnostics, omittedCount) = (checked.diagnostics, checked.omittedCount)
      (changes, gone) = ([], [])
      (expectations, guards) = ([], DocumentGuards())
      return
    }
    (expectations, guards) = (document.expectations, document.guards)
    let encoded = ImageEncoder.encode(document, against: earlier)
    changes = encoded.changes
    gone = encoded.gone
    let report = Report(sources: sources)
    for fault in encoded.faults { report.error(fault.code, at: fault.mark, fault.message) }
    for fault in encoded.warnings {
      report.warning(fault.code, at: fault.mark, fault.message, fault.suggestion)
    }
    var digest: Digest?
    if let bytes = encoded.image {
      do {
        // Read back as a reader would: a table that its own reader refuses never leaves here.
        digest = try bytes.withBytes { bytes throws(TurnoutError) in
          try Image.validate(bytes).digest
        }
      } catch {
        report.error(
          .limit, at: SourceMark(source: 0, line: 0, column: 0),
          "these documents make a table that the reader refuses: \(error.message)")
      }
    }
    image = report.errorCount == 0 ? encoded.image : nil
    self.digest = report.errorCount == 0 ? digest : nil
    let (faults, omitted) = report.finish()
    diagnostics = Self.inOrder(checked.diagnostics + faults, of: sources)
    omittedCount = omitted
  }

  /// What checking and encoding found, each in the order of places, as one list in that order.
  private static func inOrder(_ all: [Diagnostic], of sources: [Source]) -> [Diagnostic] {
    let ranks = Dictionary(
      sources.enumerated().map { (Printable.text($1.name), $0) },
      uniquingKeysWith: { first, _ in first })
    let places = all.enumerated().map { index, diagnostic in
      (ranks[diagnostic.file] ?? -1, diagnostic.line, diagnostic.column, index)
    }
    return places.sorted(by: <).map { all[$0.3] }
  }
}
