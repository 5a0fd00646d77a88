/// Whether formulas contradict each other, by narrowing what each subject may be, alternative by
/// alternative. Where it says so they do; where it does not they may all the same: steps, depth and what
/// is known of texts are bounded.
struct Refutation {
  /// Looks at one test of one formula, for one question and in all.
  static let stepsMax = 20_000
  static let stepsInAllMax = 1_000_000
  /// Alternatives within alternatives.
  static let depthMax = 48

  private(set) var stepsInAll = 0
  private var stepsLeft = 0

  /// What each subject may be; those that are not there may be anything.
  typealias State = [Formula.Subject: ValueSet]

  /// True: for no request within `state` all the formulas are true. False: that is not known.
  mutating func contradict(_ formulas: [Formula], within state: State = [:]) -> Bool {
    stepsLeft = min(Self.stepsMax, Self.stepsInAllMax - stepsInAll)
    guard stepsLeft > 0 else { return false }
    let given = stepsLeft
    defer { stepsInAll += given - stepsLeft }
    return refute(formulas, alternatives: [], state, depth: 0)
  }

  /// Counts what others spent to make the formulas.
  mutating func spend(_ steps: Int) { stepsInAll += steps }

  private mutating func refute(
    _ facts: [Formula], alternatives: [[Formula]], _ state: State, depth: Int
  ) -> Bool {
    var (facts, alternatives, state) = (facts, alternatives, state)
    repeat {
      while let fact = facts.popLast() {
        switch fact {
        case .literal(let subject, let set):
          let narrowed = narrowed(subject, set, state)
          if narrowed.isEmpty { return true }
          state[subject] = narrowed
        case .all(let parts): facts += parts
        case .any(let parts): alternatives.append(parts)
        }
      }
      var left: [[Formula]] = []
      for parts in alternatives {
        switch simplified(parts, state) {
        case .met: break
        case .open(let parts) where parts.isEmpty: return true
        case .open(let parts) where parts.count == 1: facts += parts
        case .open(let parts): left.append(parts)
        }
      }
      alternatives = left
    } while !facts.isEmpty

    guard depth < Self.depthMax, stepsLeft > 0,
      let choice = alternatives.indices.min(by: { alternatives[$0].count < alternatives[$1].count })
    else { return false }
    let parts = alternatives.remove(at: choice)
    for part in parts {
      guard refute([part], alternatives: alternatives, state, depth: depth + 1) else {
        return false
      }
    }
    return true
  }

  private enum Simplified {
    case met
    case open([Formula])
  }

  /// An alternative without the parts that are false; those that say of one subject which values it
  /// may have, as one.
  private mutating func simplified(_ parts: [Formula], _ state: State) -> Simplified {
    var open: [Formula] = []
    for part in parts {
      switch truth(of: part, state) {
      case true: return .met
      case false: continue
      case nil: break
      }
      if case .literal(let subject, let set) = part,
        let known = open.firstIndex(where: { $0.subject == subject }),
        case .literal(_, let other) = open[known], let union = set.union(other, of: subject.test)
      {
        open[known] = .literal(subject, union)
      } else {
        open.append(part)
      }
    }
    return .open(open)
  }

  private mutating func truth(of formula: Formula, _ state: State) -> Bool? {
    guard stepsLeft > 0 else { return nil }
    switch formula {
    case .literal(let subject, let set):
      let narrowed = narrowed(subject, set, state)
      if narrowed.isEmpty { return false }
      let before = state[subject] ?? ValueSet(allOf: subject.test, canBeMissing: true)
      return narrowed == before ? true : nil
    case .all(let parts):
      var isTrue = true
      for part in parts {
        switch truth(of: part, state) {
        case false: return false
        case nil: isTrue = false
        case true: break
        }
      }
      return isTrue ? true : nil
    case .any(let parts):
      var isFalse = true
      for part in parts {
        switch truth(of: part, state) {
        case true: return true
        case nil: isFalse = false
        case false: break
        }
      }
      return isFalse ? false : nil
    }
  }

  private mutating func narrowed(
    _ subject: Formula.Subject, _ set: ValueSet, _ state: State
  ) -> ValueSet {
    guard let before = state[subject] else {
      stepsLeft -= 1
      return set
    }
    stepsLeft -= 1 + (set.size + before.size) / 16
    return before.intersection(set)
  }
}

extension Formula {
  fileprivate var subject: Subject? {
    if case .literal(let subject, _) = self { subject } else { nil }
  }
}
