/// What becomes of the units of an experiment: of those that draw for it, in production, at the time of
/// the comparison, and for which its `when` holds.
package struct ExperimentChange: Sendable, Hashable {
  package var name: String
  /// Nil where there is no such experiment.
  package var before: State?
  package var after: State?
  /// Units that were in no experiment of its layer and are in one of its cells.
  package var gained = Share.zero
  /// Units that were in one of its cells and are in no experiment of its layer.
  package var lost = Share.zero
  /// Units that were in one of its cells and are in another one.
  package var betweenCells = Share.zero
  /// Units that come from another experiment of its layer, and those that go to one.
  package var fromOthers = Share.zero
  package var toOthers = Share.zero
  /// Whether its `when` is another one: the shares then are those of units for which both hold.
  package var conditionChanges = false

  package init(name: String, before: State?, after: State?) {
    self.name = name
    self.before = before
    self.after = after
  }

  /// Units whose results cannot be told from those of another arm: the experiment's figures are mixed.
  package var mixed: Share { betweenCells + fromOthers }

  package struct State: Sendable, Hashable {
    package var layer: String
    /// Enabled, and in its window.
    package var isRunning: Bool
    /// By the name of the cell, in byte order: the share of all units, outside of holdouts.
    package var cells: [Cell]

    package init(layer: String, isRunning: Bool, cells: [Cell]) {
      self.layer = layer
      self.isRunning = isRunning
      self.cells = cells
    }
  }

  package struct Cell: Sendable, Hashable {
    package var name: String
    package var share: Share

    package init(name: String, share: Share) {
      self.name = name
      self.share = share
    }
  }
}
