import Turnout
import TurnoutCompiler

/// All files for one Envoy, made from what a store keeps and a template. Equal input gives equal
/// bytes.
struct EnvoyConfiguration {
  /// In the order in which Envoy needs them: routes must not be there before their clusters.
  let files: [EnvoyFiles.File]
  let clusterCount: Int
  let shadowSlots: Int
  private(set) var warnings: [String]
  /// A destination of head, or of a newer revision, is left out.
  let isIncomplete: Bool

  struct Places {
    /// Absolute.
    var store: String
    var files: String
  }

  init(
    _ kept: KeptTables, _ template: EnvoyTemplate, for target: EnvoyTarget, _ places: Places,
    inOneFile: Bool
  ) {
    let clusters = EnvoyClusters(kept, template)
    clusterCount = clusters.resources.count
    isIncomplete = clusters.isIncomplete
    warnings = clusters.warnings
    let wanted = kept.tables.map(\.shadowsMax).max() ?? 0
    // One at least: the first shadow of a table should not change the routes.
    shadowSlots = template.shadowSlots ?? max(1, wanted)
    let module = EnvoyModule(
      template: template, target: target, store: template.paths.store ?? places.store,
      shadowSlots: shadowSlots)
    let routes = EnvoyRoutes(template: template, target: target, module: module).resource
    let bootstrap = EnvoyBootstrap(template: template, target: target, module: module)
    if inOneFile {
      files = [
        EnvoyFiles.File(
          .bootstrap, bootstrap.tree(.inline(clusters: clusters.resources, routes: routes)))
      ]
    } else {
      files = [
        EnvoyFiles.File(clusters: clusters.resources), EnvoyFiles.File(routes: routes),
        EnvoyFiles.File(
          .bootstrap, bootstrap.tree(.files(folder: template.paths.files ?? places.files))),
      ]
    }
    if wanted > shadowSlots {
      warnings.append(
        "`shadow_slots` of the template is \(shadowSlots), and use cases have up to \(wanted) "
          + "shadows: Envoy sends the first \(shadowSlots) of a decision only.")
    }
    warnAttributes(kept, template)
    if kept.tables.isEmpty, kept.warnings.isEmpty {
      warnings.append("nothing is published yet, so Envoy gets no clusters.")
    }
  }

  /// A rule never holds of an attribute that is misspelt here, or has another type.
  private mutating func warnAttributes(_ kept: KeptTables, _ template: EnvoyTemplate) {
    guard let table = kept.byPrecedence.first else { return }
    let declared = Dictionary(table.attributes.map { ($0.name, $0.type) }) { first, _ in first }
    for attribute in template.module.attributes {
      guard let type = declared[attribute.name] else {
        let names = declared.keys.sorted()
        warnings.append(
          "`attributes` of the template gives \(attribute.name), which revision \(table.revision) "
            + "does not declare\(TableFacts.suggestion(for: attribute.name, among: names))")
        continue
      }
      let word = type == .version ? "string" : "\(type)"
      guard word != attribute.type else { continue }
      warnings.append(
        "`attributes` of the template gives \(attribute.name) as \(attribute.type), and revision "
          + "\(table.revision) declares it as \(type): write `type: \(word)`.")
    }
  }
}
