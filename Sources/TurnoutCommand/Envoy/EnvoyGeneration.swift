import Turnout
import TurnoutCompiler

/// Makes the files of one folder from one store, as often as it is asked to.
struct EnvoyGeneration {
  private var reader: KeptTablesReader
  private let store: String
  private let out: String
  private let template: EnvoyTemplate
  private let target: EnvoyTarget
  private let isInOneFile: Bool

  /// What one time came to.
  struct Outcome {
    let configuration: EnvoyConfiguration
    let kept: KeptTables
    let written: Set<EnvoyFiles.Kind>
  }

  init(
    store: String, out: String, template: EnvoyTemplate, target: EnvoyTarget, inOneFile: Bool
  ) {
    reader = KeptTablesReader(store)
    self.store = store
    self.out = out
    self.template = template
    self.target = target
    isInOneFile = inOneFile
  }

  mutating func run() throws(TurnoutError) -> Outcome {
    // Once before the folder: without a store none is made. Tables that were read stay read.
    _ = try reader.read()
    let files = try EnvoyFiles(out)
    return try files.locked { () throws(TurnoutError) -> Outcome in
      let kept = try reader.read()
      let places = EnvoyConfiguration.Places(store: Self.absolute(store), files: Self.absolute(out))
      let configuration = EnvoyConfiguration(
        kept, template, for: target, places, inOneFile: isInOneFile)
      let written = try files.write(configuration.files)
      return Outcome(configuration: configuration, kept: kept, written: written)
    }
  }

  /// As short as it can be said, since people read it in Envoy's files.
  private static func absolute(_ path: String) -> String {
    let parts = AbsolutePath.of(path).split(separator: "/").filter { $0 != "." }
    return "/" + parts.joined(separator: "/")
  }
}

extension EnvoyGeneration.Outcome {
  func print(json: Bool, to folder: String) throws {
    if json { return try Console.printJSON { write(to: &$0) } }
    let style = Style.output
    var table = TextTable([.left, .left, .left])
    for file in configuration.files {
      table.add([
        "\(folder)/\(file.kind.rawValue)", written.contains(file.kind) ? "written" : "unchanged",
        words(file),
      ])
    }
    let head = kept.head.map { "revision \($0) is head" } ?? "there is no head"
    let revisions = Figures.count(kept.tables.count, "revision")
    try Console.print(
      table.lines().joined(separator: "\n")
        + style.dim("\n\(head); clusters of all \(revisions) that the store keeps"))
  }

  private func words(_ file: EnvoyFiles.File) -> String {
    let version = file.version.map { ", version \($0)" } ?? ""
    let clusters = Figures.count(configuration.clusterCount, "cluster")
    let slots = Figures.count(configuration.shadowSlots, "shadow slot")
    switch file.kind {
    case .clusters: return clusters + version
    case .routes: return slots + version
    case .bootstrap:
      return configuration.files.count > 1
        ? "read when Envoy starts" : "\(clusters), \(slots); read when Envoy starts"
    }
  }

  private func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.field("head", kept.head)
    writer.key("revisions")
    writer.beginArray()
    for table in kept.tables { writer.integer(table.revision) }
    writer.endArray()
    writer.field("clusters", configuration.clusterCount)
    writer.field("shadow_slots", configuration.shadowSlots)
    writer.key("files")
    writer.beginArray()
    for file in configuration.files {
      writer.beginObject()
      writer.field("name", file.kind.rawValue)
      writer.field("version", file.version)
      writer.field("bytes", file.bytes.count)
      writer.field("written", written.contains(file.kind))
      writer.endObject()
    }
    writer.endArray()
    writer.field("warnings", configuration.warnings)
    writer.field("complete", !configuration.isIncomplete)
    writer.endObject()
  }
}
