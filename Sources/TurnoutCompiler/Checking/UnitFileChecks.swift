extension Checker {
  /// `units_file: path`
  func unitFile(_ node: Node) -> Condition {
    .always
  }
}
