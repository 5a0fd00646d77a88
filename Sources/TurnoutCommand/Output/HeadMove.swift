import Turnout
import TurnoutCompiler

/// `activate` and `rollback`: head moves between revisions that are there.
enum HeadMove {
  static func run(
    in directory: String, expecting expected: UInt64?, isTried: Bool, json: Bool,
    _ move: (StoreTransaction, StoreTransaction.Describing) throws -> (Published, GuardVerdict?)
  ) throws {
    var changes: [AllocationChange]?
    var summary: ChangeSummary?
    let (before, (moved, verdict)) = try Store.open(directory).write { transaction in
      try transaction.require(head: expected, in: directory)
      let before = try transaction.head()?.number
      let published = try move(transaction) { table in
        // What cannot be told must not keep anybody from going back.
        guard let after = try? Image.validate(table.image),
          let head = try? transaction.headTable(), let image = try? Image.validate(head.image)
        else { return nil }
        let found = AllocationChange.all(from: image, to: after)
        changes = found + AllocationChange.gone(from: image, to: after)
        summary = ChangeSummary(found, from: image, to: after)
        return summary
      }
      if isTried { transaction.abandon() }
      return (before, published)
    }
    if json {
      return try Console.printJSON { writer in
        writer.beginObject()
        writer.field("revision", moved.revision)
        writer.field("previous_head", before)
        writer.field("digest", moved.digest.description)
        writer.field("bytes", moved.bytes)
        writer.field("unchanged", moved.unchanged)
        if moved.unchanged { changes = [] }
        if let changes {
          Moved.write(changes, to: &writer)
        } else {
          writer.key("moved")
          writer.null()
        }
        Moved.write(differing: summary, isKnown: changes != nil, to: &writer)
        writer.field("dry_run", isTried)
        verdict?.write(to: &writer)
        writer.endObject()
      }
    }
    let style = Style.output
    let number = style.green(style.bold("revision \(moved.revision)"))
    if moved.unchanged { return try Console.print("unchanged: \(number) is head already") }
    let was = before.map { " (before: revision \($0))" } ?? ""
    let comes = isTried ? style.bold("dry run") + ": \(number) would be head" : "\(number) is head"
    let lines = [comes + was, style.dim("  digest \(moved.digest)")]
    let differing = Moved.lines(differing: summary, from: before, to: "@\(moved.revision)")
    let said = verdict?.lines.map { Printable.text($0) } ?? []
    try Console.print(
      (lines + Moved.lines(changes ?? []) + differing + said).joined(separator: "\n"))
  }
}
