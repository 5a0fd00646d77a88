import Turnout

/// The configs of a table, each once. Keys are numbered in byte order, so that configs merge by
/// comparing numbers.
struct ConfigEncoder {
  private let keyNumbers: [Text: UInt32]
  private(set) var keys = ByteWriter()
  private(set) var configs = ByteWriter()
  private(set) var entries = ByteWriter()
  private var numbers: [Config: UInt32] = [:]
  private var entryCount = 0

  init(_ allKeys: Set<Text>, _ texts: inout TextPool) {
    var numbers: [Text: UInt32] = [:]
    for (number, key) in allKeys.sorted().enumerated() {
      numbers[key] = UInt32(truncatingIfNeeded: number)
      let quoted = Array(JSONText.quoted(key.string).utf8)
      keys.append(texts.add(quoted))
      keys.append(UInt32(truncatingIfNeeded: quoted.count))
    }
    keyNumbers = numbers
  }

  /// The config's number counted from 1; 0 if it is empty.
  mutating func add(_ config: Config, _ texts: inout TextPool) -> UInt32 {
    if config.entries.isEmpty { return 0 }
    if let number = numbers[config] { return number }
    configs.append(UInt32(truncatingIfNeeded: entryCount))
    configs.append(UInt32(truncatingIfNeeded: config.entries.count))
    for entry in config.entries {
      entries.append(keyNumbers[entry.key] ?? 0)
      entries.append(texts.add(entry.json.utf8))
      entries.append(UInt32(truncatingIfNeeded: entry.json.utf8.count))
      entries.append(UInt32(0))
    }
    entryCount += config.entries.count
    let number = UInt32(truncatingIfNeeded: numbers.count + 1)
    numbers[config] = number
    return number
  }
}
