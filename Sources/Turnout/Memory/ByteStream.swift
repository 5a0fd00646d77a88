internal import Glibc

/// Bytes that come or go one after another: a standard stream of the process, or a file, pipe or
/// device that is read once from its start.
package struct ByteStream: ~Copyable, Sendable {
  package let name: String
  private let descriptor: Int32
  private let isOwned: Bool

  private init(_ name: String, _ descriptor: Int32, isOwned: Bool) {
    self.name = name
    self.descriptor = descriptor
    self.isOwned = isOwned
  }

  deinit {
    if isOwned { _ = Glibc.close(descriptor) }
  }

  package static var standardInput: ByteStream { ByteStream("standard input", 0, isOwned: false) }
  package static var standardOutput: ByteStream { ByteStream("standard output", 1, isOwned: false) }
  package static var standardError: ByteStream { ByteStream("standard error", 2, isOwned: false) }

  /// Opens what is at `path` for reading; a pipe waits for its writer.
  package static func open(_ path: String) throws(TurnoutError) -> ByteStream {
    try File.checkPath(path)
    // SAFETY: the path is passed as a terminated text for the call.
    let descriptor = retrying { unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else { throw TurnoutError(reading: path, errno: errno) }
    return ByteStream(path, descriptor, isOwned: true)
  }

  package var isTerminal: Bool { isatty(descriptor) == 1 }

  /// Waits for bytes and puts them at the start of `buffer`; their number, 0 at the end.
  package func read(into buffer: inout [UInt8]) throws(TurnoutError) -> Int {
    while true {
      // SAFETY: the array lends its storage for the call, and its own count bounds the read.
      let count = unsafe buffer.withUnsafeMutableBytes { buffer in
        unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      }
      if count >= 0 { return count }
      let code = errno
      if code == EAGAIN { wait(for: POLLIN) }
      if code != EINTR && code != EAGAIN { throw TurnoutError(reading: name, errno: code) }
    }
  }

  /// Writes all of `bytes`. `.closed` where whoever read the stream has gone.
  package func write(_ bytes: [UInt8]) throws(TurnoutError) {
    var written = 0
    while written < bytes.count {
      // SAFETY: the array is readable for its count, of which the first `written` are left out.
      let put = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Glibc.write(
          descriptor, buffer.baseAddress.map { unsafe $0 + written }, buffer.count - written)
      }
      if put >= 0 {
        written += put
        continue
      }
      let code = errno
      if code == EAGAIN { wait(for: POLLOUT) }
      if code == EPIPE { throw TurnoutError(.closed, "Nobody reads \(name) any more.") }
      if code != EINTR && code != EAGAIN { throw .system(code, "write to \(name)") }
    }
  }

  /// A stream that another program has made non-blocking is waited for.
  private func wait(for events: Int32) {
    var entry = pollfd(fd: descriptor, events: Int16(truncatingIfNeeded: events), revents: 0)
    // SAFETY: one entry, which outlives the call.
    _ = unsafe poll(&entry, 1, -1)
  }

  /// From now on, writing to a pipe that nobody reads is an error and not the process's end.
  package static func ignoreBrokenPipes() {
    _ = signal(SIGPIPE, SIG_IGN)
  }
}
