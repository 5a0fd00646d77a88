internal import Glibc

/// A group of the system's users.
package enum SystemGroup {
  /// The number of the group that is called `name`, or that `name` is the number of.
  package static func number(_ name: String) throws(TurnoutError) -> UInt32 {
    if !name.utf8.contains(0), !name.isEmpty {
      // SAFETY: the name is passed as a terminated text; the result is read before the next call,
      // which nobody else makes: only the command asks, on its one thread.
      if let found = unsafe getgrnam(name) { return unsafe found.pointee.gr_gid }
      if let number = UInt32(name), number < .max { return number }
    }
    throw TurnoutError(.invalidArgument, "There is no group `\(name)`. `getent group` lists them.")
  }

  /// What the group is called; nil if it has a number alone.
  package static func name(_ number: UInt32) -> String? {
    // SAFETY: as above; the name is copied at once.
    guard let found = unsafe getgrgid(number), let name = unsafe found.pointee.gr_name else {
      return nil
    }
    // SAFETY: as above.
    return unsafe String(cString: name)
  }
}

/// A user of the system.
package enum SystemUser {
  /// Whose rights this process has.
  package static var effective: UInt32 { geteuid() }

  /// The number of this process.
  package static var process: Int32 { getpid() }

  /// What the user is called; nil if it has a number alone.
  package static func name(_ number: UInt32) -> String? {
    // SAFETY: as for groups.
    guard let found = unsafe getpwuid(number), let name = unsafe found.pointee.pw_name else {
      return nil
    }
    // SAFETY: as above.
    return unsafe String(cString: name)
  }
}
