internal import Turnout

/// Different salts make independent draws. Two allocations with one salt draw alike, which is meant
/// only where both say so, and never where one of them decides who is drawn by the other.
extension Checker {
  func checkSalts() {
    // Most salts are of one allocation: a list for each of them would be most of the work.
    var first: [Text: Int] = [:]
    first.reserveCapacity(allocations.count)
    var bySalt: [Text: [Int]] = [:]
    for index in allocations.indices {
      let salt = allocations[index].salt
      guard let earlier = first[salt] else {
        first[salt] = index
        continue
      }
      bySalt[salt, default: [earlier]].append(index)
    }
    for (salt, sharing) in bySalt {
      checkSalt(
        salt,
        sharing.map { allocations[$0] }.enumerated().sorted {
          $0.element.mark.precedes($1.element.mark)
            || !$1.element.mark.precedes($0.element.mark) && $0.offset < $1.offset
        }.map(\.element))
    }
  }

  /// `sharing` all have `salt`, in the order of their places.
  private func checkSalt(_ salt: Text, _ sharing: [AllocationSpec]) {
    let families = sharing.map(family)
    var sizes: [Family: Int] = [:]
    for case let family? in families { sizes[family, default: 0] += 1 }
    var first: [Family: AllocationSpec] = [:]
    for (rank, allocation) in sharing.enumerated() {
      var kin = 1
      if let family = families[rank] {
        kin = sizes[family] ?? 1
        if let other = first[family] {
          report.error(
            .sharedSalt, at: allocation.mark, alsoThat(salt, of: other),
            "\(family.law): give one another `salt`")
          continue
        }
        first[family] = allocation
      }
      guard !allocation.sharedSalt, kin < sharing.count else { continue }
      report.error(
        .sharedSalt, at: allocation.mark, alsoThat(salt, of: sharing[rank == 0 ? 1 : 0]),
        "say `shared_salt: true` at both if they should draw alike, else give one another `salt`")
    }
  }

  private func alsoThat(_ salt: Text, of other: AllocationSpec) -> String {
    "the salt \(Printable.quoted(salt.string)) is also that of"
      + " \(other.kind.what) `\(other.owner)` at \(report.place(other.mark))"
  }

  /// Allocations that cannot share a salt, whatever they say.
  private enum Family: Hashable {
    /// The layer and the cells of its experiments.
    case layer(String)
    case placement(String)

    var law: String {
      switch self {
      case .layer: "a layer and each of its experiments draw independently"
      case .placement: "each split of clusters in one placement draws independently"
      }
    }
  }

  private func family(_ allocation: AllocationSpec) -> Family? {
    switch allocation.kind {
    case .layer: .layer(allocation.owner)
    case .cells: experimentLayers[allocation.owner].map { .layer($0) }
    case .placement: .placement(allocation.owner)
    case .split, .holdout, .sample, .shards: nil
    }
  }
}

extension AllocationKind {
  /// What stands before the colon in the default salt.
  var saltPrefix: String {
    switch self {
    case .split: "split"
    case .layer: "layer"
    case .cells: "cells"
    case .holdout: "holdout"
    case .sample: "shadow"
    case .placement: "placement"
    case .shards: "shards"
    }
  }

  /// For messages.
  var what: String {
    switch self {
    case .split: "the split"
    case .layer: "the layer"
    case .cells: "the cells of"
    case .holdout: "the holdout"
    case .sample: "the sample of the shadow"
    case .placement: "the placement of"
    case .shards: "the shards of"
    }
  }
}
