import Turnout

/// A page that a verb writes beside what it prints.
enum PageFile {
  /// Writes beside `path` and renames, so that no browser meets half a page.
  static func write(_ text: String, to path: String) throws(TurnoutError) {
    if let status = try Directory.status(path), !status.isRegular {
      throw TurnoutError(
        .invalidArgument, "\(path) is not a regular file. Name another file for the page.")
    }
    let temporary = path + ".new"
    do throws(TurnoutError) {
      let file = try File.open(temporary, .replace)
      try file.write(Array(text.utf8))
      try Directory.rename(temporary, to: path)
    } catch {
      _ = try? Directory.remove(temporary)
      throw error
    }
  }
}
