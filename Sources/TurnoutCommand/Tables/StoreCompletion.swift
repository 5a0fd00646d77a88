import ArgumentParser
import Turnout

extension CompletionKind {
  /// What shells complete from the store that the line, or the environment, names. Head is read as
  /// services read it, without a lock, and where anything is wrong nothing is offered.
  static let useCases = names(of: .useCase)
  static let clusters = names(of: .cluster)
  static let experiments = names(of: .experiment)
  static let shadows = names(of: .shadow)

  /// Those whose tables the store has, the newest first.
  static let revisions = CompletionKind.custom { words, _, prefix in
    let kept = (try? Directory.names(StoreLayout.tables(store(on: words)))) ?? []
    return kept.compactMap { StoreLayout.revision(ofTable: $0[...]) }.sorted(by: >)
      .map(String.init).filter { $0.hasPrefix(prefix) }
  }

  private static func names(of kind: OverlayEntry.Kind) -> CompletionKind {
    .custom { words, _, prefix in
      guard let table = try? OpenTable.head(of: store(on: words)) else { return [] }
      return table.image.overlayNames(kind).filter { $0.hasPrefix(prefix) }
        .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
  }

  /// As `StoreOption` finds it.
  private static func store(on words: [String]) -> String {
    for (index, word) in words.enumerated() {
      if word == "--store" {
        // bash takes `--store=dir` for three words.
        let value = words.dropFirst(index + 1).first { $0 != "=" }
        if let value, !value.isEmpty { return unquoted(value) }
      }
      let option = "--store="
      if word.hasPrefix(option) { return unquoted(String(word.dropFirst(option.count))) }
    }
    return Environment.value("TURNOUT_STORE") ?? "./turnout-store"
  }

  /// Shells hand words over as they were typed.
  private static func unquoted(_ word: String) -> String {
    var text = ""
    var quote: Character?
    var isEscaped = false
    for character in word {
      if isEscaped {
        text.append(character)
        isEscaped = false
      } else if character == "\\", quote != "'" {
        isEscaped = true
      } else if character == quote {
        quote = nil
      } else if quote == nil, character == "'" || character == "\"" {
        quote = character
      } else {
        text.append(character)
      }
    }
    return text
  }
}
