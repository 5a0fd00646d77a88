internal import Turnout

/// What a store holds, to be compared: before and after what must change nothing.
struct StoreState: Equatable {
  let head: UInt64?
  let generation: UInt64
  let history: Int
  let revisions: [UInt64]
  let files: [String]
  let headFile: Head?

  init(_ store: Store) throws {
    let status = try store.status()
    head = status.head?.number
    generation = status.generation
    history = try store.history().count
    revisions = status.revisions.map(\.number)
    files = try Directory.names(StoreLayout.tables(store.directory))
    headFile = try Head.read(directory: store.directory)
  }
}
