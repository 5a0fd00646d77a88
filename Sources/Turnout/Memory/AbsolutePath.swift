internal import Glibc

/// Paths from the root, which go on leading to the same place when the process changes directory.
package enum AbsolutePath {
  /// `path` itself if it is one; links in it stay, so that it follows them anew at each use.
  package static func of(_ path: String) -> String {
    if path.utf8.first == UInt8(ascii: "/") { return path }
    // SAFETY: without a buffer, getcwd allocates what free gives back; the text is copied in between.
    guard let here = unsafe getcwd(nil, 0) else { return path }
    defer { unsafe free(here) }
    return unsafe String(cString: here) + "/" + path
  }
}
