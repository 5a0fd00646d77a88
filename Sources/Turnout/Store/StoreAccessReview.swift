/// Who may do what with the files of a store that is there, and which of them say otherwise.
package struct StoreAccessReview: Sendable {
  package let directory: String
  package let access: StoreAccess
  package let folderPermissions: UInt32
  /// What lets somebody do more, or readers less, than the store's folder says.
  package private(set) var findings: [StoreExamination.Finding] = []

  /// Looks at names alone: opens nothing and changes nothing.
  package init(_ directory: String) throws(TurnoutError) {
    let folder = try StoreLayout.requireStore(directory)
    self.directory = directory
    access = StoreAccess(folder)
    folderPermissions = folder.permissions
    for fault in try StoreAccess.faults(of: directory) { find(".", fault) }
    let tables = StoreLayout.tables(directory)
    let isLink = try Directory.status(tables, links: .refused)?.isLink == true
    if isLink { find("tables", "It is a symbolic link, and a store follows none.") }
    let lock = (path: StoreLayout.catalog(directory) + "-lock", kind: StoreAccess.Kind.lock)
    for (path, kind) in isLink ? [] : try StoreAccess.files(of: directory) + [lock] {
      let name = String(path.dropFirst(directory.count + 1))
      guard let found = try Directory.status(path, links: .refused) else { continue }
      guard found.isRegular else {
        find(name, "It is no regular file. The next change of the store makes it anew.")
        continue
      }
      if access.isRight(found, kind) { continue }
      let mode = String(found.permissions, radix: 8)
      let wanted = String(access.permissions(of: kind), radix: 8)
      find(
        name,
        found.permissions == access.permissions(of: kind)
          ? "It is group \(found.group)'s and should be group \(access.group)'s. The next change of "
            + "the store by its owner mends that."
          : "It has the permissions \(mode) and should have \(wanted). The next change of the store "
            + "by its owner mends that.")
    }
  }

  /// Whether everybody may enter the store's own folder; those above it may say otherwise.
  package var isEntered: Bool { folderPermissions & 0o005 == 0o005 }

  private mutating func find(_ place: String, _ message: String) {
    findings.append(StoreExamination.Finding(place: place, message: message))
  }
}
