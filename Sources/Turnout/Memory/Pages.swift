internal import Glibc

/// Anonymous memory in whole pages, blank at first.
enum Pages {
  /// The system's page size in bytes.
  static var size: Int { Int(getpagesize()) }

  /// MADV_WIPEONFORK, which Swift's Glibc does not have.
  private static let wipeOnForkAdvice: Int32 = 18

  /// Rounds up to whole pages. `bytes` is a constant of this engine, never data.
  static func rounded(_ bytes: Int) -> Int { (bytes &+ size &- 1) / size &* size }

  /// Maps `bytes` of blank memory, or nil if the system has none. With `wipedOnFork`, a forked child
  /// finds the pages blank again.
  static func map(_ bytes: Int, wipedOnFork: Bool) -> UInt? {
    // SAFETY: an anonymous mapping at an address of the kernel's choice touches nobody's memory.
    guard
      let start = unsafe mmap(
        nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      unsafe start != UnsafeMutableRawPointer(bitPattern: -1)
    else { return nil }
    // SAFETY: the range was mapped just above and nobody else has it.
    if wipedOnFork, unsafe madvise(start, bytes, wipeOnForkAdvice) != 0 {
      // SAFETY: as above.
      unsafe munmap(start, bytes)
      return nil
    }
    return UInt(bitPattern: start)
  }

  /// Marks part of a mapping as blank in a forked child. False: the system refused.
  static func wipeOnFork(_ start: UInt, _ bytes: Int) -> Bool {
    // SAFETY: the caller mapped the range with `map`; nothing changes in this process.
    unsafe madvise(UnsafeMutableRawPointer(bitPattern: start), bytes, wipeOnForkAdvice) == 0
  }

  /// Gives pages back that `map` returned.
  static func unmap(_ start: UInt, _ bytes: Int) {
    // SAFETY: the caller mapped the range and holds the last use of it.
    unsafe munmap(UnsafeMutableRawPointer(bitPattern: start), bytes)
  }

  /// Makes every later access to the pages that `bytes` from `start` touch a crash: for tests that
  /// look for uses after reclaiming.
  static func forbid(_ start: UInt, _ bytes: Int) {
    let page = UInt(size)
    let first = start / page &* page
    let end = (start &+ UInt(bytes) &+ page &- 1) / page &* page
    // SAFETY: the range belongs to the caller, who gives up every use of it.
    unsafe mprotect(UnsafeMutableRawPointer(bitPattern: first), Int(end &- first), PROT_NONE)
  }

  /// Writes a value at an offset of a mapping of the caller's, inside it.
  static func put<Value: BitwiseCopyable>(_ start: UInt, _ offset: Int, _ value: Value) {
    // SAFETY: the range belongs to the caller, who has shown it to nobody yet.
    if let start = unsafe UnsafeMutableRawPointer(bitPattern: start) {
      // SAFETY: as above.
      unsafe start.storeBytes(of: value, toByteOffset: offset, as: Value.self)
    }
  }

  /// Overwrites `bytes` from `start`.
  static func fill(_ start: UInt, _ bytes: Int, _ byte: UInt8) {
    // SAFETY: the range belongs to the caller, who gives up every use of its contents.
    if let start = unsafe UnsafeMutableRawPointer(bitPattern: start) {
      // SAFETY: as above.
      unsafe memset(start, Int32(byte), bytes)
    }
  }
}
