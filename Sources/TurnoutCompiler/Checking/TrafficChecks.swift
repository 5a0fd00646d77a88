extension Checker {
  /// `traffic` is one class or a list of them; production if it is left out.
  func traffic(_ fields: Fields) -> TrafficClasses {
    guard let node = fields["traffic"] else { return .production }
    guard case .list(let nodes) = node.content else {
      let text = text(node, "`traffic`", bytesMax: Limits.valueBytesMax)
      return text.map { TrafficClasses(classes: [Text($0)]) } ?? .production
    }
    guard !nodes.isEmpty, nodes.count <= Limits.trafficClassesMax else {
      reportCount(node, "`traffic`", nodes.count, Limits.trafficClassesMax)
      return .production
    }
    let classes = nodes.compactMap {
      text($0, "a class of traffic", bytesMax: Limits.valueBytesMax).map { Text($0) }
    }
    return TrafficClasses(classes: Self.sortedOnce(classes))
  }
}
