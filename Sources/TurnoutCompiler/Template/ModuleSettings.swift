/// The settings of Envoy's module that an operator chooses, in the order in which they are written.
/// Those that follow from the rest of the template and from the store are not here.
package struct ModuleSettings: Sendable {
  package var members: [JSONTree.Member] = []
  /// The attributes that it takes from headers or gives, with the types that the template says.
  package var attributes: [Attribute] = []

  package struct Attribute: Sendable {
    package var name: String
    package var type: String
    package var mark: SourceMark
  }

  package init() {}
}
