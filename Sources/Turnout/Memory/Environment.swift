internal import Glibc

/// The process's environment variables.
package enum Environment {
  /// The value of a variable; nil where it is not set or empty. Call it while no other thread
  /// changes the environment.
  package static func value(_ name: String) -> String? {
    // SAFETY: the name is passed as a terminated text, and the value is copied at once.
    guard let value = unsafe getenv(name) else { return nil }
    let text = unsafe String(cString: value)
    return text.isEmpty ? nil : text
  }
}
