import Testing

@testable import TurnoutCompiler

/// The limits that no document reaches on a machine of today: beside what has been read already.
@Test(arguments: [
  (Composer.Size(nodes: Limits.nodesMax - 6), ""),
  (Composer.Size(nodes: Limits.nodesMax - 5), "the documents hold more than 64000000 values"),
  (Composer.Size(bytes: Limits.expandedBytesMax - 6), ""),
  (
    Composer.Size(bytes: Limits.expandedBytesMax - 5),
    "the documents hold more than 1073741824 bytes of text"
  ),
])
func whatAllDocumentsHoldIsBounded(_ before: Composer.Size, _ words: String) {
  let report = Report(sources: [Source(name: "a.yaml", text: "{ ab: 1, cd: [2] }")])
  var size = before
  let root = Composer.compose(source: 0, size: &size, report: report)
  #expect((root != nil) == words.isEmpty)
  #expect(report.finish().diagnostics.map(\.message).joined() == words)
}
