package import TurnoutCompiler

/// The guards that a change is held against: those that whoever makes the change states, and those of
/// the documents. A population says what comes for the former only: the latter it may not loosen.
package struct GuardsInForce: Sendable {
  package private(set) var stated: Guards
  package private(set) var documents = Guards()

  package struct Move: Sendable, Hashable {
    package var limit: Percentage
    /// Where it is stated: `routing.yaml:3:21`, `--max-move`.
    package var stated: String
  }

  package struct ClusterLoad: Sendable, Hashable {
    package var limit: Growth
    package var stated: String
  }

  /// Those of one who states guards, of each kind the strictest.
  package struct Guards: Sendable {
    package fileprivate(set) var move: Move?
    /// By use case, where its own guard is the strictest.
    package fileprivate(set) var moves: [String: Move] = [:]
    package fileprivate(set) var clusterLoad: ClusterLoad?

    var isEmpty: Bool { move == nil && moves.isEmpty && clusterLoad == nil }

    /// What holds for a use case.
    func move(of useCase: String) -> Move? { moves[useCase] ?? move }
  }

  /// Those that whoever makes the change states, as options of the command.
  package init(maxMove: Percentage?, maxClusterLoad: Growth?) {
    stated = Guards(
      move: maxMove.map { Move(limit: $0, stated: "--max-move") },
      clusterLoad: maxClusterLoad.map { ClusterLoad(limit: $0, stated: "--max-cluster-load") })
  }

  package var isEmpty: Bool { stated.isEmpty && documents.isEmpty }

  /// Adds what documents state.
  package mutating func add(_ found: DocumentGuards, of sources: [Source]) {
    func place(_ mark: SourceMark) -> String {
      let diagnostic = Diagnostic(.invalidValue, at: mark, of: sources, "")
      return "\(diagnostic.file):\(diagnostic.line):\(diagnostic.column)"
    }
    documents.move = found.all.move.map { Move(limit: $0.share, stated: place($0.mark)) }
    documents.clusterLoad = found.all.clusterLoad.map {
      ClusterLoad(limit: $0.growth, stated: place($0.mark))
    }
    for (useCase, guarded) in found.useCases {
      guard documents.move.map({ guarded.share.units < $0.limit.units }) ?? true else { continue }
      documents.moves[useCase] = Move(limit: guarded.share, stated: place(guarded.mark))
    }
  }
}
