internal import CThread

/// A thread of this engine: it takes no signals, has a small stack and a name.
struct ServiceThread: Sendable {
  private let handle: UInt64

  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// Starts it; nil if the system gives no thread. `name` is at most 15 bytes.
  static func start(
    _ name: StaticString, stackBytes: Int, _ run: @escaping @Sendable () -> Void
  ) -> ServiceThread? {
    var handle: UInt64 = 0
    // SAFETY: the thread takes over this reference to its body.
    let body = unsafe Unmanaged.passRetained(Body(run))
    // SAFETY: the name is static and terminated; the handle outlives the call.
    let error = unsafe cthread_start(
      UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self), UInt(stackBytes),
      // SAFETY: the reference that was handed over.
      { argument in unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() },
      body.toOpaque(), &handle)
    guard error == 0 else {
      // SAFETY: no thread took it over.
      unsafe body.release()
      return nil
    }
    return ServiceThread(handle: handle)
  }

  /// Waits for its end. Once.
  func join() {
    cthread_join(handle)
  }
}
