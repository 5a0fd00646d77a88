import ArgumentParser
import Turnout

struct History: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List what happened to a store, the newest first.",
    discussion: """
      Who published, staged, applied, activated, rolled back, set or pinned what, when and why, and \
      what moved. Times are UTC. With the number of an entry it shows that one whole.

        turnout history --limit 10
        turnout history 12
        turnout history --since "yesterday 15:00" --use-case ContinueWatching
        turnout history --json
      """)

  @Argument(help: "The number of one entry, as the list shows it, which is shown whole.")
  var entry: UInt64?

  @Option(help: ArgumentHelp("Only the newest so many entries.", valueName: "n"))
  var limit: Int?

  @Option(
    help: ArgumentHelp(
      "Only what happened from this time on: 2026-11-20T15:00:00Z, \"yesterday 15:00\", 2h-ago.",
      valueName: "time"))
  var since: String?

  @Option(help: ArgumentHelp("Only what this author did.", valueName: "name"))
  var author: String?

  @Option(
    help: ArgumentHelp(
      "Only what concerns this use case: it was switched, came, went, is among the first that may "
        + "answer differently, or one of its allocations is among those that moved most.",
      valueName: "name"),
    completion: .useCases)
  var useCase: String?

  @Option(
    help: ArgumentHelp(
      "Only what concerns this cluster: it or a shard of it was set, or its shards moved.",
      valueName: "name"),
    completion: .clusters)
  var cluster: String?

  @OptionGroup var store: StoreOption
  @OptionGroup var json: JSONOption

  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit must be at least 1.") }
    if let since, Moment(since) == nil {
      throw ValidationError("--since: \(Moment.expectation).")
    }
    if entry != nil, limit != nil || isFiltered {
      throw ValidationError("One entry is shown whole; leave out what selects several.")
    }
  }

  private var isFiltered: Bool {
    since != nil || author != nil || useCase != nil || cluster != nil
  }

  func run() throws {
    let opened = try Store.openToRead(store.directory)
    // What is not filtered is not read further than it is shown.
    let all = try opened.history(limit: isFiltered || entry != nil ? .max : limit ?? .max)
    let listing = HistoryListing(
      head: try Head.read(directory: store.directory)?.revision, store: try opened.status())
    if let entry {
      guard let found = all.first(where: { $0.number == entry }) else { throw missing(entry, all) }
      if json.isOn { return try Console.printJSON { listing.write(found, to: &$0) } }
      return try Console.print(listing.whole(found).joined(separator: "\n"))
    }
    let entries = Array(all.filter(isSelected).prefix(limit ?? .max))
    if json.isOn {
      return try Console.printJSON { writer in
        writer.beginArray()
        for entry in entries { listing.write(entry, to: &writer) }
        writer.endArray()
      }
    }
    guard !all.isEmpty else {
      return try Console.print("nothing happened yet to the store \(store.directory)")
    }
    guard !entries.isEmpty else {
      return try Console.print(
        "nothing of that kind is among \(Figures.count(all.count, "entry", plural: "entries"))")
    }
    try Console.print(listing.lines(entries).joined(separator: "\n"))
  }

  private func isSelected(_ entry: HistoryEntry) -> Bool {
    if let since = since.flatMap({ Moment($0)?.nanoseconds }), entry.time < since { return false }
    if let author, entry.author != author { return false }
    if let useCase, !entry.concerns(useCase: useCase) { return false }
    if let cluster, !entry.concerns(cluster: cluster) { return false }
    return true
  }

  private func missing(_ number: UInt64, _ all: [HistoryEntry]) -> Refusal {
    guard let newest = all.first, let oldest = all.last else {
      return Refusal(message: "nothing happened yet to the store \(store.directory)")
    }
    return Refusal(
      message: "the history has no entry \(number): it goes from \(oldest.number) to "
        + "\(newest.number)")
  }
}

extension HistoryEntry {
  /// As far as the entry tells: of what moved it names what moved most.
  fileprivate func concerns(useCase name: String) -> Bool {
    let part = name + "/"
    let isSwitched = changes.contains { change in
      (change.kind == .useCase && change.name == name)
        || (change.kind == .shadow && change.name.hasPrefix(part))
    }
    guard !isSwitched, let moved else { return isSwitched }
    return moved.added.first.contains(name) || moved.removed.first.contains(name)
      || moved.differing?.first.contains(name) == true
      || moved.allocations.contains { $0.owner.hasPrefix(part) }
  }

  fileprivate func concerns(cluster name: String) -> Bool {
    let isSet = changes.contains { change in
      change.kind == .cluster && (change.name == name || change.name.hasPrefix(name + "/"))
    }
    return isSet || moved?.allocations.contains { $0.kind == .shards && $0.owner == name } == true
  }
}
