import CProbe
import Foundation
import StatedStore
import Turnout

struct ProbeFailure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

func require(_ holds: Bool, _ what: @autoclosure () -> String) throws {
  if !holds { throw ProbeFailure(what()) }
}

/// A folder that is removed when the closure ends.
func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = NSTemporaryDirectory() + "turnout-probe-" + UUID().uuidString
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  return try body(folder)
}

/// A value that threads take turns with. The thread sanitizer knows this lock, and not `Mutex`'s.
final class Shared<Value>: @unchecked Sendable {
  private let lock = NSLock()
  private var value: Value
  init(_ value: Value) { self.value = value }

  func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
    lock.lock()
    defer { lock.unlock() }
    return try body(&value)
  }
}

/// Threads that run at once; the first failure is thrown by `join`.
final class Crew: Sendable {
  private let threads = Shared<[pthread_t]>([])
  private let failure = Shared<String?>(nil)

  private final class Work: Sendable {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// By pthreads alone: Foundation's threads take locks that a fork may have left held for ever.
  func start(_ count: Int, _ body: @escaping @Sendable () throws -> Void) {
    for _ in 0..<count {
      let work = Work { [failure] in
        do { try body() } catch { failure.withLock { $0 = $0 ?? "\(error)" } }
      }
      var thread = pthread_t()
      let started = unsafe pthread_create(
        &thread, nil,
        { work in
          guard let work = unsafe work else { return nil }
          unsafe Unmanaged<Work>.fromOpaque(work).takeRetainedValue().body()
          return nil
        }, unsafe Unmanaged.passRetained(work).toOpaque())
      if started == 0 {
        threads.withLock { $0.append(thread) }
      } else {
        failure.withLock { $0 = "no thread could be started: \(started)" }
      }
    }
  }

  func join() throws {
    let started = threads.withLock { threads in
      defer { threads = [] }
      return threads
    }
    for thread in started { pthread_join(thread, nil) }
    if let failure = failure.withLock({ $0 }) { throw ProbeFailure(failure) }
  }
}

/// Starts this program, or another one, with the arguments.
func spawn(_ arguments: [String]) throws -> Process {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = arguments
  try process.run()
  return process
}

/// Waits for the end of a program: its exit status, or 1000 + the signal that ended it.
func wait(_ process: Process) -> Int32 {
  process.waitUntilExit()
  let status = process.terminationStatus
  return process.terminationReason == .uncaughtSignal ? 1000 + status : status
}

func end(_ process: Process) {
  cprobe_kill(process.processIdentifier)
  _ = wait(process)
}

/// The path of this program.
let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""

func now() -> Double { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }

/// Reads once: false if there is nothing to read. Throws if what was read was not of one revision.
@inline(__always)
func readOnce(_ core: CoreReference, words: Int, seen: inout UInt64) throws -> Bool {
  let reading = core.enter()
  defer { reading.leave() }
  guard reading.status == .ok else {
    try require(reading.status == .noTable, "a reading was refused: \(reading.status)")
    return false
  }
  reading.count(.resolves)
  seen = reading.snapshot.value.revision
  try require(
    reading.snapshot.isWhole(words: words), "a table states another revision than its own")
  return true
}

/// Waits for the end of a forked child: its exit status, or 1000 + the signal that ended it. One that
/// does not end is ended.
func end(ofChild child: Int32) -> Int32 {
  let deadline = now() + 60
  var result: Int32 = -1
  while result < 0, now() < deadline {
    usleep(200)
    result = cprobe_ended(child)
  }
  if result < 0 { cprobe_kill(child) }
  return result
}

/// Runs `body` in this process, a child that has just been forked, and ends it.
func endChild(after body: () throws -> Void) -> Never {
  var code: Int32 = 0
  do { try body() } catch {
    print("child: \(error)")
    code = 1
  }
  fflush(nil)
  cprobe_exit(code)
}

/// Runs `body` in a forked child, and waits for its end.
func inChild(_ what: String, _ body: () throws -> Void) throws {
  let child = cprobe_fork()
  if child == 0 { endChild(after: body) }
  let result = end(ofChild: child)
  try require(result == 0, "\(what): the child ended with \(result)")
}

/// Changes a byte in the middle of a file, whatever its permissions.
func damage(_ path: String) throws {
  let place = URL(fileURLWithPath: path)
  var bytes = try Data(contentsOf: place)
  bytes[bytes.count / 2] ^= 1
  try FileManager.default.removeItem(at: place)
  try bytes.write(to: place)
}
