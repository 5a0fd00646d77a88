import Turnout
import TurnoutCompiler

/// A difference as one page of HTML: no part of it comes from elsewhere, and nothing in it is run but
/// the script that it carries. Equal differences give equal bytes.
package struct DifferencePage {
  /// Bounds of what is drawn; what is beyond is counted.
  enum Limit {
    /// Groups of use cases that change alike: those with flows in tables, and of these those with
    /// pictures.
    static let groups = 400
    static let groupsWithPictures = 80
    /// Of one group, beside the class that moves most.
    static let morePictures = 4
    static let openFlows = 8
    static let flowsPerTable = 200
    static let classesPerTable = 60
    static let namesPerGroup = 12
    /// Rows of the list of use cases that stand open.
    static let openRows = 200
    static let shardsPerCluster = 16
  }

  let difference: TableDifference
  /// Those that move most first.
  let groups: [ChangeGroup]

  package init(_ difference: TableDifference) {
    self.difference = difference
    groups = ChangeGroup.all(of: difference.useCases)
  }

  package var text: String {
    var page = PageText()
    page.add("<!doctype html>")
    page.add("<html lang=\"en\"><head><meta charset=\"utf-8\">")
    page.add(
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
        + "style-src '\(PageStyle.digest)'; script-src '\(PageScript.digest)'; "
        + "base-uri 'none'; form-action 'none'\">")
    page.add("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
    page.add("<meta name=\"color-scheme\" content=\"light dark\">")
    page.add("<title>\(Markup.text(title))</title>")
    page.add("<style>\(PageStyle.text)</style></head><body>")
    page.add("<a class=\"skip\" href=\"#main\">To the use cases</a>")
    addHead(to: &page)
    addSummary(to: &page)
    addLoads(to: &page)
    addIndex(to: &page)
    addGroups(to: &page)
    addExperiments(to: &page)
    addBasis(to: &page)
    page.add("<script>\(PageScript.text)</script></body></html>")
    return page.text
  }

  private var title: String {
    "What moves: \(difference.before.name) → \(difference.after.name)"
  }

  private func addHead(to page: inout PageText) {
    page.add("<header><p class=\"eyebrow\">turnout diff</p>")
    page.add(
      "<h1>\(PageWords.name(difference.before.name)) <span class=\"arrow\">→</span> "
        + "\(PageWords.name(difference.after.name))</h1>")
    page.add("<dl class=\"tables\">")
    for (word, table) in [("before", difference.before), ("after", difference.after)] {
      let revision = table.revision.map { "revision \($0)" } ?? "in no store"
      page.add(
        "<div><dt>\(word)</dt><dd>\(revision), \(PageWords.count(table.useCaseCount, "use case")), "
          + "<code>\(table.digest)</code></dd></div>")
    }
    let now = Instant(nanoseconds: difference.now).readable
    page.add("<div><dt>time</dt><dd>windows as of \(now) UTC</dd></div></dl></header>")
  }
}

/// The bytes of a page as they come.
struct PageText {
  private(set) var text = ""

  mutating func add(_ markup: String) {
    text += markup
    text += "\n"
  }
}
