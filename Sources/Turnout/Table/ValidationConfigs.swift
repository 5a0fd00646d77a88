/// Configs, their keys and their entries.
extension Validation {
  func checkConfigs() throws(Fault) {
    for key in 0..<count(.configKeys) {
      let at = record(.configKeys, key)
      try checkText(int(at), int(at &+ 4), at: at)
    }
    for entry in 0..<count(.configEntries) {
      let at = record(.configEntries, entry)
      try check(u32(at &+ Layout.ConfigEntry.key), in: .configKeys, at: at)
      try checkText(
        int(at &+ Layout.ConfigEntry.value), int(at &+ Layout.ConfigEntry.valueBytes), at: at)
      try checkZero(at &+ 12, at &+ 16)
    }
    var next = 0
    for config in 0..<count(.configs) {
      let at = record(.configs, config)
      let first = int(at)
      let entries = int(at &+ 4)
      try check(first == next, at, "configs do not follow each other")
      try check(
        entries <= Format.configEntriesMax && entries <= count(.configEntries) &- first, at,
        "a config reaches outside")
      next &+= entries
      // Merging walks several configs side by side, so each must be in the order of its keys. Texts may
      // stand for many entries, so that a config is larger than what its table has for it: a bound
      // keeps decisions small.
      var bytes = 0
      var entry = first
      while entry < next {
        let entryAt = record(.configEntries, entry)
        try check(
          entry == first
            || u32(entryAt &- Section.configEntries.stride) < u32(entryAt), entryAt,
          "a config's keys are not in order")
        let key = record(.configKeys, int(entryAt &+ Layout.ConfigEntry.key))
        bytes &+= int(key &+ 4) &+ int(entryAt &+ Layout.ConfigEntry.valueBytes) &+ 2
        entry &+= 1
      }
      try check(bytes <= Format.configBytesMax, at, "a config has too many bytes")
    }
    try check(next == count(.configEntries), offset(.configEntries), "entries of no config")
  }
}
