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

  /// Writes beside `path`, syncs and renames, so that no reader meets half a table.
  static func write(_ bytes: [UInt8], to path: String) throws(TurnoutError) {
    if let status = try Directory.status(path), !status.isRegular {
      if status.isFolder {
        throw TurnoutError(.invalidArgument, "\(path) is a folder. Name a file for the table.")
      }
      throw TurnoutError(.invalidArgument, "\(path) is not a regular file. Name another.")
    }
    let temporary = path + ".new"
    do throws(TurnoutError) {
      // What is in its way is left of a process that was killed, or a trap: it is not followed.
      try Directory.remove(temporary)
      let file = try File.open(temporary, .makeNew)
      try file.write(bytes)
      try file.sync()
      try Directory.rename(temporary, to: path)
    } catch {
      _ = try? Directory.remove(temporary)
      throw error
    }
  }
}
