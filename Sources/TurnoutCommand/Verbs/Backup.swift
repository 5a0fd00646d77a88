import ArgumentParser
import Turnout

struct Backup: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Copy a store, whole, while writers write.",
    discussion: """
      The folder is a store of its own: `resolve`, `verify` and `history` read it, and `restore` makes \
      a store of it again. A backup that was interrupted is no store, and is refused by all of them. \
      Writers wait while the catalog is copied, not while the tables are.

        turnout backup /backup/turnout-2026-11-21
      """)

  @Argument(help: ArgumentHelp("A new folder, or an empty one.", valueName: "dir"))
  var target: String

  @OptionGroup var store: StoreOption
  @OptionGroup var json: JSONOption

  func run() throws {
    let copy = try Progress.during { progress in
      try StoreCopy(of: store.directory, as: .store, to: target) { progress.note($0) }
    }
    try copy.report("copied to \(target)", json: json.isOn)
  }
}

struct Restore: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make a store of a backup.",
    discussion: """
      The store's folder is new or empty. To put a backup in a store's place, restore into a new \
      folder beside it and rename the two: services that run follow the path.

        turnout restore /backup/turnout-2026-11-21 --store /srv/turnout/store
      """)

  @Argument(help: ArgumentHelp("What `backup` wrote.", valueName: "backup"))
  var backup: String

  @OptionGroup var readers: GroupOption
  @OptionGroup var store: StoreOption
  @OptionGroup var json: JSONOption

  func run() throws {
    let copy = try Progress.during { progress in
      try StoreCopy(
        of: backup, as: .backup, to: store.directory, group: readers.number()
      ) { progress.note($0) }
    }
    try copy.report("restored to \(store.directory)", json: json.isOn)
  }
}

extension StoreCopy {
  /// Says what was copied. Damaged tables are copied as they are, and said: exit status 1.
  func report(_ what: String, json: Bool) throws {
    if json {
      try Console.printJSON { writer in
        writer.beginObject()
        writer.field("revision", head == 0 ? nil : head)
        writer.field("tables", UInt64(tables))
        writer.field("tables_bytes", bytes)
        writer.field("damaged", damaged)
        writer.endObject()
      }
    } else {
      let tables = "\(Figures.count(tables, "table")) of \(Figures.grouped(bytes)) bytes"
      let now = head == 0 ? "no head" : "head is revision \(head)"
      try Console.print(Printable.text(what) + ": \(tables), \(now)")
    }
    guard !damaged.isEmpty else { return }
    throw Refusal(
      message: "damaged, and copied as they are: \(damaged.joined(separator: ", ")). "
        + "`turnout verify` says more.")
  }
}
