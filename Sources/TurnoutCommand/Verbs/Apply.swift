import ArgumentParser
import Turnout
import TurnoutCompiler

struct Apply: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Publish a table file as it is.",
    discussion: """
      The table is read and checked in full before it becomes a revision; its digest stays what \
      `compile` said. A store that is not there is made.

        turnout apply routing.table --store /srv/turnout
        turnout apply routing.table --dry-run
      """)

  @Argument(help: ArgumentHelp("A file that `compile` wrote.", valueName: "table"))
  var table: String

  @OptionGroup var dryRun: DryRunOption
  @OptionGroup var guards: GuardOptions
  @OptionGroup var expected: ExpectHeadOption
  @OptionGroup var by: SignatureOptions
  @OptionGroup var readers: GroupOption
  @OptionGroup var store: StoreOption
  @OptionGroup var json: JSONOption

  func run() throws {
    let directory = store.directory
    let outcome = try guards.reporting(json: json.isOn) {
      try Progress.during { progress in try apply(to: directory, progress) }
    }
    try outcome.report(in: directory, json: json.isOn)
  }

  private func apply(to directory: String, _ progress: Progress) throws -> PublishOutcome {
    progress.step("reading")
    let image = try read()
    let isNew = try !NewStore.isThere(directory)
    if dryRun.isOn { return try tryOut(image, to: isNew ? nil : directory, progress) }
    if isNew { try NewStore.require(head: expected.expectHead, found: nil, in: directory) }
    progress.step("writing")
    return try Store.create(directory, group: readers.number()).write { transaction in
      let head = try transaction.head()
      try transaction.require(head: expected.expectHead, in: directory)
      let before = try head.flatMap { head in
        try whole { () throws(TurnoutError) in try OpenTable(head.number, in: transaction) }
      }
      let change = try change(from: before, isFirst: head == nil, to: image, progress)
      let published = try transaction.publish(
        image: image.bytes, sources: [], action: .apply, by: by.signature(change.verdict),
        moved: change.summary)
      return PublishOutcome(
        revision: published.revision, head: published.head, previousHead: head?.number,
        digest: published.digest, bytes: published.bytes, unchanged: published.unchanged,
        changes: published.unchanged ? [] : change.changes, summary: change.summary,
        isNewStore: isNew, verdict: change.verdict)
    }
  }

  /// Reads head as any reader does, if there is a store, and writes nothing.
  private func tryOut(
    _ image: TableImage, to directory: String?, _ progress: Progress
  ) throws -> PublishOutcome {
    let before = try directory.flatMap { directory in
      try whole { () throws(TurnoutError) in try OpenTable.head(of: directory) }
    }
    let head = try before?.revision ?? directory.flatMap { try Head.read(directory: $0)?.revision }
    try NewStore.require(head: expected.expectHead, found: head, in: store.directory)
    let unchanged = before?.image.digest == image.digest
    let change = try change(from: before, isFirst: head == nil, to: image, progress)
    return PublishOutcome(
      revision: unchanged ? head : nil, head: head ?? 0, previousHead: head, digest: image.digest,
      bytes: UInt64(image.bytes.count), unchanged: unchanged,
      changes: unchanged ? [] : change.changes, summary: unchanged ? nil : change.summary,
      reference: Printable.text(table), tried: "checked", verdict: change.verdict)
  }

  private typealias Change = (
    changes: [AllocationChange]?, summary: ChangeSummary?, verdict: GuardVerdict
  )

  /// What the table changes, and what guards say of it; nobody knows what moves where head is damaged.
  private func change(
    from head: OpenTable?, isFirst: Bool, to image: TableImage, _ progress: Progress
  ) throws -> Change {
    try image.bytes.withBytes { bytes in
      let (before, after) = (head?.image, try Image.validate(bytes))
      let found = before.map { AllocationChange.all(from: $0, to: after) } ?? (isFirst ? [] : nil)
      let gone = before.map { AllocationChange.gone(from: $0, to: after) } ?? []
      let verdict = try guards.hold(guards.inForce(), from: before, to: after, progress)
      return (
        found.map { $0 + gone }, found.map { ChangeSummary($0, from: before, to: after) }, verdict
      )
    }
  }

  /// The table of head; nil where it is damaged or gone, which a table file mends.
  private func whole(
    _ head: () throws(TurnoutError) -> OpenTable?
  ) throws(TurnoutError) -> OpenTable? {
    do throws(TurnoutError) {
      return try head()
    } catch {
      guard error.status == .corrupt || error.status == .noRevision else { throw error }
      GuardOptions.warnOfDamagedHead(guards.inForce())
      return nil
    }
  }

  /// A file that can be read and is no good table is a refusal, not a failure of the store.
  private func read() throws -> TableImage {
    do throws(TurnoutError) {
      return try TableImage.read(table)
    } catch {
      guard error.status == .corrupt || error.status == .newerFormat else { throw error }
      throw Refusal(message: error.message)
    }
  }
}
