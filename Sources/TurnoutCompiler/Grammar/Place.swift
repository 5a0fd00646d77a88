/// What may stand in one place of a routing document. The schema for editors is written from it, and
/// the canonical form takes from it the order of keys. What a document means, and all that two places
/// must agree in, is the checker's.
indirect enum Place: Sendable {
  case scalar(ScalarKind)
  case list(of: Place, count: ClosedRange<Int>)
  /// A mapping from names that the document chooses.
  case map(MapPlace)
  /// A mapping with keys of the language.
  case object(ObjectPlace)
  case either([Place])
  /// Said once under this name: see `Grammar.definitions`.
  case defined(String)
  /// Anything, as in a config.
  case anything
  /// Nothing, where nothing has a meaning.
  case null

  static func map(_ keys: ScalarKind, of value: Place, count: ClosedRange<Int>) -> Place {
    .map(MapPlace(keys: keys, value: value, count: count))
  }
}

struct MapPlace: Sendable {
  var keys: ScalarKind
  var value: Place
  var count: ClosedRange<Int>
}

struct ObjectPlace: Sendable {
  let shape: Shape
  /// In the order of the canonical form.
  let members: [Member]
  let required: [String]
  /// What is under keys that the document chooses, where it may choose some; and how many.
  var others: MapPlace?
  /// Keys that stand only beside others, and the like.
  let laws: [Law]

  init(
    _ shape: Shape, required: [String] = [], others: MapPlace? = nil, laws: [Law] = [],
    _ members: [Member]
  ) {
    self.shape = shape
    self.members = members
    self.required = required
    self.others = others
    self.laws = laws
  }

  func member(_ key: String) -> Member? { members.first { $0.key == key } }
}

/// One key of an object, and what it is for.
struct Member: Sendable {
  let key: String
  let place: Place
  let purpose: String

  init(_ key: String, _ place: Place, _ purpose: String) {
    self.key = key
    self.place = place
    self.purpose = purpose
  }
}

/// What keys of one object have to do with each other.
enum Law: Sendable {
  case exactlyOne([String])
  case atLeastOne([String])
  /// These stand only where that key does.
  case only([String], with: String)
  /// These do not stand where that key does.
  case never([String], with: String)
  /// Where that key stands, this one does.
  case needs(String, with: String)
}
