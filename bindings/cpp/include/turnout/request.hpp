// turnout/request.hpp: what is asked: the structs of turnout.h with constructors, so that arrays of
// them need no copy.
// SPDX-License-Identifier: Apache-2.0
#ifndef TURNOUT_REQUEST_HPP
#define TURNOUT_REQUEST_HPP

#include <turnout.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace turnout {

// An array of somebody else's: a pointer and a count, a C array, or what has data() and size().
template <class T> class Span {
public:
  constexpr Span() noexcept = default;
  constexpr Span(T *data, std::size_t size) noexcept : data_(data), size_(size) {}
  template <std::size_t N> constexpr Span(T (&array)[N]) noexcept : data_(array), size_(N) {}
  // Elements of T itself: a step in an array of something derived would be another.
  template <class C, class E = std::remove_pointer_t<decltype(std::declval<C &>().data())>,
            class = std::enable_if_t<std::is_same_v<std::remove_cv_t<E>, std::remove_cv_t<T>> &&
                                     std::is_convertible_v<E *, T *>>>
  constexpr Span(C &&of) noexcept : data_(of.data()), size_(of.size()) {}
  constexpr T *data() const noexcept { return data_; }
  constexpr std::size_t size() const noexcept { return size_; }
  // What is left behind the first `count`: how a batch that filled its buffer goes on.
  constexpr Span from(std::size_t count) const noexcept {
    return count < size_ ? Span(data_ + count, size_ - count) : Span();
  }

private:
  T *data_ = nullptr;
  std::size_t size_ = 0;
};

// A text, or the bytes of a unit.
struct Text : turnout_text {
  constexpr Text() noexcept : turnout_text{} {}
  constexpr Text(std::string_view text) noexcept : turnout_text{text.data(), text.size()} {}
  constexpr Text(const char *text) noexcept : Text(std::string_view(text)) {}
  Text(const std::string &text) noexcept : Text(std::string_view(text)) {}
};

// A name of a use case, attribute, unit or experiment. Name::hashed() is a handle: hashed once, it
// fits every store and revision and saves a caller in a loop the hashing.
struct Name : turnout_name {
  constexpr Name(std::string_view text) noexcept : turnout_name{text.data(), text.size(), 0} {}
  constexpr Name(const char *text) noexcept : Name(std::string_view(text)) {}
  Name(const std::string &text) noexcept : Name(std::string_view(text)) {}
  static Name hashed(std::string_view text) noexcept { return Name(turnout_name_of(Text(text))); }

private:
  explicit Name(turnout_name made) noexcept : turnout_name(made) {}
};

// One attribute of the context: {"country", "US"}, {"tenure_days", 12}, {"kids", false}, {"x",
// nullptr}. Numbers are IEEE doubles; NaN and infinities are Status::invalid_argument.
struct Attribute : turnout_attribute {
  constexpr Attribute() noexcept : turnout_attribute{} {}
  constexpr Attribute(Name key, std::nullptr_t) noexcept
      : turnout_attribute{key, TURNOUT_NULL, 0, 0, {}} {}
  constexpr Attribute(Name key, std::string_view value) noexcept
      : turnout_attribute{key, TURNOUT_STRING, 0, 0, Text(value)} {}
  constexpr Attribute(Name key, const char *value) noexcept
      : Attribute(key, std::string_view(value)) {}
  Attribute(Name key, const std::string &value) noexcept
      : Attribute(key, std::string_view(value)) {}
  template <class T, class = std::enable_if_t<std::is_arithmetic_v<T>>>
  constexpr Attribute(Name key, T value) noexcept
      : turnout_attribute{key,
                          std::is_same_v<T, bool> ? TURNOUT_BOOLEAN : TURNOUT_NUMBER,
                          std::is_same_v<T, bool> ? static_cast<std::uint32_t>(value) : 0U,
                          std::is_same_v<T, bool> ? 0.0 : static_cast<double>(value),
                          {}} {}
};

// A unit beside the primary one: {"session", "s_9"}.
struct Unit : turnout_unit {
  constexpr Unit(Name key, Text bytes) noexcept : turnout_unit{key, bytes} {}
};

// A cell allocated elsewhere: {"depth", "deeper"}; an absent cell keeps the unit out.
struct Assignment : turnout_assignment {
  constexpr Assignment(Name of, Text to) noexcept : turnout_assignment{of, to} {}
};

static_assert(sizeof(Text) == sizeof(turnout_text) && sizeof(Name) == sizeof(turnout_name) &&
                  sizeof(Attribute) == sizeof(turnout_attribute) &&
                  sizeof(Unit) == sizeof(turnout_unit) &&
                  sizeof(Assignment) == sizeof(turnout_assignment),
              "an array of these is an array of the C structs");

// What is asked. Make it once and change what changes: nothing is copied but addresses.
class Request {
public:
  explicit Request(Name use_case, std::string_view unit = {}) noexcept {
    c_.use_case = use_case;
    c_.unit = Text(unit);
  }
  Request &use_case(Name name) noexcept { return c_.use_case = name, *this; }
  Request &unit(std::string_view bytes) noexcept { return c_.unit = Text(bytes), *this; }
  Request &request_id(std::string_view bytes) noexcept {
    return c_.request_id = Text(bytes), *this;
  }
  Request &attributes(Span<const Attribute> all) noexcept {
    return c_.attributes = all.data(), c_.attribute_count = all.size(), *this;
  }
  Request &units(Span<const Unit> others) noexcept {
    return c_.units = others.data(), c_.unit_count = others.size(), *this;
  }
  Request &assignments(Span<const Assignment> all) noexcept {
    return c_.assignments = all.data(), c_.assignment_count = all.size(), *this;
  }
  // The moment to resolve for, in UTC since 1970; 0 is the system's clock.
  Request &now_ns(std::int64_t time) noexcept { return c_.now_ns = time, *this; }
  Request &now(std::chrono::system_clock::time_point time) noexcept {
    return now_ns(std::chrono::nanoseconds(time.time_since_epoch()).count());
  }
  // Merges the config into the decision; otherwise none is produced.
  Request &want_config(bool want = true) noexcept {
    return c_.flags = want ? c_.flags | TURNOUT_WANT_CONFIG : c_.flags & ~TURNOUT_WANT_CONFIG,
           *this;
  }
  turnout_request &c() noexcept { return c_; }
  const turnout_request &c() const noexcept { return c_; }

private:
  turnout_request c_ = TURNOUT_REQUEST_INIT;
};

} // namespace turnout

#endif // TURNOUT_REQUEST_HPP
