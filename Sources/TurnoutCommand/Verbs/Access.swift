import ArgumentParser
import Turnout

struct Access: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say who may read a store, or change it.",
    discussion: """
      Everybody on the host may read a store's tables, head and bell, unless its folder lets a group \
      in alone. The catalog, which says who changed what and why, is for the owner and a group in \
      any case. Every later writer keeps this, whoever it is.

        turnout access
        turnout access --group routing      # members of the group alone
        turnout access --everyone           # as a store is made

      Only the store's owner may change it, and has to be a member of the group, or root.
      """)

  @Option(help: ArgumentHelp("Let members of this group read, and nobody else.", valueName: "name"))
  var group: String?

  @Flag(help: "Let everybody read.")
  var everyone = false

  @OptionGroup var store: StoreOption
  @OptionGroup var json: JSONOption

  func validate() throws {
    if group != nil, everyone {
      throw ValidationError("--group and --everyone are two answers to one question.")
    }
  }

  func run() throws {
    let directory = store.directory
    if let group {
      try StoreAccess.change(directory, toGroup: SystemGroup.number(group))
    } else if everyone {
      try StoreAccess.change(directory, toGroup: nil)
    }
    let review = try StoreAccessReview(directory)
    if json.isOn {
      try Console.printJSON { review.write(to: &$0) }
    } else {
      try Console.print(review.lines.joined(separator: "\n"))
    }
    for finding in review.findings { Console.fail("\(finding.place): \(finding.message)") }
    if !review.findings.isEmpty { throw Refusal() }
  }
}

extension StoreAccessReview {
  var readers: String {
    if access.isClosed {
      return "members of group \(SystemGroup.name(access.group) ?? "\(access.group)") alone"
    }
    if isEntered { return "everybody" }
    return "whoever may enter the folder (mode \(String(folderPermissions, radix: 8)))"
  }

  var lines: [String] {
    [
      "store    \(Printable.text(directory))",
      "owner    \(SystemUser.name(access.owner) ?? "\(access.owner)"), who writes",
      "readers  \(Printable.text(readers))",
    ]
  }

  func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.field("store", directory)
    writer.field("owner", UInt64(access.owner))
    writer.field("group", UInt64(access.group))
    writer.field("group_name", SystemGroup.name(access.group))
    writer.field("group_alone", access.isClosed)
    writer.field("findings", findings)
    writer.endObject()
  }
}
