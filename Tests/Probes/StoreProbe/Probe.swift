internal import Glibc
internal import Turnout

/// `StoreProbe VERB DIRECTORY …`: one process's part in a test. The last line of output is the
/// answer; a failure is `error STATUS MESSAGE` and exit status 1.
@main
enum Probe {
  static func main() {
    var arguments = Array(CommandLine.arguments.dropFirst())
    do {
      guard arguments.count >= 2 else {
        throw TurnoutError(.invalidArgument, "usage: StoreProbe VERB DIRECTORY …")
      }
      let verb = arguments.removeFirst()
      let directory = arguments.removeFirst()
      switch verb {
      case "publish": try publish(directory, arguments)
      case "set": try set(directory, arguments)
      case "churn": try churn(directory, arguments)
      case "read": try read(directory)
      case "read-as-nobody": try readAsNobody(directory)
      case "write-as-nobody": try writeAsNobody(directory)
      case "create": _ = try Store.create(directory)
      case "await-bell": try awaitBell(directory)
      case "measure": try measure(directory)
      case "fill": try FullDisk(directory: directory).run()
      case "starve": try Starved(directory: directory).run()
      case "fork": try Forked(directory: directory).run()
      case "examine-as-nobody": try examineAsNobody(directory)
      default: throw TurnoutError(.invalidArgument, "no verb \(verb)")
      }
    } catch let error as TurnoutError {
      say("error \(error.status.name) \(error.message)")
      exit(1)
    } catch {
      say("error \(error)")
      exit(1)
    }
  }

  /// Writes a line at once, so that it is out before this process is killed.
  static func say(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    // SAFETY: the array is readable for its count during the call.
    _ = unsafe write(1, bytes, bytes.count)
  }

  private static func number(_ arguments: [String], _ index: Int) -> UInt64 {
    arguments.indices.contains(index) ? UInt64(arguments[index]) ?? 0 : 0
  }

  /// SEED BYTES [STEP]: publishes; killed after STEP, if given.
  private static func publish(_ directory: String, _ arguments: [String]) throws {
    let fatal = arguments.count > 2 ? Store.Step(rawValue: arguments[2]) : nil
    let options = Store.Options(keep: 4) { step in
      if step == fatal { kill(getpid(), SIGKILL) }
    }
    let store = try Store.open(directory, options: options)
    let result = try store.publish(
      image: ProbeImage.make(seed: number(arguments, 0), bytes: Int(number(arguments, 1))),
      sources: Array("sources".utf8), by: Signature(author: "probe", message: "", time: 1))
    say("published \(result.revision)")
  }

  /// NAME STATE [STEP]: sets a cluster's state; killed after STEP, if given.
  private static func set(_ directory: String, _ arguments: [String]) throws {
    let fatal = arguments.count > 2 ? Store.Step(rawValue: arguments[2]) : nil
    let options = Store.Options(keep: 4) { step in
      if step == fatal { kill(getpid(), SIGKILL) }
    }
    guard arguments.count >= 2,
      let state = OverlayEntry.State.allCases.first(where: { $0.name == arguments[1] })
    else { throw TurnoutError(.invalidArgument, "usage: set DIRECTORY NAME STATE [STEP]") }
    let entry = OverlayEntry(kind: .cluster, state: state, name: arguments[0])
    let result = try Store.open(directory, options: options).write { transaction in
      try transaction.set([entry], by: Signature(author: "probe", message: "", time: 1))
    }
    say("set \(result.generation)")
  }

  /// SEED: publishes, stages, activates and rolls back until killed; says each after it is done.
  private static func churn(_ directory: String, _ arguments: [String]) throws {
    let store = try Store.open(directory, options: Store.Options(keep: 4))
    var random = number(arguments, 0)
    func draw(_ bound: UInt64) -> UInt64 {
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (random >> 33) % bound
    }
    while true {
      let signature = Signature(author: "probe \(getpid())", message: "", time: 1)
      switch draw(12) {
      case 10...11:
        let states: [OverlayEntry.State] = [.up, .draining, .down]
        let entry = OverlayEntry(
          kind: .cluster, state: states[Int(draw(3))], name: "c\(draw(4))")
        _ = try? store.write { try $0.set([entry], by: signature) }
      case 0: _ = try? store.rollback(by: signature)
      case 1:
        let all = try store.revisions()
        if let some = all.randomElement() { _ = try? store.activate(some.number, by: signature) }
      case let choice:
        let image = ProbeImage.make(seed: draw(1 << 30), bytes: 64 + Int(draw(60_000)))
        let result = try store.publish(
          image: image, sources: [], action: choice < 4 ? .stage : .publish, by: signature)
        say("published \(result.revision) \(result.digest)")
      }
    }
  }

  private static func read(_ directory: String) throws {
    guard let head = try Head.read(directory: directory) else { return say("empty") }
    let table = try FrozenTable.open(
      directory: directory, revision: head.revision, expecting: head.seal)
    guard ProbeImage.digest(table.image) == head.imageDigest else {
      throw TurnoutError(.corrupt, "the image is not the one that head names")
    }
    say("head \(head.revision) \(head.imageDigest)")
    table.unmap()
  }

  /// Says how long publishing and opening take, in the median of nine, for tables of 1, 5 and 50 MB.
  private static func measure(_ directory: String) throws {
    let clock = ContinuousClock()
    let store = try Store.create(directory, options: Store.Options(keep: 2))
    var seed: UInt64 = 0
    for bytes in [1_000_000, 5_000_000, 50_000_000] {
      var publish: [Duration] = []
      var open: [Duration] = []
      for _ in 0..<9 {
        seed += 1
        let image = ProbeImage.make(seed: seed, bytes: bytes)
        publish.append(
          try clock.measure {
            _ = try store.publish(
              image: image, sources: [], by: Signature(author: "", message: "", time: 0))
          })
        guard let head = try Head.read(directory: directory) else { return }
        open.append(
          try clock.measure {
            try FrozenTable.open(
              directory: directory, revision: head.revision, expecting: head.seal
            ).unmap()
          })
      }
      say("\(bytes) bytes: publish \(publish.sorted()[4]), open \(open.sorted()[4])")
    }
    let head = try clock.measure {
      for _ in 0..<1000 { _ = try Head.read(directory: directory) }
    }
    say("head read \(head / 1000)")
  }

  private static func becomeNobody() throws {
    guard setgroups(0, nil) == 0, setgid(65_534) == 0, setuid(65_534) == 0 else {
      throw TurnoutError(.permissionDenied, "these tests run as root")
    }
  }

  private static func readAsNobody(_ directory: String) throws {
    try becomeNobody()
    try read(directory)
  }

  private static func writeAsNobody(_ directory: String) throws {
    try becomeNobody()
    _ = try Store.open(directory)
  }

  private static func examineAsNobody(_ directory: String) throws {
    try becomeNobody()
    let examination = try StoreExamination(directory)
    for finding in examination.findings { say("found \(finding.place) \(finding.message)") }
    for note in examination.notes { say("note \(note)") }
    say("tables \(examination.tables)")
  }

  /// Says `waiting`, then whether the bell rang within ten seconds.
  private static func awaitBell(_ directory: String) throws {
    guard let bell = Bell.open(directory: directory) else { return say("no bell") }
    let value = bell.value
    say("waiting")
    say("bell \(bell.wait(while: value, timeoutMilliseconds: 10_000))")
  }
}
