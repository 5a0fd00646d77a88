import Foundation

/// Runs one scenario in this process: `SnapshotProbe SCENARIO [ARGUMENT…]`. Prints what it saw and
/// ends with 0, or says what went wrong and ends with 1. A crash is a use after reclaiming.
let arguments = Array(CommandLine.arguments.dropFirst())
let scenario = arguments.first ?? ""

func argument(_ index: Int, _ fallback: Int) -> Int {
  index < arguments.count ? Int(arguments[index]) ?? fallback : fallback
}

do {
  switch scenario {
  case "race": try race(seconds: argument(1, 2), threads: argument(2, 3), lines: argument(3, 0))
  case "overlay": try overlayRace(seconds: argument(1, 2), threads: argument(2, 3))
  case "views": try viewRace(seconds: argument(1, 2))
  case "read":
    try read(arguments.count > 1 ? arguments[1] : "", argument(2, 2), seconds: argument(3, 2))
  case "processes": try processes(seconds: argument(1, 4))
  case "namespaces": try namespaces(seconds: argument(1, 3))
  case "latency":
    try latency()
    try overlayLatency()
  case "switch": try switchForLatency(arguments.count > 1 ? arguments[1] : "")
  case "publish":
    try publishForLatency(arguments.count > 1 ? arguments[1] : "", words: argument(2, 512))
  case "threads": try threadsThatComeAndGo(argument(1, 5000))
  case "fork": try forks(rounds: argument(1, 20))
  case "inherited": try inheritance()
  case "instructions": try instructions()
  case "lineless": try lineless()
  case "moments": try moments()
  case "refused": try refusals()
  case "signals": try signals(seconds: argument(1, 2))
  case "close": try closing(rounds: argument(1, 200))
  default: throw ProbeFailure("no such scenario: \(scenario)")
  }
} catch {
  print("FAILED \(scenario): \(error)")
  exit(1)
}
