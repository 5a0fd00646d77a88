internal import Glibc
internal import Turnout

/// Publishes on a small file system that is filled to every level in turn, and sees that a publish
/// either happens or changes nothing.
struct FullDisk {
  let directory: String

  /// Making a store either works or says that the disk is full, and can be tried again.
  private func createAtEveryLevel() throws {
    let ballast = try File.open(directory + "/../ballast", .replace)
    for level in 0..<24 {
      let other = "\(directory)-\(level)"
      let free = Int(try Directory.freeBytes(directory))
      try ballast.reserve(size: max(1, free - level * 4096))
      do throws(TurnoutError) {
        _ = try Store.create(other)
      } catch {
        guard error.status == .diskFull else { throw error }
      }
      try ballast.truncate(size: 0)
      _ = try Store.create(other)
      for name in try Directory.names(other) where name != "tables" {
        try Directory.remove(other + "/" + name)
      }
    }
  }

  func run() throws {
    let store = try Store.create(directory, options: Store.Options(keep: 3))
    let signature = Signature(author: "probe", message: "", time: 1)
    _ = try store.publish(
      image: ProbeImage.make(seed: 1, bytes: 5000), sources: [], by: signature)
    var refused = 0
    var done = 0
    for level in 0..<60 {
      let free = Int(try Directory.freeBytes(directory))
      let ballast = try File.open(directory + "/../ballast", .replace)
      try ballast.reserve(size: max(1, free - level * 4096))
      let before = try StoreState(store)
      do throws(TurnoutError) {
        let image = ProbeImage.make(seed: UInt64(level + 2), bytes: 30_000)
        _ = try store.publish(image: image, sources: [], by: signature)
        done += 1
      } catch {
        guard error.status == .diskFull else { throw error }
        guard try StoreState(store) == before else {
          throw TurnoutError(.corrupt, "a refused publish changed the store at level \(level)")
        }
        refused += 1
      }
      guard let head = try Head.read(directory: directory) else {
        throw TurnoutError(.corrupt, "head is gone")
      }
      let table = try FrozenTable.open(
        directory: directory, revision: head.revision, expecting: head.seal)
      table.unmap()
      try ballast.truncate(size: 0)
    }
    try createAtEveryLevel()
    Probe.say("full refused \(refused) done \(done)")
  }
}
