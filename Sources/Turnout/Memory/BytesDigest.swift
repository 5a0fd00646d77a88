extension XXH3 {
  package static func hash64(_ bytes: [UInt8]) -> UInt64 {
    // SAFETY: the array is readable for its count during the call.
    unsafe bytes.withUnsafeBytes { unsafe hash64($0) }
  }

  package static func digest(_ bytes: Bytes) -> Digest {
    // SAFETY: a view is readable for its count as long as its owner lives.
    unsafe digest(UnsafeRawBufferPointer(start: bytes.base, count: bytes.count))
  }

  /// The digest of `bytes` without their first `skipped`, which must not be more than there are.
  package static func digest(_ bytes: [UInt8], skipping skipped: Int) -> Digest {
    // SAFETY: the array is readable for its count during the call.
    unsafe bytes.withUnsafeBytes { unsafe digest(UnsafeRawBufferPointer(rebasing: $0[skipped...])) }
  }
}
