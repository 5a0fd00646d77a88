internal import CXXHash

/// xxHash 3, as Turnout uses it: 64 bits for positions and probes, 128 bits for digests.
package enum XXH3 {
  /// `count` bytes; the address may be null if there are none.
  @inline(__always)
  static func hash64(_ address: UnsafeRawPointer?, _ count: Int) -> UInt64 {
    // SAFETY: the caller's bytes are readable.
    unsafe cxxhash_64(address, count)
  }

  @inline(__always)
  static func hash64(_ address: UnsafeRawPointer?, _ count: Int, seed: UInt64) -> UInt64 {
    // SAFETY: as above.
    unsafe cxxhash_64_seeded(address, count, seed)
  }

  @inline(__always)
  package static func hash64(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    // SAFETY: the buffer is readable for its count; XXH3 accepts a null pointer of size 0.
    unsafe cxxhash_64(bytes.baseAddress, bytes.count)
  }

  @inline(__always)
  package static func hash64(_ bytes: UnsafeRawBufferPointer, seed: UInt64) -> UInt64 {
    // SAFETY: as above.
    unsafe cxxhash_64_seeded(bytes.baseAddress, bytes.count, seed)
  }

  package static func digest(_ bytes: UnsafeRawBufferPointer) -> Digest {
    var digest = Digest(low: 0, high: 0)
    // SAFETY: as above; the two results outlive the call.
    unsafe cxxhash_128(bytes.baseAddress, bytes.count, &digest.low, &digest.high)
    return digest
  }

  package static func hash64(_ bytes: [UInt8]) -> UInt64 {
    // SAFETY: the array keeps its storage alive and unmoved for the closure.
    unsafe bytes.withUnsafeBytes { bytes in unsafe hash64(bytes) }
  }

  package static func hash64(_ bytes: [UInt8], seed: UInt64) -> UInt64 {
    // SAFETY: as above.
    unsafe bytes.withUnsafeBytes { bytes in unsafe hash64(bytes, seed: seed) }
  }
}

extension Ring {
  /// The position of a unit in the draws of a seed.
  @inline(__always)
  package static func position(unit bytes: UnsafeRawBufferPointer, seed: UInt64) -> UInt32 {
    // SAFETY: the caller's buffer is readable for its count, as `hash64` asks.
    position(hash: unsafe XXH3.hash64(bytes, seed: seed))
  }
}
