/// One name that a section defines.
struct Declaration {
  var name: String
  /// Of the name.
  var mark: SourceMark
  var value: Node
}

extension Checker {
  /// What all files define in one section, in byte order of the names.
  func declarations(
    _ section: String, _ kind: String, _ countMax: Int, _ roots: [Fields]
  ) -> [Declaration] {
    var all: [Declaration] = []
    var first: [String: SourceMark] = [:]
    for root in roots {
      guard let node = root[section] else { continue }
      guard case .mapping(let entries) = node.content else {
        report.error(
          .wrongType, at: node.mark,
          "`\(section)` must be a mapping from names, not \(node.description)",
          "write `name: …` below it, or leave it out")
        continue
      }
      for declaration in declarations(entries, kind) {
        if let earlier = first[declaration.name] {
          report.error(
            .duplicateName, at: declaration.mark,
            "the \(kind) `\(declaration.name)` is defined twice",
            "the other definition is at \(report.place(earlier)); rename or remove one")
          continue
        }
        first[declaration.name] = declaration.mark
        all.append(declaration)
      }
    }
    if all.count > countMax, let last = all.last {
      report.error(
        .limit, at: last.mark, "the documents define \(all.count) of `\(section)`",
        "at most \(countMax) are possible")
    }
    return all.sorted { Text($0.name) < Text($1.name) }
  }

  /// Those of one mapping, as written; wrong names are reported and kept.
  func declarations(_ entries: [Node.Entry], _ kind: String) -> [Declaration] {
    entries.map { entry in
      if !Name.isValid(entry.key) {
        reportInvalidName(entry.key, at: entry.keyMark, "the name of a \(kind)")
      }
      return Declaration(name: entry.key, mark: entry.keyMark, value: entry.value)
    }
  }

  func reportInvalidName(_ name: String, at mark: SourceMark, _ what: String) {
    if name.utf8.count > Limits.nameBytesMax {
      report.error(
        .invalidName, at: mark, "\(Printable.quoted(name)) is too long for \(what)",
        "a name has at most \(Limits.nameBytesMax) characters")
    } else {
      report.error(
        .invalidName, at: mark, "\(Printable.quoted(name)) cannot be \(what)",
        "names begin with a letter or digit and consist of A-Z a-z 0-9 . _ -")
    }
  }
}

/// `[A-Za-z0-9][A-Za-z0-9._-]{0,127}`
enum Name {
  static func isValid(_ text: String) -> Bool {
    var isFirst = true
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        break
      case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
        if isFirst { return false }
      default: return false
      }
      isFirst = false
    }
    return !isFirst && text.utf8.count <= Limits.nameBytesMax
  }
}
