import Testing
import Turnout

@testable import TurnoutCompiler

/// The grammar, from which the schema and the canonical form come, and the checker know the same keys.
@Suite struct GrammarTests {
  /// Every object that the grammar reaches.
  private static let objects: [ObjectPlace] = {
    var found: [ObjectPlace] = []
    func collect(_ place: Place) {
      switch place {
      case .list(let item, _): collect(item)
      case .map(let map): collect(map.value)
      case .either(let places): places.forEach(collect)
      case .object(let object):
        found.append(object)
        for member in object.members { collect(member.place) }
        if let others = object.others { collect(others.value) }
      case .scalar, .defined, .anything, .null: break
      }
    }
    collect(.object(Grammar.document))
    for definition in Grammar.definitions { collect(definition.place) }
    return found
  }()

  @Test func everyObjectHasTheKeysThatTheCheckerTakesThere() {
    for object in Self.objects {
      let keys = object.members.map(\.key)
      #expect(Set(keys).count == keys.count, "\(object.shape.what)")
      #expect(Set(keys) == Set(object.shape.keys), "\(object.shape.what)")
      #expect(Set(object.required).isSubset(of: keys), "\(object.shape.what)")
    }
  }

  /// By the source of the shapes, so that none is left out here that is added there.
  @Test func everyShapeOfTheCheckerIsInTheGrammar() throws {
    let folder = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let path = "/\(folder)/Sources/TurnoutCompiler/Checking/Shape.swift"
    let text = String(decoding: try FileBytes.read(path, atMost: 1 << 20), as: UTF8.self)
    let declared = text.matches(of: /static let (\w+) = Shape\(\s*what: "([^"]*)"/)
    #expect(declared.count > 15)
    let known = Set(Self.objects.map(\.shape.what))
    for shape in declared { #expect(known.contains(String(shape.2)), "\(shape.1)") }
  }

  @Test func whatIsSaidOnceIsSaid() {
    func check(_ place: Place) {
      switch place {
      case .defined(let name): #expect(Grammar.definitions.contains { $0.name == name }, "\(name)")
      case .list(let item, _): check(item)
      case .map(let map): check(map.value)
      case .either(let places): places.forEach(check)
      case .object(let object):
        for member in object.members { check(member.place) }
        if let others = object.others { check(others.value) }
      case .scalar, .anything, .null: break
      }
    }
    check(.object(Grammar.document))
    for definition in Grammar.definitions { check(definition.place) }
  }

  @Test func theOrderOfAUseCaseIsThatOfThePages() {
    let keys = ["shadows", "rules", "colour", "requires", "owner"]
    let order = KeyOrder.order(keys, in: .object(Grammar.useCase)).map { keys[$0] }
    #expect(order == ["owner", "requires", "rules", "shadows", "colour"])
  }
}
