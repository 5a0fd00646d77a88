import Turnout
import TurnoutCompiler

/// The files that Envoy reads, in a folder of theirs.
struct EnvoyFiles {
  enum Kind: String {
    case clusters = "cds.json"
    case routes = "rds.json"
    case bootstrap = "bootstrap.json"
  }

  struct File {
    let kind: Kind
    let bytes: [UInt8]
    /// What Envoy's statistics and dumps show when it has taken the file; nil of a bootstrap.
    let version: String?

    init(_ kind: Kind, _ tree: JSONTree) {
      self.kind = kind
      bytes = tree.lines + [UInt8(ascii: "\n")]
      version = nil
    }

    init(routes: JSONTree) {
      kind = .routes
      let version = Self.version(routes.compact)
      bytes =
        (["version_info": .text(version), "resources": [routes]] as JSONTree).lines
        + [UInt8(ascii: "\n")]
      self.version = version
    }

    /// A line for each cluster, which tools that compare lines like.
    init(clusters: [JSONTree]) {
      self.init(clusterLines: clusters.map(\.compact))
    }

    init(clusterLines: [[UInt8]]) {
      kind = .clusters
      let body = Array(clusterLines.joined(separator: Array(",\n".utf8)))
      let version = Self.version(body)
      var bytes = Array("{\"version_info\":\"\(version)\",\"resources\":[\n".utf8)
      bytes.reserveCapacity(bytes.count + body.count + 8)
      bytes += body
      bytes += Array("\n]}\n".utf8)
      self.bytes = bytes
      self.version = version
    }

    /// By content, so that equal resources are no news to Envoy.
    private static func version(_ bytes: [UInt8]) -> String {
      bytes.withBytes { $0.digest(from: 0) }.description
    }
  }

  let folder: String
  private static let bytesMax = 1 << 30

  /// Makes the folder if it is not there.
  init(_ folder: String) throws(TurnoutError) {
    self.folder = folder
    if let status = try Directory.status(folder) {
      guard status.isFolder else {
        throw TurnoutError(.invalidArgument, "\(folder) is not a folder. Name one for the files.")
      }
    } else {
      try Directory.make(folder)
    }
  }

  /// Writes those that are not there as they should be, each at once and in their order; which.
  ///
  /// Where routes change too, clusters that go away go last: first come the files with old and new
  /// clusters, then the routes, then the file without the old ones.
  func write(_ files: [File]) throws(TurnoutError) -> Set<Kind> {
    var written: Set<Kind> = []
    var last: File?
    for file in files {
      let found = try read(file.kind)
      guard found != file.bytes else { continue }
      var first = file
      if file.kind == .clusters, let found, try routesChange(files),
        let both = Self.union(of: file, and: found)
      {
        first = both
        last = file
      }
      try put(first)
      written.insert(file.kind)
    }
    if let last { try put(last) }
    return written
  }

  private func routesChange(_ files: [File]) throws(TurnoutError) -> Bool {
    guard let routes = files.first(where: { $0.kind == .routes }) else { return false }
    return try read(.routes) != routes.bytes
  }

  private func path(_ kind: Kind) -> String { folder + "/" + kind.rawValue }

  private func read(_ kind: Kind) throws(TurnoutError) -> [UInt8]? {
    // A link is replaced by the file, not followed.
    guard try Directory.status(path(kind), links: .refused)?.isRegular == true else { return nil }
    return try Turnout.File.read(path(kind), limit: Self.bytesMax)
  }

  /// Does what one process at a time may do to the folder: read the store and write the files. Of two
  /// that write at once, the one that read earlier must not come last.
  func locked<T>(_ body: () throws(TurnoutError) -> T) throws(TurnoutError) -> T {
    let held = try Turnout.File.open(folder, links: .followed)
    try held.lock()
    let result = try body()
    // Closing it gives the lock back.
    _ = consume held
    return result
  }

  /// Envoy meets the old file or the new one, which keeps what permissions and owner there are.
  private func put(_ file: File) throws(TurnoutError) {
    let there = try Directory.status(path(file.kind), links: .refused)
    try WholeFile.write(
      file.bytes, to: path(file.kind), by: folder + "/." + file.kind.rawValue + ".new",
      like: there.flatMap { $0.isRegular ? $0 : nil })
    try Directory.sync(folder)
  }

  /// The clusters of `file` and those of an earlier one that it lacks; nil if it lacks none, or if the
  /// earlier one is not whole.
  private static func union(of file: File, and earlier: [UInt8]) -> File? {
    guard earlier.suffix(4).elementsEqual("\n]}\n".utf8) else { return nil }
    let new = clusterLines(file.bytes)
    let names = Set(new.map { name(ofLine: $0) })
    let leaving = clusterLines(earlier).filter { !names.contains(name(ofLine: $0)) }
    guard !leaving.isEmpty else { return nil }
    return File(clusterLines: new + leaving)
  }

  private static func clusterLines(_ bytes: [UInt8]) -> [[UInt8]] {
    let begin = Array("{\"@type\":".utf8)
    return bytes.split(separator: UInt8(ascii: "\n")).filter { $0.starts(with: begin) }
      .map { $0.last == UInt8(ascii: ",") ? Array($0.dropLast()) : Array($0) }
  }

  /// The second member of each, up to its closing quote.
  private static func name(ofLine line: [UInt8]) -> ArraySlice<UInt8> {
    guard let start = line.firstRange(of: Array("\"name\":\"".utf8))?.upperBound else {
      return line[...]
    }
    var isEscaped = false
    let end = line[start...].firstIndex { byte in
      defer { isEscaped = byte == UInt8(ascii: "\\") && !isEscaped }
      return byte == UInt8(ascii: "\"") && !isEscaped
    }
    return line[start..<(end ?? line.endIndex)]
  }
}
