import NIOCore
import NIOHTTP1
import Turnout

/// Answers `GET /resolve/USE_CASE?unit=…&NAME=VALUE…` with a decision, and `GET /status`.
final class ResolveHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let engine: Engine
  private var head: HTTPRequestHead?

  init(engine: Engine) { self.engine = engine }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): self.head = head
    case .body: break
    case .end:
      guard let head else { return }
      let answer = answer(to: head)
      var body = context.channel.allocator.buffer(capacity: answer.json.utf8.count)
      body.writeString(answer.json)
      let headers: HTTPHeaders = [
        "content-type": "application/json", "content-length": "\(body.readableBytes)",
      ]
      context.write(
        wrapOutboundOut(.head(.init(version: head.version, status: answer.code, headers: headers))),
        promise: nil)
      context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
      let written = context.writeAndFlush(wrapOutboundOut(.end(nil)))
      if !head.isKeepAlive {
        written.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
      }
    }
  }

  private func answer(to head: HTTPRequestHead) -> (code: HTTPResponseStatus, json: String) {
    guard head.method == .GET else { return (.methodNotAllowed, #"{"error":"GET only"}"#) }
    let target = Target(head.uri)
    if target.path == ["status"] {
      return (.ok, #"{"revision":\#(engine.status.revision)}"#)
    }
    guard target.path.count == 2, target.path[0] == "resolve" else {
      return (.notFound, #"{"error":"ask for /resolve/USE_CASE?unit=…"}"#)
    }
    var request = Request(target.path[1])
    for (name, value) in target.query {
      if name == "unit" {
        request.unit = Request.Unit(value)
      } else {
        request.attributes[name] = Self.value(value)
      }
    }
    let decision = engine.resolve(request)
    return (Self.code(decision.status), decision.json(useCase: request.useCase))
  }

  /// In a query everything is text: what reads as a number or a boolean is taken for one.
  private static func value(_ text: String) -> Request.Value {
    switch text {
    case "true": true
    case "false": false
    default: Double(text).map { .number($0) } ?? .string(text)
    }
  }

  private static func code(_ status: Status) -> HTTPResponseStatus {
    switch status {
    case .ok: .ok
    case .unknownUseCase, .unknownRoutingKey: .notFound
    case .disabled, .unavailable, .noTable: .serviceUnavailable
    case .missingRequired, .invalidArgument: .badRequest
    default: .internalServerError
    }
  }
}
