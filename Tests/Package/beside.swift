// A Swift program with a runtime of its own, which loads libturnout.so with the one inside it:
//   beside LIBRARY STORE USE_CASE UNIT
// The structs are the header's; the functions come from dlsym, so that nothing links the library.
import CTurnout
import Glibc

struct Missing: Error { var name: String }

typealias Open =
  @convention(c) (
    UnsafePointer<CChar>?, UnsafePointer<turnout_open_options>?,
    UnsafeMutablePointer<turnout_error>?, UnsafeMutablePointer<OpaquePointer?>?
  ) -> turnout_status
typealias Resolve =
  @convention(c) (
    OpaquePointer?, UnsafePointer<turnout_request>?, UnsafeMutableRawPointer?, Int,
    UnsafeMutablePointer<turnout_decision>?
  ) -> turnout_status

func function<T>(_ name: String, in library: UnsafeMutableRawPointer, as type: T.Type) throws -> T {
  guard let symbol = dlsym(library, name) else { throw Missing(name: name) }
  return unsafeBitCast(symbol, to: type)
}

func string(_ text: turnout_text) -> String {
  String(decoding: UnsafeRawBufferPointer(start: text.data, count: text.size), as: UTF8.self)
}

/// A decision as `model@version`, or the number of the status.
func decide(_ library: UnsafeMutableRawPointer, store: String, useCase: String, unit: String) throws
  -> String
{
  let open = try function("turnout_engine_open", in: library, as: Open.self)
  let resolve = try function("turnout_resolve", in: library, as: Resolve.self)
  var engine: OpaquePointer?
  let opened = open(store, nil, nil, &engine)
  guard opened == 0 else { return "status \(opened)" }
  var request = turnout_request()
  request.struct_size = MemoryLayout<turnout_request>.size
  var decision = turnout_decision()
  decision.struct_size = MemoryLayout<turnout_decision>.size
  var buffer = [UInt64](repeating: 0, count: 4096)
  let status = useCase.withCString { name in
    unit.withCString { unit in
      request.use_case = turnout_name(data: name, size: strlen(name), hash: 0)
      request.unit = turnout_text(data: unit, size: strlen(unit))
      return resolve(engine, &request, &buffer, 8 * buffer.count, &decision)
    }
  }
  let words = withExtendedLifetime(buffer) {
    string(decision.model) + "@" + string(decision.version)
  }
  return status == 0 ? words : "status \(status)"
}

let arguments = CommandLine.arguments
guard let library = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL) else {
  fatalError(dlerror().map { String(cString: $0) } ?? "dlopen")
}
// Both runtimes at work: casts, errors and dictionaries here, before and after a resolve there.
var found: [String: Any] = [:]
do {
  _ = try function("turnout_nothing", in: library, as: Open.self)
} catch let missing as Missing {
  found["missing"] = missing.name
}
found["decision"] = try decide(
  library, store: arguments[2], useCase: arguments[3], unit: arguments[4])
for key in found.keys.sorted() { print("\(key) \(found[key] as? String ?? "no text")") }
