/// The JSON Schema of the routing document, 2020-12, for editors. Of that edition it uses only `$defs`:
/// all other words are those of draft 7, which is what many editors know.
package enum Schema {
  package static var text: String {
    JSONPage.text(root, expanding: 2)
  }

  static var root: Node {
    var schema: Node = [
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "title": "Turnout routing document",
      "description": .text(
        "Which model version on which cluster answers a request. `turnout schema` prints this; "
          + "`turnout check` finds what a schema cannot."),
    ]
    add(.object(Grammar.document), to: &schema)
    schema.set(
      "$defs",
      .mapping(
        Grammar.definitions.map { entry($0.name, $0.place, $0.purpose) }))
    return schema
  }

  private static func entry(_ key: String, _ place: Place, _ purpose: String) -> Node.Entry {
    var written: Node = ["description": .text(purpose)]
    add(place, to: &written)
    return Node.Entry(key: key, keyMark: written.mark, value: written)
  }

  private static func of(_ place: Place) -> Node {
    var schema: Node = [:]
    add(place, to: &schema)
    return schema
  }

  private static func add(_ place: Place, to schema: inout Node) {
    switch place {
    case .scalar(let kind): schema.set(all: kind.schema)
    case .list(let item, let count):
      schema.set("type", "array")
      schema.set("items", of(item))
      if count.lowerBound > 0 { schema.set("minItems", .number(count.lowerBound)) }
      schema.set("maxItems", .number(count.upperBound))
    case .map(let map):
      schema.set("type", "object")
      add(map, to: &schema)
    case .object(let object): add(object, to: &schema)
    case .either(let places): schema.set("anyOf", .list(places.map(of)))
    case .defined(let name): schema.set("$ref", .text("#/$defs/\(name)"))
    case .anything: break
    case .null: schema.set("type", "null")
    }
  }

  private static func add(_ map: MapPlace, to schema: inout Node) {
    if let keys = map.keys.keySchema { schema.set("propertyNames", keys) }
    schema.set("additionalProperties", of(map.value))
    if map.count.lowerBound > 0 { schema.set("minProperties", .number(map.count.lowerBound)) }
    if map.count.upperBound < Int.max { schema.set("maxProperties", .number(map.count.upperBound)) }
  }

  private static func add(_ object: ObjectPlace, to schema: inout Node) {
    schema.set("type", "object")
    schema.set(
      "properties", .mapping(object.members.map { entry($0.key, $0.place, $0.purpose) }))
    if !object.required.isEmpty {
      schema.set("required", .list(object.required.map { .text($0) }))
    }
    if let others = object.others {
      add(others, to: &schema)
    } else {
      schema.set("additionalProperties", false)
    }
    if !object.laws.isEmpty { schema.set("allOf", .list(object.laws.flatMap(schemas))) }
  }

  private static func schemas(_ law: Law) -> [Node] {
    func have(_ keys: [String]) -> Node { ["required": .list(keys.map { .text($0) })] }
    switch law {
    case .exactlyOne(let keys): return [["oneOf": .list(keys.map { have([$0]) })]]
    case .atLeastOne(let keys): return [["anyOf": .list(keys.map { have([$0]) })]]
    case .only(let keys, let owner): return keys.map { ["if": have([$0]), "then": have([owner])] }
    case .never(let keys, let other):
      return keys.map { ["if": have([other]), "then": ["not": have([$0])]] }
    case .needs(let key, let owner): return [["if": have([owner]), "then": have([key])]]
    }
  }
}
