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
      """)

  @Argument(help: ArgumentHelp("A file that `compile` wrote.", valueName: "table"))
  var table: String

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
    if isNew { try NewStore.requireNoHead(expected.expectHead, directory) }
    progress.step("writing")
    return try Store.create(directory, group: readers.number()).write { transaction in
      let head = try transaction.head()
      try transaction.require(head: expected.expectHead, in: directory)
      let before = try table(of: head, transaction)
      let (changes, summary, verdict) = try image.bytes.withBytes { bytes in
        let after = try Image.validate(bytes)
        var changes = before.map { AllocationChange.all(from: $0, to: after) }
        // Nobody knows what moves where head is damaged.
        if head == nil { changes = [] }
        let gone = before.map { AllocationChange.gone(from: $0, to: after) } ?? []
        let verdict = try guards.hold(guards.inForce(), from: before, to: after, progress)
        return (
          changes.map { $0 + gone }, changes.map { ChangeSummary($0, from: before, to: after) },
          verdict
        )
      }
      let published = try transaction.publish(
        image: image.bytes, sources: [], action: .apply, by: by.signature(verdict), moved: summary)
      return PublishOutcome(
        revision: published.revision, head: published.head, previousHead: head?.number,
        digest: published.digest, bytes: published.bytes, unchanged: published.unchanged,
        changes: published.unchanged ? [] : changes, summary: summary, isNewStore: isNew,
        verdict: verdict)
    }
  }

  /// The table of head; nil where it is damaged or gone, which a table file mends.
  private func table(
    of head: Revision?, _ transaction: StoreTransaction
  ) throws(TurnoutError) -> Image? {
    guard let head else { return nil }
    do throws(TurnoutError) {
      return try OpenTable(head.number, in: transaction).image
    } catch {
      guard error.status == .corrupt || error.status == .noRevision else { throw error }
      if guards.areStated {
        Console.warn("Head is damaged: there is nothing that the guards could compare with.")
      }
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
