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

  @OptionGroup var expected: ExpectHeadOption
  @OptionGroup var by: SignatureOptions
  @OptionGroup var store: StoreOption
  @OptionGroup var json: JSONOption

  func run() throws {
    let directory = store.directory
    let outcome = try Progress.during { progress in
      progress.step("reading")
      let image = try read()
      let isNew = try !NewStore.isThere(directory)
      if isNew { try NewStore.requireNoHead(expected.expectHead, directory) }
      progress.step("writing")
      return try Store.create(directory).write { transaction in
        let head = try transaction.head()
        try transaction.require(head: expected.expectHead, in: directory)
        let changes = try changes(from: head, to: image, transaction)
        let published = try transaction.publish(
          image: image.bytes, sources: [], action: .apply, by: by.signature,
          moved: try summary(of: changes, from: head, to: image, transaction))
        return PublishOutcome(
          revision: published.revision, head: published.head, previousHead: head?.number,
          digest: published.digest, bytes: published.bytes, unchanged: published.unchanged,
          changes: published.unchanged ? [] : changes, isNewStore: isNew)
      }
    }
    try outcome.report(in: directory, json: json.isOn)
  }

  /// Nil where head is damaged or gone, which a table file mends.
  private func changes(
    from head: Revision?, to table: TableImage, _ transaction: StoreTransaction
  ) throws(TurnoutError) -> [AllocationChange]? {
    guard let head else { return [] }
    do throws(TurnoutError) {
      let before = try OpenTable(head.number, in: transaction).image
      return try table.bytes.withBytes { bytes throws(TurnoutError) in
        let after = try Image.validate(bytes)
        return AllocationChange.all(from: before, to: after)
          + AllocationChange.gone(from: before, to: after)
      }
    } catch {
      guard error.status == .corrupt || error.status == .noRevision else { throw error }
      return nil
    }
  }

  private func summary(
    of changes: [AllocationChange]?, from head: Revision?, to table: TableImage,
    _ transaction: StoreTransaction
  ) throws(TurnoutError) -> ChangeSummary? {
    guard let changes = changes?.filter({ !$0.isGone }) else { return nil }
    let before = try head.map { head throws(TurnoutError) in
      try OpenTable(head.number, in: transaction).image
    }
    return try table.bytes.withBytes { bytes throws(TurnoutError) in
      ChangeSummary(changes, from: before, to: try Image.validate(bytes))
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
