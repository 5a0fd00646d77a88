import Foundation
import Testing

/// `units_file` from the disk to the store and back.
@Suite struct UnitFileTests {
  private static let document = """
    turnout: 1
    unit: user
    attributes: { country: string, units_a: string }
    clusters: { c: { address: "10.0.0.1:80" } }
    segments:
      staff: { description: ours, units_file: lists/staff.txt }
      both: { country: US, units: [ada, "2"], units_a: x, units_file: ../shared/all.txt }
      between: { owner: us, units_a: x, units_file: lists/staff.txt }
      either: { any: [{ units_file: lists/staff.txt }, { not: { units_file: ../shared/all.txt } }] }
    models:
      m:
        v1:
          placement:
            - { when: { units_file: lists/staff.txt }, cluster: c }
            - { cluster: c }
    layers: { l: {} }
    experiments:
      e: { layer: l, when: { units_file: ../shared/all.txt }, cells: { x: {} } }
    use_cases:
      Home:
        config: { units_file: no path at all }
        rules:
          - { when: { any: [{ segment: staff }, { segment: between }] }, route: m@v1 }
          - { when: { segment: both }, route: m@v1 }
          - { when: { segment: either }, route: m@v1 }
          - { experiment: e }
          - { route: m@v1 }
        shadows: [{ name: s, model: m@v1, when: { units_file: ./lists/../lists/staff.txt } }]
    """

  private func workplace() throws -> Workplace {
    let place = try Workplace()
    try place.write(Self.document, to: "team/routing.yaml")
    try place.write("ada\r\n\r\n~\nnull\nada\n12\n - \"x\": #\né\n", to: "team/lists/staff.txt")
    try place.write("grace\nada\n" + (0..<40).map { "u_\($0)\n" }.joined(), to: "shared/all.txt")
    return place
  }

  private func digest(_ place: Workplace, _ store: String) throws -> String {
    try #require(
      try place.turnout("stat", "--json", "--store", store).json()["digest"] as? String)
  }

  @Test func theFilesStandBesideTheDocumentThatNamesThem() throws {
    let place = try workplace()
    #expect(try place.turnout("check", "team").status == 0)
    #expect(try place.turnout("publish", "team").status == 0)
    let inside = try place.bash("cd team && \"$turnout\" publish routing.yaml --store ../other")
    #expect(inside.status == 0, "\(inside.errors)")
    #expect(try digest(place, "other") == digest(place, "turnout-store"))
    #expect(try place.turnout("compile", "team", "-o", "t.table").status == 0)
  }

  @Test func withoutItsFilesARevisionIsWhole() throws {
    let place = try workplace()
    #expect(try place.turnout("publish", "team").status == 0)
    _ = try place.bash("mv team was; mv shared were")
    let refused = try place.turnout("export")
    #expect(refused.status == 1)
    #expect(refused.errors.contains("1 document and 3 files of units"))

    #expect(try place.turnout("export", "-o", "out").output.hasPrefix("out: 3 files of revision 1"))
    #expect(try place.bash("diff -r was out/team && diff -r were out/shared").status == 0)
    #expect(try place.turnout("publish", "out/team", "--store", "copy").status == 0)
    #expect(try digest(place, "copy") == digest(place, "turnout-store"))

    let pinned = try place.turnout("export", "--ranges")
    #expect(pinned.status == 0, "\(pinned.errors)")
    #expect(pinned.output.contains("units_file: no path at all"))
    #expect(!pinned.output.contains(".txt"))
    try place.write(pinned.output, to: "one.yaml")
    #expect(try place.turnout("publish", "one.yaml", "--store", "one").status == 0)
    #expect(try digest(place, "one") == digest(place, "turnout-store"))

    #expect(try place.turnout("export", "--ranges", "-o", "pins").status == 0)
    #expect(try place.turnout("publish", "pins", "--store", "two").status == 0)
    #expect(try digest(place, "two") == digest(place, "turnout-store"))
    #expect(try place.bash("cmp were/all.txt pins/units/shared/all.txt").status == 0)
  }

  @Test(arguments: [
    ("/etc/passwd", "absolute"), ("lists", "not a regular file"), ("pipe", "not a regular file"),
    ("../../../../../../../../dev/zero", "not a regular file"), ("nowhere.txt", "no such file"),
  ])
  func onlyARegularFileBesideTheDocumentIsRead(_ path: String, _ words: String) throws {
    let place = try workplace()
    _ = try place.bash("mkfifo team/pipe")
    try place.write(
      Self.document.replacing("../shared/all.txt", with: path), to: "team/routing.yaml")
    let checked = try place.turnout("check", "team/routing.yaml")
    #expect(checked.status == 1)
    #expect(checked.errors.contains(words), "\(checked.errors)")
    #expect(checked.errors.contains("team/routing.yaml:7:"))
    #expect(try place.turnout("publish", "team/routing.yaml").status == 1)
    #expect(!place.exists("turnout-store"))
  }
}
