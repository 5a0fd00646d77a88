/// The order of versions, for who has their bytes.
package enum VersionOrder {
  /// Negative, zero or positive. Both are versions.
  package static func compare(_ a: [UInt8], _ b: [UInt8]) -> Int {
    // SAFETY: the arrays keep their storage alive and unmoved for the closures.
    unsafe a.withUnsafeBytes { a in
      unsafe b.withUnsafeBytes { b in
        unsafe Text(a.baseAddress, a.count).compareVersion(Text(b.baseAddress, b.count))
      }
    }
  }
}
