import Turnout

/// What the next table is carried from: a record for each allocation, kind by kind.
struct LineageEncoder {
  /// By the rank of the kind.
  private var ranks: [ByteWriter] = []

  mutating func add(
    _ spec: AllocationSpec, owner: Int, part: Int, _ texts: inout TextPool
  ) {
    let rank = spec.kind.lineageRank
    while ranks.count <= rank { ranks.append(ByteWriter()) }
    ranks[rank].append(UInt32(spec.kind.rawValue))
    ranks[rank].append(u32: owner)
    ranks[rank].append(u32: part)
    for text in [spec.salt.string, spec.owner] {
      ranks[rank].append(texts.add(text.utf8))
      ranks[rank].append(u32: text.utf8.count)
    }
    ranks[rank].align(Section.lineage.stride)
  }

  var byteCount: Int { ranks.reduce(0) { $0 + $1.count } }

  var joined: ByteWriter {
    var all = ByteWriter()
    all.reserve(byteCount)
    for records in ranks { all.append(records.bytes) }
    return all
  }
}
