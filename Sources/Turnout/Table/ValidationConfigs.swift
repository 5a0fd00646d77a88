/// Configs, their keys and their entries.
extension Validation {
  func checkConfigs() throws(TurnoutError) {
    for key in 0..<count(.configKeys) {
      let at = offset(.configKeys) + key * Section.configKeys.stride
      try checkText(try int(at), try int(at + 4), at: at)
    }
    for entry in 0..<count(.configEntries) {
      let at = offset(.configEntries) + entry * Section.configEntries.stride
      try check(try u32(at + Layout.ConfigEntry.key), in: .configKeys, at: at)
      try checkText(
        try int(at + Layout.ConfigEntry.value), try int(at + Layout.ConfigEntry.valueBytes), at: at)
      try checkZero(at + 12, at + 16)
    }
    var next = 0
    for config in 0..<count(.configs) {
      let at = offset(.configs) + config * Section.configs.stride
      let first = try int(at)
      let entries = try int(at + 4)
      try check(first == next, at, "configs do not follow each other")
      try check(
        entries <= Format.configEntriesMax && entries <= count(.configEntries) - first, at,
        "a config reaches outside")
      next += entries
      // Merging walks several configs side by side, so each must be in the order of its keys.
      for entry in first..<next where entry > first {
        let entryAt = offset(.configEntries) + entry * Section.configEntries.stride
        try check(
          try u32(entryAt - Section.configEntries.stride) < (try u32(entryAt)), entryAt,
          "a config's keys are not in order")
      }
    }
    try check(next == count(.configEntries), offset(.configEntries), "entries of no config")
  }
}
