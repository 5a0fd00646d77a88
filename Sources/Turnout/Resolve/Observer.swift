/// Watches one evaluation. The evaluator is generic over it and tells it what it does: a resolve is
/// watched by ``Unobserved``, whose methods are empty and leave no instruction behind; an explanation by
/// one that writes everything down. Both run the same code, so they cannot disagree.
///
/// Nothing that an observer does may change what is decided.
protocol Observer {
  /// Whether anybody listens: for what would have to be worked out to be told.
  static var listens: Bool { get }
}

/// Nobody.
struct Unobserved: Observer {
  @inline(__always) static var listens: Bool { false }
}
