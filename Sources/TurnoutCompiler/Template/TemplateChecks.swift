internal import Turnout

/// A template from its tree.
extension Checker {
  /// Of the report's only source. What is wrong is reported; where something is, the default stands
  /// in for it.
  func envoyTemplate() -> EnvoyTemplate {
    var template = EnvoyTemplate()
    var size = Composer.Size()
    guard let root = Composer.compose(source: 0, size: &size, report: report) else {
      return template
    }
    // Nothing but comments: everything is as it is without a template.
    if root.isNull { return template }
    guard case .mapping(let entries) = root.content else {
      report.error(
        .wrongType, at: root.mark, "a template is a mapping, not \(root.description)",
        "begin it with `listen: 127.0.0.1:10000`")
      return template
    }
    let fields = Fields(entries, at: root.mark, .template, report)
    if let node = fields["listen"], let place = socketPlace(node, "`listen`") {
      template.listen = place
    }
    if let node = fields["admin"] {
      template.admin = isNone(node) ? nil : socketPlace(node, "`admin`")
    }
    readNode(fields, into: &template)
    readPaths(fields, into: &template)
    if let node = fields["module"], let module = mapping(node, .module) {
      template.module = moduleSettings(module)
    }
    readRoutes(fields, into: &template)
    if let node = fields["upstream"], let upstream = mapping(node, .upstream) {
      template.upstream = self.upstream(upstream)
    }
    if let node = fields["clusters"] {
      template.exceptions = exceptions(node, template.upstream.breakers)
    }
    if let node = fields["shadow_slots"] {
      template.shadowSlots = count(node, "`shadow_slots`", 0...Limits.shadowsPerUseCaseMax)
    }
    if let node = fields["access_log"] { template.accessLog = accessLog(node) }
    return template
  }

  private func readNode(_ fields: Fields, into template: inout EnvoyTemplate) {
    guard let node = fields["node"], let fields = mapping(node, .node) else { return }
    if let node = fields["id"], let text = token(node, "`id`", bytesMax: Limits.nameBytesMax) {
      template.nodeID = text
    }
    if let node = fields["cluster"],
      let text = token(node, "`cluster`", bytesMax: Limits.nameBytesMax)
    {
      template.nodeCluster = text
    }
  }

  private func readPaths(_ fields: Fields, into template: inout EnvoyTemplate) {
    guard let node = fields["paths"], let fields = mapping(node, .paths) else { return }
    if let node = fields["store"] { template.paths.store = absolutePath(node, "`store`") }
    if let node = fields["files"] { template.paths.files = absolutePath(node, "`files`") }
    guard let node = fields["module"],
      let text = text(node, "`module`", bytesMax: Limits.pathBytesMax)
    else { return }
    let isName = text.utf8.allSatisfy { Digits.isDigit($0) || $0 == 0x5f || $0 | 0x20 > 0x60 }
    guard text.hasPrefix("/") || (isName && !text.isEmpty) else {
      return report.error(
        .invalidValue, at: node.mark, "`module` cannot be \(Printable.quoted(text))",
        "a name such as turnout_envoy, or the absolute path of the library")
    }
    template.paths.module = text
  }

  private func readRoutes(_ fields: Fields, into template: inout EnvoyTemplate) {
    guard let node = fields["routes"], let fields = mapping(node, .routes) else { return }
    if let node = fields["timeout"], let timeout = duration(node, "`timeout`") {
      template.routes.timeout = timeout
    }
    if let node = fields["idle_timeout"], let timeout = duration(node, "`idle_timeout`") {
      template.routes.idleTimeout = timeout
    }
    if let node = fields["retry"] { template.routes.retry = isNone(node) ? nil : retry(node) }
    if let node = fields["second_step"], !isNone(node) {
      template.routes.secondStep = headerName(node, "`second_step`")
    }
    if let node = fields["directory_assistance"], !isNone(node) {
      template.routes.directoryAssistance = requestPath(node, "`directory_assistance`")
    }
  }

  private func retry(_ node: Node) -> EnvoyTemplate.Retry {
    var retry = EnvoyTemplate.Retry()
    guard let fields = mapping(node, .retry, "or `none`") else { return retry }
    if let node = fields["on"] {
      if case .list(let nodes) = node.content, !nodes.isEmpty {
        retry.on = nodes.compactMap { token($0, "`on`", bytesMax: Limits.nameBytesMax) }
      } else {
        reportWrongType(node, "`on`", "a list", "such as [connect-failure, refused-stream]")
      }
    }
    if let node = fields["times"], let times = count(node, "`times`", 1...10) {
      retry.times = times
    }
    if let node = fields["per_try_timeout"] {
      retry.perTryTimeout = duration(node, "`per_try_timeout`")
    }
    return retry
  }

  private func accessLog(_ node: Node) -> EnvoyTemplate.AccessLog? {
    if isNone(node) { return nil }
    var log = EnvoyTemplate.AccessLog()
    if case .scalar = node.content {
      log.path = absolutePath(node, "`access_log`") ?? log.path
      return log
    }
    guard let fields = mapping(node, .accessLog, "or a path, or `none`") else { return log }
    if let node = fields["path"] { log.path = absolutePath(node, "`path`") ?? log.path }
    guard let node = fields["fields"] else { return log }
    guard case .mapping(let entries) = node.content else {
      reportWrongType(node, "`fields`", "a mapping", "such as `agent: \"%REQ(user-agent)%\"`")
      return log
    }
    for entry in entries {
      guard let format = text(entry.value, "a field", bytesMax: Limits.valueBytesMax) else {
        continue
      }
      log.fields.append(JSONTree.Member(key: entry.key, value: .text(format)))
    }
    return log
  }
}
