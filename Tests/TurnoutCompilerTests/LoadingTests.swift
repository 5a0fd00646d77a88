import Testing
import TurnoutCompiler

private func folder(_ name: String) -> String {
  "/" + #filePath.split(separator: "/").dropLast().joined(separator: "/") + "/" + name
}

@Test func aFolderIsReadInByteOrderAndItsFoldersAfterIt() {
  let root = folder("Folder")
  let names = Documents.load(paths: [root]).map { $0.name.dropFirst(root.utf8.count) }
  #expect(names == ["/B.yml", "/a.json", "/b.yaml", "/deep/a.yaml"])
  let checked = CheckedDocuments(Documents.load(paths: [root + "/"]))
  #expect(checked.text() == "")
  #expect(checked.document?.clusters.map(\.name) == ["a", "b", "c", "d"])
}

@Test func whatCannotBeReadIsAnErrorLikeOthers() {
  let missing = folder("no-such-file.yaml")
  let empty = folder("Folder/empty")
  let checked = CheckedDocuments(
    Documents.load(paths: [missing, folder("BadDocuments/base.yaml"), empty]))
  #expect(
    checked.text() == """
      \(missing): error: \(missing) cannot be read: there is no such file or folder
      \(empty): error: \(empty) holds no .yaml, .yml or .json file
      """)
}

@Test func aFileGivenTwiceIsOneErrorAndNotManyNamesDefinedTwice() {
  let path = folder("Folder/b.yaml")
  let checked = CheckedDocuments(Documents.load(paths: [folder("Folder"), path]))
  #expect(checked.text() == "\(path): error: \(path) is a file that was read already")
}

@Test func aFileMayHaveAnyNameIfItIsNamedItself() {
  let sources = Documents.load(paths: [folder("Folder/notes.txt")])
  #expect(sources.map(\.failure) == [nil])
  #expect(sources[0].bytes.isEmpty == false)
}
