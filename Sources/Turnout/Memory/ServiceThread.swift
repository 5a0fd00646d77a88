internal import Glibc

/// A thread of this engine: it takes no signals, has a small stack and a name.
struct ServiceThread: Sendable {
  private let handle: pthread_t

  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// Starts it; nil if the system gives no thread.
  static func start(stackBytes: Int, _ run: @escaping @Sendable () -> Void) -> ServiceThread? {
    var attributes = pthread_attr_t()
    var everything = sigset_t()
    var before = sigset_t()
    var handle = pthread_t()
    // SAFETY: all of these are locals that outlive the calls.
    guard unsafe pthread_attr_init(&attributes) == 0 else { return nil }
    unsafe pthread_attr_setstacksize(&attributes, stackBytes)
    // A new thread inherits the mask, so there is no moment in which it could take a signal.
    unsafe sigfillset(&everything)
    unsafe pthread_sigmask(SIG_SETMASK, &everything, &before)
    let body = unsafe Unmanaged.passRetained(Body(run))
    // SAFETY: the thread takes over the reference to its body.
    let error = unsafe pthread_create(
      &handle, &attributes,
      { argument in
        // SAFETY: the reference that the creator handed over.
        if let argument = unsafe argument {
          unsafe pthread_setname_np(pthread_self(), "turnout-keeper")
          unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
        }
        return nil
      }, body.toOpaque())
    // SAFETY: locals, as above.
    unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
    unsafe pthread_attr_destroy(&attributes)
    guard error == 0 else {
      // SAFETY: no thread took it over.
      unsafe body.release()
      return nil
    }
    return ServiceThread(handle: handle)
  }

  /// Waits for its end. Once.
  func join() {
    // SAFETY: the handle is of a thread that nobody has joined; its result is not asked for.
    unsafe pthread_join(handle, nil)
  }
}
