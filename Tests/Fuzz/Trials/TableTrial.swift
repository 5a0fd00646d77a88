package import Turnout

/// What is done with the bytes of a table, by the fuzzer and by the test of what it once found:
/// validate → resolve → explain, with contexts of the documents that the seeds come from, with and
/// without an overlay. A claim that does not hold ends the process.
package enum TableTrial {
  /// - Returns: why the table is refused; nil for one that validates.
  package static func refusal(of bytes: Bytes) -> TurnoutError? {
    let image: Image
    do throws(TurnoutError) {
      image = try Image.validate(bytes)
    } catch {
      return error
    }
    let choice = image.digest.low
    let head = FuzzRequests.heads[Int(choice % UInt64(FuzzRequests.heads.count))]
    let overlay = head.flatMap { try? image.overlay(of: $0) }
    let resolver = TableResolver(image: image, revision: 1, overlay: overlay)
    let requests = FuzzRequests.requests(of: image, choice: choice)
    for (number, request) in requests.enumerated() {
      let decision = resolver.resolve(request)
      guard number == Int((choice >> 8) % 8) else { continue }
      let explanation = resolver.explain(request)
      precondition(explanation.decision == decision, "the explanation decides otherwise")
      _ = (explanation.text, explanation.json)
    }
    return nil
  }
}
