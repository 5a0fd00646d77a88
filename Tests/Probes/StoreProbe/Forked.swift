internal import CProbe
internal import Turnout

/// A process that has a store open and forks. The child is refused what it inherited, opens the store anew and
/// writes; what it lets go of closes nothing of its parent's.
struct Forked {
  let directory: String

  private func publish(_ store: Store, _ seed: UInt64) throws -> UInt64 {
    try store.publish(
      image: ProbeImage.make(seed: seed, bytes: 500), sources: [],
      by: Signature(author: "probe", message: "", time: 1)
    ).revision
  }

  private func child(_ inherited: inout Store?) throws {
    do throws(TurnoutError) {
      _ = try inherited?.history()
      Probe.say("the child asked")
    } catch {
      Probe.say("child \(error.status.name) \(error.message)")
    }
    let own = try Store.open(directory)
    Probe.say("child published \(try publish(own, 2))")
    inherited = nil
    Probe.say("child published \(try publish(own, 3))")
  }

  func run() throws {
    var store: Store? = try Store.create(directory)
    if let store { Probe.say("parent published \(try publish(store, 1))") }
    let process = cprobe_fork()
    if process == 0 {
      do {
        try child(&store)
        cprobe_exit(0)
      } catch {
        Probe.say("child failed: \(error)")
        cprobe_exit(1)
      }
    }
    var code: Int32 = -1
    while code < 0 { code = cprobe_ended(process) }
    Probe.say("child ended \(code)")
    if let store { Probe.say("parent published \(try publish(store, 4))") }
  }
}
