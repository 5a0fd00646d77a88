/// `similar-names`: two things of one kind whose names are mistaken for each other.
extension Warnings {
  func checkNames() {
    check("units", document.units.map { ($0.name, $0.mark) })
    check("attributes", document.attributes.map { ($0.name, $0.mark) })
    check("segments", document.segments.map { ($0.name, $0.mark) })
    check("clusters", document.clusters.map { ($0.name, $0.mark) })
    check("models", document.models.map { ($0.name, $0.mark) })
    for model in document.models {
      check("versions of one model", model.versions.map { ($0.name, $0.mark) })
    }
    check("layers", document.layers.map { ($0.name, $0.mark) })
    check("holdouts", document.holdouts.map { ($0.name, $0.mark) })
    check("experiments", document.experiments.map { ($0.name, $0.mark) })
    for experiment in document.experiments {
      check("cells of one experiment", experiment.cells.map { ($0.name, $0.mark) })
    }
    check("use cases", document.useCases.map { ($0.name, $0.mark) })
  }

  /// Said at the one that stands further down; either may allow it.
  private func check(_ kind: String, _ names: [(name: String, mark: SourceMark)]) {
    guard names.count > 1 else { return }
    for (one, other) in SimilarNames(names.map(\.name)).pairs {
      let isInOrder = names[one].mark.precedes(names[other].mark)
      let (first, second) = isInOrder ? (names[one], names[other]) : (names[other], names[one])
      if isAllowed(.similarNames, at: first.mark) { continue }
      warn(
        .similarNames, at: second.mark,
        "two \(kind) are called `\(second.name)` and `\(first.name)`, which is easily mistaken",
        "the other one is at \(report.place(first.mark)); if one is a slip, mend it, else rename it"
      )
    }
  }
}
