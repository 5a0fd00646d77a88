import Glibc
import Histogram

/// `percentiles NAME [FILE]` reads latencies, little-endian `UInt32`s of nanoseconds, from the file or
/// standard input, and prints one line of fields apart by tabs: the name, the percentiles 50, 90, 99,
/// 99.9 and 99.99, the largest and the number of samples. Values are within 0.1 %.
@main
enum Percentiles {
  private static let shown = [50.0, 90, 99, 99.9, 99.99]

  static func main() {
    let arguments = CommandLine.arguments
    guard arguments.count == 2 || arguments.count == 3 else {
      end("usage: percentiles NAME [FILE]", 2)
    }
    let file = arguments.count == 3 ? open(arguments[2], O_RDONLY) : STDIN_FILENO
    guard file >= 0 else { end("percentiles: cannot open \(arguments[2])", 3) }
    var histogram = Histogram<UInt64>(
      highestTrackableValue: UInt64(UInt32.max), numberOfSignificantValueDigits: .three)
    var largest: UInt64 = 0
    var bytes = [UInt8](repeating: 0, count: 1 << 18)
    var filled = 0
    while true {
      let count = bytes.withUnsafeMutableBytes {
        let rest = UnsafeMutableRawBufferPointer(rebasing: $0[filled...])
        return read(file, rest.baseAddress, rest.count)
      }
      guard count >= 0 else { end("percentiles: cannot read", 3) }
      if count == 0 { break }
      filled += count
      let whole = filled & ~3
      bytes.withUnsafeBytes { samples in
        for offset in stride(from: 0, to: whole, by: 4) {
          let sample = UInt32(littleEndian: samples.load(fromByteOffset: offset, as: UInt32.self))
          histogram.record(UInt64(sample))
          largest = max(largest, UInt64(sample))
        }
      }
      // A pipe may give part of a sample; the rest of it comes next.
      for i in whole..<filled { bytes[i - whole] = bytes[i] }
      filled -= whole
    }
    guard filled == 0, histogram.totalCount > 0 else { end("percentiles: no whole samples", 3) }
    var fields = [arguments[1]]
    fields += shown.map { String(min(histogram.valueAtPercentile($0), largest)) }
    fields += [String(largest), String(histogram.totalCount)]
    print(fields.joined(separator: "\t"))
  }

  private static func end(_ words: String, _ status: Int32) -> Never {
    _ = (words + "\n").withCString { write(STDERR_FILENO, $0, strlen($0)) }
    exit(status)
  }
}
