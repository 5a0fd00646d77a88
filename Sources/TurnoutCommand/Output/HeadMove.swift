import Turnout

/// `activate` and `rollback`: head moves between revisions that are there.
enum HeadMove {
  static func run(
    in directory: String, expecting expected: UInt64?, json: Bool,
    _ move: (StoreTransaction) throws -> Published
  ) throws {
    let (before, moved) = try Store.open(directory).write { transaction in
      try transaction.require(head: expected, in: directory)
      let before = try transaction.head()?.number
      return (before, try move(transaction))
    }
    if json {
      return try Console.printJSON { writer in
        writer.beginObject()
        writer.field("revision", moved.revision)
        writer.field("previous_head", before)
        writer.field("digest", moved.digest.description)
        writer.field("bytes", moved.bytes)
        writer.field("unchanged", moved.unchanged)
        writer.endObject()
      }
    }
    let style = Style.output
    let number = style.green(style.bold("revision \(moved.revision)"))
    if moved.unchanged { return try Console.print("unchanged: \(number) is head already") }
    let was = before.map { " (before: revision \($0))" } ?? ""
    try Console.print("\(number) is head\(was)\n" + style.dim("  digest \(moved.digest)"))
  }
}
