/// Watches one evaluation. The evaluator is generic over it and tells it what it does: a resolve is
/// watched by ``Unobserved``, whose methods are empty and leave no instruction behind; an explanation by
/// one that writes everything down. Both run the same code, so they cannot disagree.
///
/// Calls come in the order of the evaluation; ``Observation`` says in which. Places, texts and numbers
/// are valid during the call. Nothing that an observer does may change what is decided.
protocol Observer {
  /// Whether anybody listens: for what would have to be worked out to be told.
  static var listens: Bool { get }

  /// The first call of every evaluation: the use case was found, and may be answered or not.
  func checked(_ useCase: Place, _ finding: Observation.UseCase)
  /// The use case has overrides, and they were searched by its unit. Empty: there is no unit.
  func searchedOverrides(by unit: Text, _ finding: Observation.Override)
  /// A rule is next: its number in the use case, from 0, and its record. Its tests follow.
  func tries(rule number: Int, _ record: Place)
  /// One guard of the rule that is being tried: a test for the equality with a text that the key is.
  func guarded(
    by attribute: UInt8, _ key: UInt64, isLast: Bool, _ value: Observation.Value, _ held: Bool)
  /// One test of the condition that is being tried, and the request's value. `base` is where its
  /// operands' offsets count from.
  func tested(_ test: Place, in base: Place, _ value: Observation.Value, _ held: Bool)
  /// The end of the rule's condition.
  func found(rule number: Int, _ record: Place, held: Bool)
  /// A rule that looks up has probed its map; nil: the attribute is missing, or the map lacks it.
  func probed(rule record: Place, _ value: Observation.Value, _ version: UInt32?)
  /// One step of whether the unit is in a cell of an experiment, by its number, and where that leads. The
  /// tests of a condition, and draws, come before the gate that they decide.
  func passed(_ gate: Observation.ExperimentGate, experiment: UInt32, _ way: Observation.Way)
  /// The unit is in a cell, by its number in the experiment, which decides for a version or not.
  func entered(experiment: UInt32, cell: UInt32, by: UInt32, _ version: UInt32?)
  /// Something was drawn, or could not be for want of a unit.
  func drew(_ draw: Observation.Draw)
  /// A walk through a placement begins: that of a version, or the rule's own for it.
  func places(_ version: UInt32, placement: UInt32, _ reason: Observation.PlacementReason)
  /// A placement by context: whether the choice's condition held. Its tests, if any, came before.
  func chose(placement: UInt32, held: Bool)
  /// A cluster of the placement was tried; the draws of its shards came before.
  func tried(_ cluster: Observation.Cluster)
  /// The end of all walks for the decision.
  func placed(_ end: Observation.PlacementEnd)
  /// One step of whether a shadow, by its place in the use case's list, is added.
  func passed(_ gate: Observation.ShadowGate, shadow index: Int, _ record: Place, passes: Bool)
  /// The last call.
  func ended(_ status: Status)
}

/// What an evaluation tells its observer.
enum Observation {
  /// `checked`: whether the use case may be answered.
  enum UseCase {
    case answers
    case disabled
    case switchedOff
    case lacksAttribute(UInt32)
    case lacksUnit(UInt32)
  }

  /// What a request has for an attribute, or for the use case's unit.
  enum Value {
    case missing
    case text(Text)
    case number(Double)
    case boolean(Bool)
  }

  /// `searchedOverrides`: what the unit's override says.
  enum Override {
    /// There is no unit, or no override for it.
    case none
    /// It decides.
    case version(UInt32)
    /// The same, but the traffic is not production.
    case versionOfOtherTraffic(UInt32)
    /// It names cells.
    case cells
  }

  /// Where a gate leads.
  enum Way {
    /// To the next gate.
    case on
    /// The unit is in no cell of the experiment.
    case out
    /// The unit is in a cell; ``Observer/entered(experiment:cell:by:_:)`` follows.
    case into
  }

  /// Whether a unit is in a cell of an experiment. In this order; those up to the one that does not lead
  /// on are told, and a window only where there is one.
  enum ExperimentGate {
    case enabled
    case switchedOn
    /// Nanoseconds since 1970 in UTC; the unsaid ends are the least and the greatest number.
    case window(now: Int64, starts: Int64, ends: Int64)
    /// The class fits.
    case traffic
    case assignment(Assignment)
    case override
    /// It may be assigned by hash, not only from outside.
    case assignedByHash
    /// No other experiment of the layer was given a cell; else which one.
    case layerFree(takenBy: UInt32?)
    /// One of the layer's holdouts, by its number.
    case holdout(UInt32, Holdout)
    /// The experiment's `when`.
    case condition
    /// The layer's draw led to this experiment. Of a unit that is missing it is not made.
    case layer(hasUnit: Bool)
  }

