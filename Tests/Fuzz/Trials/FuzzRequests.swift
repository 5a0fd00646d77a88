internal import Turnout

/// Requests for whatever use cases an image has.
enum FuzzRequests {
  private static let contexts: [[String: Request.Value]] = [
    ["country": "DE", "kids": true], ["country": "FR", "traffic": "replay"],
    ["country": "US", "kids": true, "days": 2.5, "version": "1.3-rc"],
    ["nobody": "declared this", "version": "8.2.0", "days": 1e300],
    ["app_version": "8.1", "tenure_days": 12, "country": "NO", "kids": false],
    [:],
  ]
  private static let units = ["u_0", "u_3", "u_6", "u_17", "", "user-1234567"]

  /// At most twelve, of the first use cases, by a number that the image decides.
  static func requests(of image: Image, choice: UInt64) -> [Request] {
    let names = image.useCaseNames(atMost: 4) + ["Nobody"]
    return (0..<12).map { number in
      let pick = Int(choice >> 16 & 0xFFFF) + number
      let unit = units[pick % units.count]
      return Request(
        names[number % names.count], unit: Request.Unit(unit),
        units: pick % 3 == 0 ? ["session": "s", "device": "d"] : [:],
        attributes: contexts[pick % contexts.count], requestID: pick % 4 == 0 ? "" : "r",
        assignments: pick % 5 == 0 ? ["two": "c", "three": nil, "one": "no such"] : [:],
        now: 1_768_000_000_000_000_000, wantsConfig: pick % 2 == 0)
    }
  }

  /// None, and overlays that take away the first choice, and all.
  static let heads: [Head?] = {
    let some = ["b", "s/s0"].map { OverlayEntry(kind: .cluster, state: .down, name: $0) }
    let all = ["a", "b", "t", "s/s0", "s/s1"].map {
      OverlayEntry(kind: .cluster, state: $0 == "a" ? .down : .draining, name: $0)
    }
    let off = [
      OverlayEntry(kind: .experiment, state: .off, name: "one"),
      OverlayEntry(kind: .shadow, state: .off, name: "Rank/second"),
      OverlayEntry(kind: .useCase, state: .off, name: "Off"),
    ]
    return [nil]
      + [some, all + off].map { entries in
        Head(
          store: .random(), revision: 1,
          seal: [UInt8]().withBytes { TableSeal($0, mappedBytes: 0) },
          imageDigest: Digest(low: 0, high: 0), activated: 0, generation: 1, overlay: entries)
      }
  }()
}

extension Image {
  /// The names of the first use cases.
  fileprivate func useCaseNames(atMost count: Int) -> [String] {
    (0..<count).compactMap { number in
      let orders = Format.sectionTable + Section.useCaseOrder.rawValue * 8
      guard let order = bytes.u32(orders), let size = bytes.u32(orders + 4), number * 4 < Int(size),
        let record = bytes.u32(Int(order) + number * 4),
        let nameBytes = bytes.u16(Int(record) + Layout.UseCase.nameBytes)
      else { return nil }
      return bytes.string(Int(record) + Layout.UseCase.name, Int(nameBytes))
    }
  }
}
