/// The answer, whole: every field comes from one table. With any status but ``Status/ok`` the texts
/// are empty or nil and the lists empty.
public struct Decision: Sendable, Hashable {
  /// Whether there is a decision; else why not.
  public var status: Status
  /// The table's number in its store; 0 without a table.
  public var revision: UInt64 = 0
  /// The table's digest.
  public var digest = Digest(low: 0, high: 0)
  /// The model that serves the request.
  public var model = ""
  /// Its version: one deployable workflow.
  public var version = ""
  /// The name of the cluster that the version runs on.
  public var cluster = ""
  /// Nil if the cluster has no shards.
  public var shard: String?
  /// Where to send the payload.
  public var address = ""
  /// What travels in the request header for the proxy to route on.
  public var routingKey = ""
  /// One JSON object; nil unless the request asked for it.
  public var config: String?
  /// The cells that the unit is in, in the order of their rules.
  public var cells: [Cell] = []
  /// The holdouts that kept the unit out of experiments.
  public var holdouts: [String] = []
  /// Where copies of the request should also go.
  public var shadows: [Shadow] = []
  /// What kind of rule decided; nil if nothing was decided.
  public var reason: Reason?
  /// The name of what decided; nil if it has none.
  public var rule: String?
  /// The request's traffic class.
  public var traffic = ""
  /// Not the first cluster of the list, or by `otherwise`.
  public var isFallback = false
  /// Every cluster is down; this is the first one.
  public var isDegraded = false

  /// A decision that says nothing but its status.
  public init(status: Status) { self.status = status }

  /// The kind of rule that decided.
  public enum Reason: UInt32, Sendable, Hashable, CaseIterable {
    case override = 1
    case route = 2
    case split = 3
    case lookup = 4
    case experiment = 5

    /// The name as the command's JSON spells it.
    public var name: StaticString {
      switch self {
      case .override: "override"
      case .route: "route"
      case .split: "split"
      case .lookup: "lookup"
      case .experiment: "experiment"
      }
    }
  }

  /// A cell of an experiment.
  public struct Cell: Sendable, Hashable {
    /// The name of the experiment.
    public var experiment: String
    /// The name of the cell.
    public var cell: String
    /// What put the unit there.
    public var by: Source

    /// What puts a unit in a cell.
    public enum Source: UInt32, Sendable, Hashable {
      case hash = 1
      case override = 2
      case assignment = 3
    }
  }

  /// A copy of the request that should also go elsewhere; its answer is thrown away.
  public struct Shadow: Sendable, Hashable {
    /// The shadow's name.
    public var name: String
    /// The model that the copy goes to.
    public var model: String
    /// Its version.
    public var version: String
    /// The name of the cluster.
    public var cluster: String
    /// Nil if the cluster has no shards.
    public var shard: String?
    /// Where to send the copy.
    public var address: String
    /// What the proxy routes the copy on.
    public var routingKey: String
    /// The model version's config; nil unless the request asked for it.
    public var config: String?
  }
}
