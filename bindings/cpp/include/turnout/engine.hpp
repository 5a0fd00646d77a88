// turnout/engine.hpp: engines and views, which resolve.
// SPDX-License-Identifier: Apache-2.0
#ifndef TURNOUT_ENGINE_HPP
#define TURNOUT_ENGINE_HPP

#include <turnout/decision.hpp>
#include <turnout/overlay.hpp>
#include <turnout/request.hpp>
#include <turnout/result.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace turnout {

enum class Form : std::uint32_t { text = TURNOUT_EXPLAIN_TEXT, json = TURNOUT_EXPLAIN_JSON };

// Why a request gets its answer. With Status::buffer_too_small the text is absent and `needed` is
// the size of buffer that would do.
struct Explanation {
  Status status;
  std::string_view text;
  std::size_t needed;
};

// What an Engine and a View have both: a handle of turnout.h, which they own, and the resolves.
template <class Calls> class Resolving {
public:
  using Handle = typename Calls::Handle;
  // Takes a handle over, and closes it in the end.
  explicit Resolving(Handle *handle) noexcept : handle_(handle) {}
  Resolving(Resolving &&other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Resolving &operator=(Resolving &&other) noexcept {
    if (this != &other) {
      close();
      handle_ = std::exchange(other.handle_, nullptr);
    }
    return *this;
  }
  ~Resolving() { close(); }

  // Ends it before its destructor would. Threads: once no other thread uses it.
  Status close() noexcept {
    return static_cast<Status>(Calls::close(std::exchange(handle_, nullptr)));
  }
  // The handle, for functions of turnout.h; it stays owned.
  Handle *c() const noexcept { return handle_; }

  // Resolves one request. After a thread's first call: no lock, no allocation, no system call.
  // Result: into.status(); Status::buffer_too_small with into.buffer_needed().
  Status resolve(const Request &request, DecisionIn &into) const noexcept {
    return static_cast<Status>(
        Calls::resolve(handle_, &request.c(), into.buffer(), into.buffer_size(), &into.c()));
  }
  // Resolves the request for each of these primary units, against one revision; its own unit is not
  // read. Result: ok if all were resolved, each with its own status. If not, into.size() of them
  // were: go on with units.from(into.size()). More units than into.capacity() are an invalid
  // argument.
  Status resolve_units(const Request &request, Span<const Text> units,
                       BatchIn &into) const noexcept {
    return batch(Calls::resolve_units, request, units, into);
  }
  // The same for each of these use cases; the request's own is not read.
  Status resolve_use_cases(const Request &request, Span<const Name> use_cases,
                           BatchIn &into) const noexcept {
    return batch(Calls::resolve_use_cases, request, use_cases, into);
  }
  // Where a routing key leads in the table in force; a cluster that is down has its key still.
  // Result: Status::unknown_routing_key if the table does not have it; Status::buffer_too_small
  // with into.buffer_needed().
  Status destination(std::string_view routing_key, DestinationIn &into) const noexcept {
    return static_cast<Status>(
        Calls::destination(handle_, Text(routing_key), into.buffer_, into.size_, &into.c_));
  }
  // Why the request gets its answer, or none. Lifetime: the text lives in `buffer`. Memory: the
  // library's own, while it works.
  Explanation explain(const Request &request, Form form, Span<char> buffer) const noexcept {
    std::size_t needed = 0;
    const auto status =
        static_cast<Status>(Calls::explain(handle_, &request.c(), static_cast<std::uint32_t>(form),
                                           buffer.data(), buffer.size(), &needed));
    return {status,
            status == Status::ok ? std::string_view(buffer.data(), needed) : std::string_view{},
            needed};
  }
  // The same into a string. Memory: the string's. Result: the words, or why there are none; not
  // noexcept, since strings are not.
  Result<std::string> explain(const Request &request, Form form = Form::text) const {
    std::string text;
    Explanation made = explain(request, form, Span<char>());
    while (made.status == Status::buffer_too_small && made.needed > text.size()) {
      text.resize(made.needed);
      made = explain(request, form, Span<char>(text));
    }
    if (made.status != Status::ok)
      return Error(made.status);
    text.resize(made.needed);
    return text;
  }
#if defined(__cpp_exceptions)
  // resolve(), for callers who want a decision or an exception. Result: `into`, whose status is ok;
  // a Failure for every other one, unknown_use_case too.
  const DecisionRef &resolve_or_throw(const Request &request, DecisionIn &into) const {
    const Status status = resolve(request, into);
    if (status != Status::ok)
      throw Failure(status, name(status));
    return into;
  }
#endif

protected:
  Handle *handle_;

private:
  template <class Call, class Element>
  Status batch(Call call, const Request &request, Span<const Element> elements,
               BatchIn &into) const noexcept {
    into.resolved_ = 0;
    if (elements.size() > into.capacity())
      return Status::invalid_argument;
    return static_cast<Status>(call(handle_, &request.c(), elements.data(), elements.size(),
                                    into.buffer_, into.buffer_size_, into.decisions_.data(),
                                    sizeof(turnout_decision), &into.resolved_));
  }
};

namespace detail {
struct ViewCalls {
  using Handle = turnout_view;
  static constexpr auto close = &turnout_view_close;
  static constexpr auto resolve = &turnout_view_resolve;
  static constexpr auto resolve_units = &turnout_view_resolve_units;
  static constexpr auto resolve_use_cases = &turnout_view_resolve_use_cases;
  static constexpr auto explain = &turnout_view_explain;
  static constexpr auto destination = &turnout_view_destination;
};
struct EngineCalls {
  using Handle = turnout_engine;
  static constexpr auto close = &turnout_engine_close;
  static constexpr auto resolve = &turnout_resolve;
  static constexpr auto resolve_units = &turnout_resolve_units;
  static constexpr auto resolve_use_cases = &turnout_resolve_use_cases;
  static constexpr auto explain = &turnout_explain;
  static constexpr auto destination = &turnout_engine_destination;
};
} // namespace detail

// Pins one revision, for several resolves that must agree. It may outlive its engine and pass
// between threads. It keeps its table's memory alive: let it end soon.
class View : public Resolving<detail::ViewCalls> {
public:
  using Resolving::Resolving;
  // 0 for a view that was closed.
  std::uint64_t revision() const noexcept { return turnout_view_revision(handle_); }
};

// What an engine serves; the fields are those of turnout_engine_info.
struct EngineInfo : turnout_engine_info {
  Error head; // the words behind head_status
  EngineInfo() noexcept : turnout_engine_info(TURNOUT_ENGINE_INFO_INIT) {}
};

// How to open. `constants` are attributes of every request, copied when it opens. With no_thread
// there is no keeper: the host calls refresh(). With private_tables each table is copied into the
// process's own memory, out of reach of what is done to its file.
struct OpenOptions {
  Span<const Attribute> constants;
  bool no_thread = false;
  bool private_tables = false;
};

// This process's door to one store; closed by its destructor, while its views stay valid.
class Engine : public Resolving<detail::EngineCalls> {
public:
  using Resolving::Resolving;
  // Opens the store in this directory. Lifetime: until close() or the destructor. Memory: the
  // engine's own.
  static Result<Engine> open(const char *path, const OpenOptions &options = {}) noexcept {
    turnout_open_options c = TURNOUT_OPEN_OPTIONS_INIT;
    c.constants = options.constants.data();
    c.constant_count = options.constants.size();
    c.flags = (options.no_thread ? TURNOUT_NO_THREAD : 0) |
              (options.private_tables ? TURNOUT_PRIVATE_TABLES : 0);
    Error error;
    turnout_engine *handle = nullptr;
    if (turnout_engine_open(path, &c, &error.c(), &handle) != TURNOUT_OK)
      return error;
    return Engine(handle);
  }
  static Result<Engine> open(const std::string &path, const OpenOptions &options = {}) noexcept {
    return open(path.c_str(), options);
  }
#if defined(__cpp_exceptions)
  // The same, or a Failure.
  explicit Engine(const std::string &path, const OpenOptions &options = {})
      : Engine(open(path, options).value_or_throw()) {}
#endif

  // Pins the revision in force. Memory: the view's own; at most TURNOUT_VIEWS_MAX are open.
  Result<View> view() const noexcept {
    Error error;
    turnout_view *handle = nullptr;
    if (turnout_view_open(handle_, &error.c(), &handle) != TURNOUT_OK)
      return error;
    return View(handle);
  }
  // Adopts the store's head now, in this thread. Memory: may map a table. Result: done, or why head
  // is not served; the table in force stays.
  Result<Done> refresh() const noexcept {
    Error error;
    if (turnout_engine_refresh(handle_, &error.c()) != TURNOUT_OK)
      return error;
    return Done{};
  }
  // What it serves, and why not head if it does not.
  Result<EngineInfo> status() const noexcept {
    EngineInfo info;
    const turnout_status status = turnout_engine_status(handle_, &info, &info.head.c());
    if (status != TURNOUT_OK)
      return Error(static_cast<Status>(status));
    return info;
  }
  // The overlay that its resolves go by. Result: Status::buffer_too_small with buffer_needed().
  Status overlay(OverlayIn &into) const noexcept {
    return static_cast<Status>(turnout_engine_overlay(handle_, into.buffer_, into.size_, &into.c_));
  }
};

} // namespace turnout

#endif // TURNOUT_ENGINE_HPP
