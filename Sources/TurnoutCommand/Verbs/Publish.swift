import ArgumentParser
import Turnout
import TurnoutCompiler

struct Publish: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compile documents against head and make the table head.",
    discussion: """
      Says which share of units each allocation moves, and the least that the change allows. \
      Documents that give head's own table change nothing and make no revision. A store that is \
      not there is made.

        turnout publish routing.yaml --message "canary to 5 %"
        turnout publish teams/ --dry-run
        turnout publish routing.yaml --stage       # a revision that is not head yet
        turnout publish routing.yaml --expect-head 7
      """)

  @OptionGroup var documents: DocumentArguments

  @Flag(help: "Make the revision and leave head where it is; `activate` moves it later.")
  var stage = false

  @OptionGroup var dryRun: DryRunOption
  @OptionGroup var guards: GuardOptions
  @OptionGroup var expected: ExpectHeadOption
  @OptionGroup var by: SignatureOptions
  @OptionGroup var readers: GroupOption
  @OptionGroup var store: StoreOption
  @OptionGroup var json: JSONOption

  func run() throws {
    let outcome = try guards.reporting(json: json.isOn) {
      try Progress.during { progress in
        progress.step("reading")
        let sources = Documents.load(paths: documents.documents)
        return dryRun.isOn ? try tryOut(sources, progress) : try publish(sources, progress)
      }
    }
    try outcome.report(in: store.directory, json: json.isOn)
  }

  private func publish(_ sources: [Source], _ progress: Progress) throws -> PublishOutcome {
    let directory = store.directory
    // Before a store is made, the documents are known to be good.
    var early: Compilation?
    let isNew = try !NewStore.isThere(directory)
    if isNew {
      progress.step("compiling")
      let compilation = try Compilation(sources, against: nil)
      try compilation.requireExpected()
      early = compilation
      try NewStore.require(head: expected.expectHead, found: nil, in: directory)
    }
    progress.step("waiting for another writer")
    let opened = try Store.create(directory, group: readers.number())
    return try opened.write { transaction in
      let head = try transaction.head()
      try transaction.require(head: expected.expectHead, in: directory)
      progress.step("compiling")
      let base = try CompilationBase(in: transaction)
      let against = base.table?.image
      let compilation: Compilation
      if let early, against == nil {
        compilation = early
      } else {
        compilation = try Compilation(sources, against: against)
        try compilation.requireExpected()
      }
      let verdict = try guards.hold(compilation, against: against, progress)
      let summary = base.isHead ? compilation.summary(against: against) : nil
      progress.step("writing")
      let published = try transaction.publish(
        image: compilation.image, sources: StoredSources.encode(compilation),
        action: stage ? .stage : .publish, by: by.signature(verdict),
        moved: summary)
      return PublishOutcome(
        revision: published.revision, head: published.head, previousHead: head?.number,
        digest: published.digest, bytes: published.bytes, unchanged: published.unchanged,
        changes: published.unchanged
          ? [] : base.isHead ? compilation.changes + compilation.gone : nil,
        summary: summary, isNewStore: isNew, verdict: verdict)
    }
  }

  /// Reads head as any reader does, and writes nothing.
  private func tryOut(_ sources: [Source], _ progress: Progress) throws -> PublishOutcome {
    let directory = store.directory
    let head = try NewStore.isThere(directory) ? OpenTable.head(of: directory) : nil
    try NewStore.require(head: expected.expectHead, found: head?.revision, in: directory)
    progress.step("compiling")
    let compilation = try Compilation(sources, against: head?.image)
    try compilation.requireExpected()
    let verdict = try guards.hold(compilation, against: head?.image, progress)
    let unchanged = head?.image.digest == compilation.digest
    return PublishOutcome(
      revision: unchanged ? head?.revision : nil, head: head?.revision ?? 0,
      previousHead: head?.revision, digest: compilation.digest,
      bytes: UInt64(compilation.image.count), unchanged: unchanged,
      changes: compilation.changes + (unchanged ? [] : compilation.gone),
      summary: unchanged ? nil : compilation.summary(against: head?.image),
      reference: documents.documents.count == 1 ? Printable.text(documents.documents[0]) : nil,
      tried: "compiled", verdict: verdict)
  }
}
