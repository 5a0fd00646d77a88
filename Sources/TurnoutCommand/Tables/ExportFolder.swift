import Turnout

/// A new folder with exported files under the names that they had, all inside it.
///
/// What one file calls another by still leads there: names keep their distances. Where one of them
/// begins with `..`, those that do not get a folder above them for it.
enum ExportFolder {
  /// What was read, by which name, absolute or not.
  typealias Original = (name: String, bytes: [UInt8], isDocument: Bool)

  /// Folders and a name below the export's folder, and what is to stand there.
  typealias File = (place: [String], bytes: [UInt8])

  private static let documentSuffixes = [".yaml", ".yml", ".json"]

  /// Where each file goes: never up, and no two to one place. A document without the suffix of one
  /// gets it, so that the folder can be published.
  static func places(_ files: [Original]) -> [[String]] {
    var parsed = files.map { Name($0.name) }
    // Absolute names are what is left when their common folders are taken away.
    let absolute = parsed.indices.filter { parsed[$0].isAbsolute }
    if let first = absolute.first {
      var common = parsed[first].parts.dropLast()
      for index in absolute {
        let shared = zip(common, parsed[index].parts.dropLast()).prefix { $0 == $1 }.count
        common = common.prefix(shared)
      }
      for index in absolute { parsed[index].parts.removeFirst(common.count) }
    }
    let ups = parsed.map(\.ups).max() ?? 0
    let taken = Set(parsed.compactMap(\.parts.first))
    var seen: [[String]: [UInt8]] = [:]
    return zip(parsed, files).map { name, file in
      var place: [String] = []
      for level in 0..<max(0, ups - name.ups) {
        place.append(Self.free("folder\(level + 1)", taken))
      }
      place += name.parts
      if file.isDocument, let last = place.last, !documentSuffixes.contains(where: last.hasSuffix) {
        place[place.count - 1] = last + ".yaml"
      }
      // Two names of one file are one place.
      while let taken = seen[place], taken != file.bytes {
        place[place.count - 1] = "_" + place[place.count - 1]
      }
      seen[place] = file.bytes
      return place
    }
  }

  private static func free(_ name: String, _ taken: Set<String>) -> String {
    var name = name
    while taken.contains(name) { name += "_" }
    return name
  }

  /// A name without `.`, with `..` only counted.
  private struct Name {
    var isAbsolute: Bool
    var ups = 0
    /// Never empty.
    var parts: [String] = []

    init(_ name: String) {
      isAbsolute = name.utf8.first == UInt8(ascii: "/")
      for part in name.utf8.split(separator: UInt8(ascii: "/")).map({ String(Substring($0)) }) {
        switch part {
        case ".": break
        case "..":
          if parts.popLast() == nil, !isAbsolute { ups += 1 }
        default: parts.append(part)
        }
      }
      if parts.isEmpty { parts = ["document"] }
    }
  }

  /// Makes the folder, which must not be there or be empty, and writes all into it.
  static func write(_ files: [File], to folder: String) throws {
    if let status = try Directory.status(folder) {
      guard status.isFolder else { throw Refusal(message: "\(folder) is there and no folder.") }
      guard try Directory.names(folder).isEmpty else {
        throw Refusal(message: "\(folder) is not empty. Name a new folder for the export.")
      }
    } else {
      try Directory.make(folder)
    }
    var made: Set<[String]> = []
    var written: Set<[String]> = []
    for file in files {
      var path = folder
      for depth in 0..<max(0, file.place.count - 1) {
        path += "/" + file.place[depth]
        if made.insert(Array(file.place[...depth])).inserted { try Directory.make(path) }
      }
      path += "/" + (file.place.last ?? "document")
      // Two names of one file are one place. Nothing that somebody else puts there is written to.
      guard written.insert(file.place).inserted else { continue }
      try Turnout.File.open(path, .makeNew).write(file.bytes)
    }
  }
}
