extension XXH3 {
  package static func hash64(_ bytes: [UInt8]) -> UInt64 {
    // SAFETY: the array is readable for its count during the call.
    unsafe bytes.withUnsafeBytes { unsafe hash64($0) }
  }
}
