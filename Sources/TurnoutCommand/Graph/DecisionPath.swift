/// What a request of a use case can pass through, from rules to shards, as nodes in columns and edges
/// between them.
struct DecisionPath {
  /// From left to right.
  enum Column: Int, CaseIterable {
    case useCase, rules, cells, versions, clusters, shards
  }

  enum Kind {
    case useCase, overrides, rule, experiment, cell, version, cluster, shard, shadow
    /// Stands for several that are not drawn one by one.
    case others
  }

  struct Node {
    /// Letters and digits.
    let id: String
    let column: Column
    let kind: Kind
    let title: String
    /// Below the title; not wrapped.
    let details: [String]
    /// Disabled, or without any unit.
    var isOff = false
  }

  enum Way {
    /// A request goes there if what the label says holds.
    case decides
    /// To the next rule, if this one did not decide.
    case next
    /// Only where what stands before is not up.
    case fallback
    /// A copy of the request.
    case shadow
  }

  struct Edge {
    let from: String
    let to: String
    let way: Way
    var label: String

    /// From a rule to the next one, inside their column.
    var isDown: Bool { way == .next && from != "use" }
  }

  let title: String
  var nodes: [Node] = []
  var edges: [Edge] = []

  /// Of arms, cells, shards and the like, so many are drawn; what is beyond, as one.
  static let siblingsMax = 16

  mutating func add(_ node: Node) { nodes.append(node) }

  /// Adds an edge, or its label to one that is there.
  mutating func connect(_ from: String, _ to: String, _ way: Way, _ label: String = "") {
    let known = edges.firstIndex { $0.from == from && $0.to == to && $0.way == way }
    guard let known else {
      return edges.append(Edge(from: from, to: to, way: way, label: label))
    }
    if label.isEmpty || edges[known].label == label { return }
    edges[known].label += edges[known].label.isEmpty ? label : "; " + label
  }
}
