import Turnout
import TurnoutCompiler

/// The documents of a revision as one, every allocation pinned to where it lies in the table.
struct PinnedDocument {
  static let name = "routing.yaml"

  let bytes: [UInt8]

  /// `unitFile` says under which path the document, called `name`, finds each file of units of
  /// `sources`; without it their units are written into the document.
  ///
  /// Compiles what it made: that it gives the revision's digest is known, not hoped.
  init(_ sources: StoredSources, of table: OpenTable, unitFile: [String: String]?) throws {
    let revision = "revision \(table.revision)"
    guard var document = MergedDocument(sources.documents) else {
      throw Self.otherBuild(revision, "cannot be read here")
    }
    guard document.pin(to: table.image) == 0 else {
      throw Self.otherBuild(revision, "have other allocations than its table")
    }
    let units = Dictionary(sources.unitFiles.map { ($0.path, $0.bytes) }) { first, _ in first }
    document.placeUnits(of: sources.documents) { path in
      guard let unitFile else { return units[path].map { .inside($0) } ?? .unknown }
      return unitFile[path].map { .file($0) } ?? .unknown
    }
    bytes = document.yaml(comment: [
      "Revision \(table.revision), digest \(table.image.digest): the documents as one, each",
      "allocation pinned by `ranges` to where it lies. Published into an empty store, it gives this",
      "digest. To let allocations be carried again, take the `ranges` out.",
    ])
    let files = sources.unitFiles.map { file in
      UnitFile(path: unitFile?[file.path] ?? file.path, bytes: file.bytes)
    }
    let compiled = CompiledTable(
      [Source(name: Self.name, bytes: bytes)], unitFiles: UnitFiles(files), against: nil)
    guard let image = compiled.image else {
      let first = compiled.diagnostics.first { $0.severity == .error }
      if first?.code == .limit, unitFile == nil {
        throw Refusal(
          message: "the documents of \(revision) are too large for one (\(first?.message ?? "")). "
            + "Write them to a folder with -o: there the units stay in their files.")
      }
      throw Self.otherBuild(revision, "do not compile as one here (\(first?.message ?? ""))")
    }
    let digest = try image.withBytes { bytes throws(TurnoutError) in
      try Image.validate(bytes).digest
    }
    guard digest == table.image.digest else {
      throw Self.otherBuild(revision, "compile to the digest \(digest) here")
    }
  }

  /// Not a failure of the store: what is in it is good.
  private static func otherBuild(_ revision: String, _ what: String) -> Refusal {
    Refusal(
      message: "the documents of \(revision) \(what). Export them with the version of turnout "
        + "that published them, or without --ranges.")
  }
}
