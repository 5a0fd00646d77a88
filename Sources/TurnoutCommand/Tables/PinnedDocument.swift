import Turnout
import TurnoutCompiler

/// The documents of a revision as one, every allocation pinned to where it lies in the table.
struct PinnedDocument {
  let bytes: [UInt8]

  /// Compiles what it made: that it gives the revision's digest is known, not hoped.
  init(_ sources: [Source], of table: OpenTable) throws {
    let revision = "revision \(table.revision)"
    guard var document = MergedDocument(sources) else {
      throw Self.otherBuild(revision, "cannot be read here")
    }
    guard document.pin(to: table.image) == 0 else {
      throw Self.otherBuild(revision, "have other allocations than its table")
    }
    bytes = document.yaml(comment: [
      "Revision \(table.revision), digest \(table.image.digest): the documents as one, each",
      "allocation pinned by `ranges` to where it lies. Published into an empty store, it gives this",
      "digest. To let allocations be carried again, take the `ranges` out.",
    ])
    let compiled = CompiledTable([Source(name: "routing.yaml", bytes: bytes)], against: nil)
    guard let image = compiled.image else {
      let first = compiled.diagnostics.first { $0.severity == .error }?.message ?? "too large"
      throw Self.otherBuild(revision, "do not compile as one here (\(first))")
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
      message: "the documents of \(revision) \(what). Export them with the version of turnout that "
        + "published them, or without --ranges.")
  }
}
