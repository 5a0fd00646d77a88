// turnout/result.hpp: statuses, and results with words.
// SPDX-License-Identifier: Apache-2.0
#ifndef TURNOUT_RESULT_HPP
#define TURNOUT_RESULT_HPP

#include <turnout.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#if defined(__cpp_exceptions)
#include <stdexcept>
#endif

namespace turnout {

// Values that a later library may add are carried as they are: compare, do not only switch.
enum class Status : turnout_status {
  ok = TURNOUT_OK,
  unknown_use_case = TURNOUT_UNKNOWN_USE_CASE,
  disabled = TURNOUT_DISABLED,
  missing_required = TURNOUT_MISSING_REQUIRED,
  unavailable = TURNOUT_UNAVAILABLE,
  unknown_routing_key = TURNOUT_UNKNOWN_ROUTING_KEY,
  invalid_argument = TURNOUT_INVALID_ARGUMENT,
  no_table = TURNOUT_NO_TABLE,
  buffer_too_small = TURNOUT_BUFFER_TOO_SMALL,
  reentrant = TURNOUT_REENTRANT,
  no_store = TURNOUT_NO_STORE,
  not_a_store = TURNOUT_NOT_A_STORE,
  corrupt = TURNOUT_CORRUPT,
  newer_format = TURNOUT_NEWER_FORMAT,
  permission_denied = TURNOUT_PERMISSION_DENIED,
  disk_full = TURNOUT_DISK_FULL,
  network_file_system = TURNOUT_NETWORK_FILE_SYSTEM,
  io_error = TURNOUT_IO_ERROR,
  out_of_memory = TURNOUT_OUT_OF_MEMORY,
  no_revision = TURNOUT_NO_REVISION,
  conflict = TURNOUT_CONFLICT,
  limit_exceeded = TURNOUT_LIMIT_EXCEEDED,
  closed = TURNOUT_CLOSED
};

// "ok", "unknown_use_case", …; "unknown_status" for what this library does not know. Static.
inline std::string_view name(Status status) noexcept {
  return turnout_status_name(static_cast<turnout_status>(status));
}
// Whether the library that is loaded is one that this header was written for.
inline bool abi_fits() noexcept { return turnout_abi_version() == TURNOUT_ABI_VERSION; }
// The library's version, "0.1.0". Static.
inline std::string_view version() noexcept { return turnout_version(); }

#if defined(__cpp_exceptions)
// What the throwing face throws.
class Failure : public std::runtime_error {
public:
  Failure(Status status, std::string_view words)
      : std::runtime_error(std::string(words)), status_(status) {}
  Status status() const noexcept { return status_; }

private:
  Status status_;
};
#endif

// A failure with its words: what, where and what to do. It holds them itself, in 1 KiB.
class Error {
public:
  Error() noexcept = default;
  explicit Error(Status status) noexcept { c_.status = static_cast<turnout_status>(status); }
  Status status() const noexcept { return static_cast<Status>(c_.status); }
  std::string_view message() const noexcept {
    return c_.message_size ? std::string_view(c_.message, c_.message_size) : name(status());
  }
  turnout_error &c() noexcept { return c_; }

private:
  turnout_error c_ = TURNOUT_ERROR_INIT;
};

// A value, or an Error. Ask it first: `*` and `->` of a failed one are undefined.
template <class T> class [[nodiscard]] Result {
public:
  Result(T value) noexcept : value_(std::move(value)) {}
  Result(const Error &error) noexcept : error_(error) {}
  explicit operator bool() const noexcept { return value_.has_value(); }
  // NOLINTBEGIN(bugprone-unchecked-optional-access): see the contract above.
  T &operator*() noexcept { return *value_; }
  T *operator->() noexcept { return &*value_; }
  const T &operator*() const noexcept { return *value_; }
  const T *operator->() const noexcept { return &*value_; }
  // NOLINTEND(bugprone-unchecked-optional-access)
  const Error &error() const noexcept { return error_; }
  Status status() const noexcept { return value_ ? Status::ok : error_.status(); }
#if defined(__cpp_exceptions)
  // The value, or a Failure. Memory: the exception's.
  T value_or_throw() && {
    if (!value_)
      throw Failure(error_.status(), error_.message());
    return std::move(*value_);
  }
#endif

private:
  std::optional<T> value_;
  Error error_;
};
struct Done {}; // what a call gives that has nothing to say but that it is done

} // namespace turnout

#endif // TURNOUT_RESULT_HPP
