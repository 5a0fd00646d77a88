/// In which order the canonical form has the keys of a mapping, by the place that it stands in.
enum KeyOrder {
  /// The numbers of `keys` in their new order: those of the language as the grammar has them, what it
  /// does not know behind them. Names that documents choose stay as they are, those of attributes in a
  /// condition too.
  static func order(_ keys: [String], in place: Place?) -> [Int] {
    guard case .object(let object)? = place, object.others == nil else {
      return Array(keys.indices)
    }
    func rank(_ index: Int) -> Int {
      object.members.firstIndex { $0.key == keys[index] } ?? object.members.count
    }
    return keys.indices.sorted { (rank($0), $0) < (rank($1), $1) }
  }

  /// What may stand under a key of the mapping in `place`.
  static func value(of key: String, in place: Place?) -> Place? {
    switch place {
    case .object(let object)?:
      mapping(object.member(key)?.place ?? object.others?.value)
    case .map(let map)?: mapping(map.value)
    default: nil
    }
  }

  /// What may stand in the list that a place allows.
  static func item(of place: Place?) -> Place? {
    guard
      let list = alternatives(place).lazy.compactMap({ place -> Place? in
        if case .list(let item, _) = place { item } else { nil }
      }).first
    else { return nil }
    return mapping(list)
  }

  /// The place as that of a mapping, if it can be one; else as it is, for its lists.
  private static func mapping(_ place: Place?) -> Place? {
    let alternatives = alternatives(place)
    return alternatives.first {
      switch $0 {
      case .object, .map: true
      default: false
      }
    }
      ?? alternatives.first {
        if case .list = $0 { true } else { false }
      }
  }

  private static func alternatives(_ place: Place?) -> [Place] {
    switch place {
    case nil: []
    case .defined(let name)?:
      alternatives(Grammar.definitions.first { $0.name == name }?.place)
    case .either(let places)?: places.flatMap { alternatives($0) }
    case let place?: [place]
    }
  }
}