  enum Assignment {
    case none
    case cell
    /// Null: kept out.
    case kept
    /// A cell that does not exist: kept out, and counted.
    case unknown(Text)
  }

  enum Holdout {
    case otherTraffic
    case noUnit
    case outside
    case inside
  }

  /// One draw. Kind, owner and part are those of the allocation's lineage, except that a placement's
  /// split has its placement as owner.
  struct Draw {
    var kind: AllocationKind
    var owner: UInt32
    var part: UInt32
    var block: Place
    /// What the salt's seed is: the block's own, or that of one of its siblings.
    var seed: UInt64
    /// How often it was drawn before: 0, or which of the siblings' salts, from 1.
    var again: Int
    var source: Source
    /// What was hashed; empty if nothing was.
    var value: Text
    /// 0 if nothing was hashed.
    var position: UInt32
    /// The number of the interval that has the position; nil if nothing was hashed.
    var interval: Int?
    var target: UInt32
  }

  enum Source {
    /// The unit that was asked for, or the one that stood in for it.
    case unit(asked: UInt8, given: UInt8)
    case requestID
    /// Nothing to draw by: the arm with most positions.
    case nothing(asked: UInt8)
  }

  /// Why clusters are looked for.
  enum PlacementReason {
    /// The version that was decided for, by its own placement.
    case decided
    /// The same, by the deciding rule's.
    case rule
    /// The version that is tried where none of another's clusters is up.
    case otherwise
    case shadow
  }

  struct Cluster {
    var number: UInt32
    /// Its place in the list of clusters, counted from 0; the arm of a split comes first.
    var place: Int
    /// The shard drawn first; a cluster without shards has a nameless one.
    var shard: UInt32
    /// The shard in the end: another one if a sibling stands in.
    var final: UInt32
    /// States are ``OverlayStates/up`` and so on.
    var clusterState: UInt8
    /// Of the shard drawn first.
    var shardState: UInt8
    var isUp: Bool
  }

  enum PlacementEnd {
    case up(version: UInt32, shard: UInt32, isFallback: Bool)
    case degraded(version: UInt32, shard: UInt32)
    /// None is up, and the use case refuses.
    case unavailable
    /// None is up, of a shadow; or only its first is not.
    case leftOut
  }

  /// Whether a shadow is added. In this order; those up to the one that does not pass are told.
  enum ShadowGate {
    case traffic
    case condition
    /// The sample contains it; there was something to draw by or not.
    case sample(hasSource: Bool)
    case switchedOn
    /// Its first cluster is up; passing this it is added.
    case cluster
  }
}

/// Nobody.
struct Unobserved: Observer {
  @inline(always) static var listens: Bool { false }
  @inline(always) func checked(_ useCase: Place, _ finding: Observation.UseCase) {}
  @inline(always) func searchedOverrides(by unit: Text, _ finding: Observation.Override) {}
  @inline(always) func tries(rule number: Int, _ record: Place) {}
  @inline(always)
  func guarded(
    by attribute: UInt8, _ key: UInt64, isLast: Bool, _ value: Observation.Value, _ held: Bool
  ) {}
  @inline(always)
  func tested(
    _ test: Place, in base: Place, _ value: Observation.Value, _ held: Bool
  ) {}
  @inline(always) func found(rule number: Int, _ record: Place, held: Bool) {}
  @inline(always)
  func probed(rule record: Place, _ value: Observation.Value, _ version: UInt32?) {}
  @inline(always)
  func passed(_ gate: Observation.ExperimentGate, experiment: UInt32, _ way: Observation.Way) {}
  @inline(always)
  func entered(experiment: UInt32, cell: UInt32, by: UInt32, _ version: UInt32?) {}
  @inline(always) func drew(_ draw: Observation.Draw) {}
  @inline(always)
  func places(_ version: UInt32, placement: UInt32, _ reason: Observation.PlacementReason) {}
  @inline(always) func chose(placement: UInt32, held: Bool) {}
  @inline(always) func tried(_ cluster: Observation.Cluster) {}
  @inline(always) func placed(_ end: Observation.PlacementEnd) {}
  @inline(always)
  func passed(_ gate: Observation.ShadowGate, shadow index: Int, _ record: Place, passes: Bool) {}
  @inline(always) func ended(_ status: Status) {}
}
