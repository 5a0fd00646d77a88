import Turnout
import TurnoutCompiler

/// What `stat` knows of a store.
struct StoreFacts {
  let directory: String
  let head: Head?
  /// Nil where the catalog cannot be opened by this user or on this mount.
  let catalog: StoreStatus?
  let now: Int64
  /// If they were asked for.
  var readers: StoreReaders?

  init(_ directory: String) throws(TurnoutError) {
    self.directory = directory
    head = try Head.read(directory: directory)
    do throws(TurnoutError) {
      catalog = try Store.openToRead(directory).status()
    } catch {
      guard error.status == .permissionDenied || error.status == .networkFileSystem else {
        throw error
      }
      catalog = nil
    }
    now = SystemClock.now
  }

  private static let pinsShownMax = 12

  /// How long head has been head.
  var ageSeconds: Int64? {
    head.map { max(0, now.subtractingReportingOverflow($0.activated).partialValue / 1_000_000_000) }
  }

  /// How many entries of the overlay hold.
  var overlayEntries: Int? { head?.overlay.count { $0.holds(at: now) } }

  /// What is not as expected, in sentences.
  func problems(expecting digest: String?, maxAge: Int64?) -> [String] {
    guard digest != nil || maxAge != nil else { return [] }
    guard let head, let ageSeconds else { return ["nothing is published in \(directory) yet"] }
    var problems: [String] = []
    do throws(TurnoutError) {
      // A service that starts now would read it in full; so does this.
      _ = try OpenTable.head(of: directory)
    } catch {
      problems.append("head, revision \(head.revision), cannot be served: \(error.message)")
    }
    if let digest, digest != head.imageDigest.description {
      problems.append(
        "head, revision \(head.revision), has the digest \(head.imageDigest), not \(digest)")
    }
    if let maxAge, ageSeconds > maxAge {
      problems.append(
        "revision \(head.revision) has been head for \(Figures.duration(seconds: ageSeconds)), "
          + "longer than \(Figures.duration(seconds: maxAge))")
    }
    return problems
  }

  func lines() -> [String] {
    let style = Style.output
    var rows: [(String, String)] = [("store", Printable.text(directory))]
    if let head, let ageSeconds {
      rows.append(("head", style.green(style.bold("revision \(head.revision)"))))
      rows.append(("digest", head.imageDigest.description))
      let since = Instant(nanoseconds: head.activated).readable
      rows.append(("since", "\(since) UTC (\(Figures.duration(seconds: ageSeconds)) ago)"))
      rows.append(("table", "\(Figures.grouped(head.seal.fileBytes)) bytes"))
      rows.append(
        ("overlay", Figures.count(overlayEntries ?? 0, "entry", plural: "entries")))
    } else {
      rows.append(("head", "none: nothing is published yet"))
    }
    if let catalog {
      if let previous = catalog.previousHead {
        rows.append(("before", "revision \(previous); `turnout rollback` goes there"))
      }
      var kept = "\(Figures.grouped(catalog.revisions.count)) kept"
      if let first = catalog.revisions.first, let last = catalog.revisions.last, first != last {
        kept += ", from \(first.number) to \(last.number)"
      }
      rows.append(("revisions", "\(kept), \(Figures.grouped(catalog.tableFileBytes)) bytes"))
      rows.append(("kept are", catalog.retention.words))
      if !catalog.pins.isEmpty {
        let numbers = catalog.pins.map { String($0.revision) }
        let left = numbers.count - Self.pinsShownMax
        rows.append(
          (
            "pinned",
            numbers.prefix(Self.pinsShownMax).joined(separator: ", ")
              + (left > 0 ? " and \(left) more" : "")
          ))
      }
      rows.append(("catalog", "\(Figures.grouped(catalog.catalogFileBytes)) bytes"))
    } else {
      rows.append(("catalog", "cannot be opened here; head is what readers see"))
    }
    rows += readers?.rows ?? []
    return rows.map { name, value in
      style.dim(name + String(repeating: " ", count: max(0, 11 - name.count))) + value
    }
  }

  func write(to writer: inout JSONWriter, problems: [String]) {
    writer.beginObject()
    writer.field("store", directory)
    writer.field("id", head?.store.description ?? catalog?.id.description)
    writer.field("format", catalog?.format)
    writer.field("revision", head?.revision)
    writer.field("digest", head?.imageDigest.description)
    writer.field("file_bytes", head?.seal.fileBytes)
    writer.field("activated", head.map { Instant(nanoseconds: $0.activated).precise })
    writer.field("age_seconds", ageSeconds)
    writer.field("overlay_generation", head?.generation)
    writer.field("overlay_entries", overlayEntries)
    writer.field("previous_head", catalog?.previousHead)
    writer.field("next_revision", catalog?.nextRevision)
    writer.key("revisions")
    if let catalog {
      writer.beginArray()
      for revision in catalog.revisions {
        writer.beginObject()
        writer.field("revision", revision.number)
        writer.field("digest", revision.imageDigest.description)
        writer.field("bytes", revision.imageBytes)
        writer.field("file_bytes", revision.seal.fileBytes)
        writer.field("published", Instant(nanoseconds: revision.published).precise)
        writer.endObject()
      }
      writer.endArray()
    } else {
      writer.null()
    }
    writer.key("retention")
    writer.retention(catalog?.retention)
    writer.key("pins")
    if let catalog {
      writer.beginArray()
      for pin in catalog.pins {
        writer.beginObject()
        writer.field("revision", pin.revision)
        writer.field("time", Instant(nanoseconds: pin.time).precise)
        writer.field("author", pin.author)
        writer.field("message", pin.message)
        writer.endObject()
      }
      writer.endArray()
    } else {
      writer.null()
    }
    writer.field("tables_bytes", catalog?.tableFileBytes)
    writer.field("catalog_bytes", catalog?.catalogFileBytes)
    if let readers { readers.write(to: &writer) }
    writer.field("problems", problems)
    writer.endObject()
  }
}
