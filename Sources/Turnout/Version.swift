/// The version of this library.
public enum Version {
  /// Major, minor and patch.
  public static let text: StaticString = "0.1.0"
}
