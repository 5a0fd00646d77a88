import Glibc
import Testing

/// A program that a test runs beside itself. Its output goes to a file, so that it never blocks.
struct Child {
  let process: pid_t
  private let output: String

  struct Ended {
    /// Nil if a signal ended it.
    var exit: Int32?
    var signal: Int32?
    var lines: [String]
    var last: String { lines.last ?? "" }
  }

  /// The path of a program that is built with the tests.
  static func path(of program: String) -> String {
    let own = (try? TemporaryFolder.target(ofLink: "/proc/self/exe")) ?? ""
    return own.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      .joined(separator: "/") + "/" + program
  }

  static func start(_ program: String, _ arguments: [String], in folder: String) throws -> Child {
    let output = "\(folder)/output-\(UInt64.random(in: .min ... .max))"
    var process: pid_t = 0
    // SAFETY: the actions and texts live until the call is over, and are freed once.
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(
      &actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0o666)
    unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)
    var texts: [UnsafeMutablePointer<CChar>?] = unsafe ([program] + arguments).map {
      unsafe strdup($0)
    }
    unsafe texts.append(nil)
    defer { for index in unsafe texts.indices { unsafe free(texts[index]) } }
    let code = unsafe posix_spawnp(&process, program, &actions, nil, texts, environ)
    try #require(code == 0, "cannot start \(program)")
    return Child(process: process, output: output)
  }

  static func probe(_ arguments: [String], in folder: String) throws -> Child {
    try start(path(of: "StoreProbe"), arguments, in: folder)
  }

  func lines() throws -> [String] {
    try TemporaryFolder.text(output).split(separator: "\n").map(String.init)
  }

  func wait() throws -> Ended {
    var status: Int32 = 0
    // SAFETY: the result outlives the call.
    while unsafe waitpid(process, &status, 0) < 0 {
      try #require(errno == EINTR)
    }
    let signal = status & 0x7f
    let lines = try lines()
    _ = unsafe unlink(output)
    return Ended(
      exit: signal == 0 ? (status >> 8) & 0xff : nil, signal: signal == 0 ? nil : signal,
      lines: lines)
  }

  func killAndWait() throws -> Ended {
    kill(process, SIGKILL)
    return try wait()
  }
}
