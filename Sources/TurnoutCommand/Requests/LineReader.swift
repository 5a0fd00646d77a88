import Turnout

/// The lines of a stream, one after another, in bounded memory.
struct LineReader: ~Copyable {
  struct Line {
    /// From 1.
    var number: Int
    /// Without its end.
    var bytes: [UInt8]
    /// Whether it was cut: it is longer than `lineBytesMax`.
    var isTooLong: Bool
  }

  static let lineBytesMax = 1 << 20
  private static let chunkBytes = 1 << 16

  private let stream: ByteStream
  private var chunk = [UInt8](repeating: 0, count: chunkBytes)
  private var position = 0
  private var filled = 0
  private var number = 0
  private var hasEnded = false

  init(_ stream: consuming ByteStream) {
    self.stream = stream
  }

  var name: String { stream.name }

  /// The next line; nil at the end. `beforeWaiting` is called before each time that the stream is
  /// asked for more, which may take as long as its writer likes.
  mutating func next(beforeWaiting: () throws -> Void) throws -> Line? {
    var line: [UInt8] = []
    var isTooLong = false
    var hasAny = false
    while true {
      if position == filled {
        if !hasEnded {
          try beforeWaiting()
          filled = try stream.read(into: &chunk)
          position = 0
          hasEnded = filled == 0
        }
        if hasEnded {
          guard hasAny else { return nil }
          break
        }
      }
      hasAny = true
      let rest = chunk[position..<filled]
      let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? filled
      if line.count + (end - position) > Self.lineBytesMax {
        isTooLong = true
      } else {
        line.append(contentsOf: chunk[position..<end])
      }
      let foundEnd = end < filled
      position = foundEnd ? end + 1 : filled
      if foundEnd { break }
    }
    number += 1
    if number == 1, line.starts(with: [0xef, 0xbb, 0xbf]) { line.removeFirst(3) }
    return Line(number: number, bytes: line, isTooLong: isTooLong)
  }
}
