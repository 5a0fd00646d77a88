import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import Turnout

/// A resolver over HTTP: `service STORE [PORT]`, then
///
///     curl 'http://127.0.0.1:8080/resolve/ContinueWatching?unit=u_17&country=US'
///
/// One engine serves every thread of the event loops: a resolve takes no lock, so nothing here hops
/// between threads or waits.
@main
struct Service {
  static func main() async throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 2 || arguments.count == 3,
      let port = arguments.count == 3 ? Int(arguments[2]) : 8080
    else {
      print("usage: service STORE [PORT]")
      return
    }
    let engine: Engine
    do {
      engine = try Engine(path: arguments[1])
    } catch {
      print("service: \(error)")
      return
    }
    let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline()
          try channel.pipeline.syncOperations.addHandler(ResolveHandler(engine: engine))
        }
      }
      .bind(host: "127.0.0.1", port: port).get()
    print("listening on \(server.localAddress?.port ?? port)")
    fflush(nil)  // at once, into a file or a pipe, too
    try await server.closeFuture.get()
  }
}
