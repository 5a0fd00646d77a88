internal import CTurnout
internal import Glibc

/// Attributes copied into memory of their own, texts and all, their names hashed. Released by hand,
/// since handles that hold them are raw memory too.
@safe
package struct OwnedAttributes: @unchecked Sendable {
  private let block: UnsafeMutableRawPointer?
  private let count: Int

  package static var none: OwnedAttributes {
    // SAFETY: of none, nothing is read.
    unsafe OwnedAttributes(block: nil, count: 0)
  }

  private init(block: UnsafeMutableRawPointer?, count: Int) {
    // SAFETY: only keeps the address; what it promises, the type says.
    unsafe self.block = unsafe block
    self.count = count
  }

  package var attributes: Attributes {
    // SAFETY: the block begins with `count` attributes.
    let first = unsafe block?.assumingMemoryBound(to: turnout_attribute.self)
    // SAFETY: as above.
    return unsafe Attributes(first.map { unsafe UnsafePointer($0) }, count)
  }

  /// Copies attributes that have been checked; nil without memory.
  package init?(copying attributes: Attributes) {
    guard attributes.count > 0 else {
      self = Self.none
      return
    }
    // SAFETY: only the type's size.
    let stride = unsafe MemoryLayout<turnout_attribute>.stride
    var bytes = attributes.count &* stride
    for i in 0..<attributes.count {
      bytes &+= attributes[i].name.text.count
      // Of other types the text was not checked, and means nothing.
      if attributes[i].type == AttributeReference.string { bytes &+= attributes[i].text.count }
    }
    // SAFETY: malloc's memory is aligned for every type; checked for null.
    guard let block = unsafe malloc(bytes) else { return nil }
    var textOffset = attributes.count &* stride
    for i in 0..<attributes.count {
      let source = attributes[i]
      // SAFETY: the block has room for every attribute and, behind them, for every text.
      var copy = unsafe source.pointer.pointee
      let name = source.name.text
      // SAFETY: as above.
      unsafe copy.name.data = Self.copyText(name, to: block + textOffset)
      unsafe copy.name.hash = name.hash64
      textOffset &+= name.count
      if source.type == AttributeReference.string {
        let text = source.text
        // SAFETY: as above.
        unsafe copy.text.data = Self.copyText(text, to: block + textOffset)
        textOffset &+= text.count
      } else {
        // SAFETY: as above.
        unsafe copy.text = turnout_text(data: nil, size: 0)
      }
      // SAFETY: as above.
      unsafe (block + i &* stride).initializeMemory(as: turnout_attribute.self, to: copy)
    }
    unsafe self.block = unsafe block
    count = attributes.count
  }

  private static func copyText(
    _ text: Text, to target: UnsafeMutableRawPointer
  ) -> UnsafePointer<CChar>? {
    // SAFETY: only looks whether there is an address.
    guard let source = unsafe text.address else { return nil }
    // SAFETY: the block has room for every text.
    unsafe target.copyMemory(from: source, byteCount: text.count)
    // SAFETY: as above.
    return unsafe UnsafePointer(target.assumingMemoryBound(to: CChar.self))
  }

  /// Ends their memory; nothing may read them any more.
  package func release() {
    // SAFETY: malloc gave the block, or it is null.
    unsafe free(block)
  }
}
