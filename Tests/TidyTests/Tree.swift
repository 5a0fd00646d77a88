import Foundation

/// The files that people write in this project, for the rules to read.
enum Tree {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  /// Built, fetched or recorded, and so no rule's business.
  private static let skipped: Set<String> = [
    "build", "node_modules", "results", "__pycache__", "turnout-store", "target",
  ]

  static let files: [SourceFile] = {
    var files: [SourceFile] = []
    collect("", into: &files)
    return files.sorted { $0.path < $1.path }
  }()

  static func files(under folder: String, suffix: String = "") -> [SourceFile] {
    files.filter { $0.path.hasPrefix(folder) && $0.path.hasSuffix(suffix) }
  }

  static func file(_ path: String) throws -> SourceFile {
    try SourceFile(
      path: path, text: String(contentsOfFile: root + "/" + path, encoding: .utf8))
  }

  private static func collect(_ folder: String, into files: inout [SourceFile]) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root + "/" + folder)) ?? []
    for name in names where !skipped.contains(name) {
      if name.hasPrefix("."), name != ".ci", !name.hasPrefix(".clang"), name != ".swift-format" {
        continue
      }
      let path = folder.isEmpty ? name : folder + "/" + name
      let url = URL(fileURLWithPath: root + "/" + path)
      if (try? url.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory == true {
        collect(path, into: &files)
      } else if let text = try? String(contentsOfFile: root + "/" + path, encoding: .utf8) {
        files.append(SourceFile(path: path, text: text))
      }
    }
  }
}

struct SourceFile {
  /// From the root of the project, with `/`.
  let path: String
  let text: String
  /// Of Swift, the lines of code with comments and literals blanked.
  let code: [String]

  init(path: String, text: String) {
    self.path = path
    self.text = text
    code = path.hasSuffix(".swift") ? SwiftText.code(of: text) : []
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
    self.lines = lines
  }

  /// Every line without its end; what follows the last end counts only if it is not empty.
  let lines: [String]

  var name: String { String(path.split(separator: "/").last ?? "") }
  var fileExtension: String {
    name.contains(".") ? String(name.split(separator: ".").last ?? "") : ""
  }

  /// True of programs in C, Swift, Python and shell, by name or first line.
  var isCode: Bool {
    ["swift", "c", "h", "cc", "cpp", "hpp", "py", "sh", "awk"].contains(fileExtension)
      || text.hasPrefix("#!")
  }
}

/// One breach of a rule: where, and what to do about it.
struct Finding: CustomStringConvertible, Equatable {
  let path: String
  let line: Int
  let advice: String

  var description: String { "\(path):\(line): \(advice)" }
}
