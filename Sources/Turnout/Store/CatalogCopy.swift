/// A catalog as it was at one moment, in memory: for who may read it and not take its lock.
///
/// LMDB writes no page of the tree that its newest meta page leads to, and none of the one before, until
/// two more changes have been committed: a change takes pages only which a change before the last one let
/// go. So if both meta pages are the same before a copy, in it, and after it, then nobody has committed
/// meanwhile, one change at most was under way, and every page of the newest tree is in the copy as it was
/// committed. The pages are walked all the same, and every record has its checksum.
enum CatalogCopy {
  private static let triesMax = 64
  private static let pauseNanoseconds: Int64 = 2_000_000

  /// - Parameter afterLook: called after each look at the pages, for tests that write meanwhile.
  static func take(
    _ path: String, afterLook: () throws(TurnoutError) -> Void = {}
  ) throws(TurnoutError) -> File {
    let file = try open(path)
    for _ in 0..<triesMax {
      let before = try CatalogPages.metaPages(of: file)
      let copy = try file.memoryCopy(count: try file.status().size)
      try afterLook()
      let copied = try CatalogPages.metaPages(of: copy)
      if copied == before, try CatalogPages.metaPages(of: file) == before {
        try CatalogPages.require(copy, named: path)
        return copy
      }
      SystemClock.sleep(nanoseconds: pauseNanoseconds)
    }
    throw TurnoutError(
      .conflict, "\(path) changes faster than it can be read. Try again.")
  }

  private static func open(_ path: String) throws(TurnoutError) -> File {
    do throws(TurnoutError) {
      let file = try File.open(path)
      guard try file.status().size >= StoreLayout.catalogBytesMin else {
        throw TurnoutError(.corrupt, "\(path) is cut short. Restore the store from a copy.")
      }
      return file
    } catch {
      guard error.status == .permissionDenied else { throw error }
      throw TurnoutError(
        .permissionDenied,
        "\(path) holds what is asked for, and this user may not read it. Its owner and its group may: "
          + "ask as one of them. Head and the heads before it are for everybody who reads the store."
      )
    }
  }
}
