import Turnout

/// A table as a file: its image and nothing else.
struct TableImage {
  let bytes: [UInt8]
  let digest: Digest

  /// Reads and validates in full. A file that is no table gives `.corrupt` or `.newerFormat`, and
  /// the message names it.
  static func read(_ path: String) throws(TurnoutError) -> TableImage {
    let bytes = try FileBytes.read(path, atMost: StoreLayout.imageBytesMax)
    do throws(TurnoutError) {
      let digest = try bytes.withBytes { bytes throws(TurnoutError) in
        try Image.validate(bytes).digest
      }
      return TableImage(bytes: bytes, digest: digest)
    } catch {
      throw TurnoutError(error.status, "\(path): \(error.message)")
    }
  }
}
