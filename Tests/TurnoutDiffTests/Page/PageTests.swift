import Foundation
import Testing
import Turnout

@testable import TurnoutDiff

@Suite struct PageTests {
  @Test func show() throws {
    guard let folder = ProcessInfo.processInfo.environment["PAGE_OUT"] else { return }
    func write(_ difference: TableDifference, _ name: String) throws {
      let start = ContinuousClock.now
      let text = DifferencePage(difference).text
      print(name, text.utf8.count, ContinuousClock.now - start)
      try text.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
    }
    try write(PageExample.usual, "usual.html")
    var none = PageExample.usual
    none.useCases = []
    none.experiments = []
    none.unchangedCount = 14
    none.loads = none.loads.filter { $0.cluster == "fraud" }
    try write(none, "none.html")
    var many = PageExample.usual
    many.useCases = (0..<10_000).map { number in
      var useCase = PageExample.usual.useCases[1]
      useCase.name = "UseCase\(number)"
      if number % 7 != 0 {
        useCase.classes[0] = ClassDifference(
          circumstances: "production, nothing else given", basis: .arithmetic,
          flows: PageExample.flows(
            (PageExample.endpoint("v1", "watch"), PageExample.endpoint("v1", "watch")),
            [
              (
                PageExample.endpoint("v1", "watch"), PageExample.endpoint("v2", "watch-next"),
                Double(number % 5_000) / 100
              )
            ]))
      }
      return useCase
    }
    try write(many, "many.html")
  }
}
