// turnout/overlay.hpp: states of clusters, and switches, beside the tables.
// SPDX-License-Identifier: Apache-2.0
#ifndef TURNOUT_OVERLAY_HPP
#define TURNOUT_OVERLAY_HPP

#include <turnout/decision.hpp>
#include <turnout/request.hpp>
#include <turnout/result.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace turnout {

enum class Kind : std::uint32_t {
  cluster = TURNOUT_CLUSTER,
  use_case = TURNOUT_USE_CASE,
  experiment = TURNOUT_EXPERIMENT,
  shadow = TURNOUT_SHADOW
};

// One change: {Kind::cluster, "east", State::draining}; until_ns, in UTC since 1970, 0 is for ever.
struct OverlayEntry : turnout_overlay_entry {
  constexpr OverlayEntry(Kind of, Text what, State to, std::int64_t until = 0) noexcept
      : turnout_overlay_entry{static_cast<std::uint32_t>(of), static_cast<std::uint32_t>(to), what,
                              until} {}
};
static_assert(sizeof(OverlayEntry) == sizeof(turnout_overlay_entry),
              "an array of these is an array of the C structs");

// An entry of the overlay that is in force.
struct Entry {
  std::string_view name;
  Kind kind;
  State state;
  std::int64_t until_ns;
  Entry(const turnout_overlay_entry &c) noexcept
      : name(detail::view(c.name)), kind(static_cast<Kind>(c.kind)),
        state(static_cast<State>(c.state)), until_ns(c.until_ns) {}
};

// The overlay that resolves go by, in a buffer of the caller's. It does not move.
class OverlayIn {
public:
  OverlayIn(void *buffer, std::size_t size) noexcept : buffer_(buffer), size_(size) {}
  OverlayIn(const OverlayIn &) = delete;
  OverlayIn &operator=(const OverlayIn &) = delete;
  std::uint64_t generation() const noexcept { return c_.generation; }
  List<turnout_overlay_entry, Entry> entries() const noexcept {
    return {c_.entries, c_.entry_count};
  }
  std::size_t buffer_needed() const noexcept { return c_.buffer_needed; }

private:
  friend class Engine;
  turnout_overlay c_ = TURNOUT_OVERLAY_INIT;
  void *buffer_;
  std::size_t size_;
};

// Changes the overlay of the store in this directory by all entries at once. Threads: any; waits
// for other writers. Result: done, also if all holds already; else words, and nothing has changed.
inline Result<Done> set_overlay(const char *path, Span<const OverlayEntry> entries,
                                std::string_view author, std::string_view message) noexcept {
  Error error;
  if (turnout_overlay_set(path, entries.data(), entries.size(), Text(author), Text(message),
                          &error.c()) != TURNOUT_OK)
    return error;
  return Done{};
}
inline Result<Done> set_overlay(const std::string &path, Span<const OverlayEntry> entries,
                                std::string_view author, std::string_view message) noexcept {
  return set_overlay(path.c_str(), entries, author, message);
}

} // namespace turnout

#endif // TURNOUT_OVERLAY_HPP
