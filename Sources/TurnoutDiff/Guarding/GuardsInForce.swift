package import TurnoutCompiler

/// The guards that a change is held against: those of the documents and those that whoever makes the
/// change states, of each kind the strictest.
package struct GuardsInForce: Sendable {
  package private(set) var move: Move?
  /// By use case, where its own guard is the strictest.
  package private(set) var moves: [String: Move] = [:]
  package private(set) var clusterLoad: ClusterLoad?

  package struct Move: Sendable, Hashable {
    package var limit: Percentage
    /// Where it is stated: `routing.yaml:3:21`, `--max-move`.
    package var stated: String
  }

  package struct ClusterLoad: Sendable, Hashable {
    package var limit: Growth
    package var stated: String
  }

  /// Those that whoever makes the change states, as options of the command.
  package init(maxMove: Percentage?, maxClusterLoad: Growth?) {
    move = maxMove.map { Move(limit: $0, stated: "--max-move") }
    clusterLoad = maxClusterLoad.map { ClusterLoad(limit: $0, stated: "--max-cluster-load") }
  }

  package var isEmpty: Bool { move == nil && moves.isEmpty && clusterLoad == nil }

  /// Adds what documents state.
  package mutating func add(_ documents: DocumentGuards, of sources: [Source]) {
    func place(_ mark: SourceMark) -> String {
      let diagnostic = Diagnostic(.invalidValue, at: mark, of: sources, "")
      return "\(diagnostic.file):\(diagnostic.line):\(diagnostic.column)"
    }
    if let guarded = documents.all.move,
      move.map({ guarded.share.units < $0.limit.units }) ?? true
    {
      move = Move(limit: guarded.share, stated: place(guarded.mark))
    }
    if let guarded = documents.all.clusterLoad,
      clusterLoad.map({ guarded.growth < $0.limit }) ?? true
    {
      clusterLoad = ClusterLoad(limit: guarded.growth, stated: place(guarded.mark))
    }
    for (useCase, guarded) in documents.useCases {
      guard move.map({ guarded.share.units < $0.limit.units }) ?? true else { continue }
      moves[useCase] = Move(limit: guarded.share, stated: place(guarded.mark))
    }
  }

  /// What holds for a use case.
  func move(of useCase: String) -> Move? { moves[useCase] ?? move }
}
