// turnout/decision.hpp: what is answered, in buffers of the caller's.
// SPDX-License-Identifier: Apache-2.0
#ifndef TURNOUT_DECISION_HPP
#define TURNOUT_DECISION_HPP

#include <turnout/request.hpp>
#include <turnout/result.hpp>

namespace turnout {

// What decided. Values that a later library may add are carried as they are.
enum class Reason : std::uint32_t {
  none = TURNOUT_REASON_NONE,
  override_ = TURNOUT_REASON_OVERRIDE,
  route = TURNOUT_REASON_ROUTE,
  split = TURNOUT_REASON_SPLIT,
  lookup = TURNOUT_REASON_LOOKUP,
  experiment = TURNOUT_REASON_EXPERIMENT
};
// How a unit came into a cell.
enum class By : std::uint32_t {
  hash = TURNOUT_BY_HASH,
  override_ = TURNOUT_BY_OVERRIDE,
  assignment = TURNOUT_BY_ASSIGNMENT
};

// Up, draining and down are of clusters; on and off of use cases, experiments and shadows.
enum class State : std::uint32_t {
  up = TURNOUT_UP,
  draining = TURNOUT_DRAINING,
  down = TURNOUT_DOWN,
  on = TURNOUT_ON,
  off = TURNOUT_OFF
};

namespace detail {
constexpr std::string_view view(turnout_text text) noexcept { return {text.data, text.size}; }
} // namespace detail

// A cell that the unit is in.
struct Cell {
  std::string_view experiment, cell;
  By by;
  Cell(const turnout_cell &c) noexcept
      : experiment(detail::view(c.experiment)), cell(detail::view(c.cell)),
        by(static_cast<By>(c.by)) {}
};
// Where a copy of the request should go, too.
struct Shadow {
  std::string_view name, model, version, cluster, shard, address, routing_key, config;
  Shadow(const turnout_shadow &c) noexcept
      : name(detail::view(c.name)), model(detail::view(c.model)), version(detail::view(c.version)),
        cluster(detail::view(c.cluster)), shard(detail::view(c.shard)),
        address(detail::view(c.address)), routing_key(detail::view(c.routing_key)),
        config(detail::view(c.config)) {}
};
// A holdout that kept the unit out.
struct Holdout : std::string_view {
  Holdout(const turnout_text &c) noexcept : std::string_view(detail::view(c)) {}
};
// A list of an answer: C structs, read as `Face`. It lives as long as the buffer behind it.
template <class C, class Face> class List {
public:
  class Iterator {
  public:
    explicit Iterator(const C *at) noexcept : at_(at) {}
    Face operator*() const noexcept { return Face(*at_); }
    Iterator &operator++() noexcept { return ++at_, *this; }
    bool operator!=(Iterator other) const noexcept { return at_ != other.at_; }

  private:
    const C *at_;
  };
  List(const C *data, std::size_t size) noexcept : data_(data), size_(size) {}
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  Face operator[](std::size_t index) const noexcept { return Face(data_[index]); }
  Iterator begin() const noexcept { return Iterator(data_); }
  Iterator end() const noexcept { return Iterator(data_ + size_); }

private:
  const C *data_;
  std::size_t size_;
};

// Reads a decision that stands elsewhere: in a DecisionIn, or in a batch.
class DecisionRef {
public:
  explicit DecisionRef(const turnout_decision &c) noexcept : read_(&c) {}
  Status status() const noexcept { return static_cast<Status>(read_->status); }
  explicit operator bool() const noexcept { return read_->status == TURNOUT_OK; }
  std::uint64_t revision() const noexcept { return read_->revision; }
  const std::uint8_t (&digest() const noexcept)[16] { return read_->digest; }
  std::string_view model() const noexcept { return detail::view(read_->model); }
  std::string_view version() const noexcept { return detail::view(read_->version); }
  std::string_view cluster() const noexcept { return detail::view(read_->cluster); }
  std::string_view shard() const noexcept { return detail::view(read_->shard); }
  std::string_view address() const noexcept { return detail::view(read_->address); }
  std::string_view routing_key() const noexcept { return detail::view(read_->routing_key); }
  std::string_view rule() const noexcept { return detail::view(read_->rule); }
  std::string_view traffic() const noexcept { return detail::view(read_->traffic); }
  std::string_view config() const noexcept { return detail::view(read_->config); }
  Reason reason() const noexcept { return static_cast<Reason>(read_->reason); }
  bool fallback() const noexcept { return (read_->flags & TURNOUT_FALLBACK) != 0; }
  bool degraded() const noexcept { return (read_->flags & TURNOUT_DEGRADED) != 0; }
  List<turnout_cell, Cell> cells() const noexcept { return {read_->cells, read_->cell_count}; }
  List<turnout_text, Holdout> holdouts() const noexcept {
    return {read_->holdouts, read_->holdout_count};
  }
  List<turnout_shadow, Shadow> shadows() const noexcept {
    return {read_->shadows, read_->shadow_count};
  }
  // Bytes of buffer that it takes; with Status::buffer_too_small, that it would take.
  std::size_t buffer_needed() const noexcept { return read_->buffer_needed; }
  const turnout_decision &c() const noexcept { return *read_; }

private:
  const turnout_decision *read_;
};

// A decision whose texts stand in a buffer of the caller's. It does not move: it points to itself.
class DecisionIn : public DecisionRef {
public:
  DecisionIn(void *buffer, std::size_t size) noexcept
      : DecisionRef(c_), buffer_(buffer), size_(size) {}
  DecisionIn(const DecisionIn &) = delete;
  DecisionIn &operator=(const DecisionIn &) = delete;
  void *buffer() const noexcept { return buffer_; }
  std::size_t buffer_size() const noexcept { return size_; }
  turnout_decision &c() noexcept { return c_; }

private:
  turnout_decision c_ = TURNOUT_DECISION_INIT;
  void *buffer_;
  std::size_t size_;
};
// A decision with its buffer inside. Resolving into it again overwrites it.
template <std::size_t Bytes> class DecisionOf : public DecisionIn {
public:
  DecisionOf() noexcept : DecisionIn(bytes_, Bytes) {}

private:
  alignas(8) char bytes_[Bytes]; // not cleared: 32 KiB would cost more than the resolve
};
// Enough for any decision without config. 33 KiB: on the stack, or one for a thread.
using Decision = DecisionOf<TURNOUT_DECISION_BYTES>;

// Where a routing key leads, in a buffer of the caller's. It does not move.
class DestinationIn {
public:
  DestinationIn(void *buffer, std::size_t size) noexcept : buffer_(buffer), size_(size) {}
  DestinationIn(const DestinationIn &) = delete;
  DestinationIn &operator=(const DestinationIn &) = delete;
  std::uint64_t revision() const noexcept { return c_.revision; }
  std::string_view cluster() const noexcept { return detail::view(c_.cluster); }
  std::string_view shard() const noexcept { return detail::view(c_.shard); }
  std::string_view address() const noexcept { return detail::view(c_.address); }
  std::string_view routing_key() const noexcept { return detail::view(c_.routing_key); }
  // Of its cluster and its shard the worse.
  State state() const noexcept { return static_cast<State>(c_.state); }
  std::size_t buffer_needed() const noexcept { return c_.buffer_needed; }

private:
  template <class Calls> friend class Resolving;
  turnout_destination c_ = TURNOUT_DESTINATION_INIT;
  void *buffer_;
  std::size_t size_;
};
// The same with its buffer inside, which any destination fits.
class Destination : public DestinationIn {
public:
  Destination() noexcept : DestinationIn(bytes_, sizeof bytes_) {}

private:
  alignas(8) char bytes_[TURNOUT_DESTINATION_BYTES];
};

// The decisions of a batch, in arrays of the caller's; size() of them are valid.
class BatchIn {
public:
  BatchIn(Span<turnout_decision> decisions, void *buffer, std::size_t size) noexcept
      : decisions_(decisions), buffer_(buffer), buffer_size_(size) {
    for (std::size_t i = 0; i < decisions.size(); i++)
      decisions.data()[i].struct_size = sizeof(turnout_decision);
  }
  BatchIn(const BatchIn &) = delete;
  BatchIn &operator=(const BatchIn &) = delete;
  std::size_t size() const noexcept { return resolved_; }
  std::size_t capacity() const noexcept { return decisions_.size(); }
  DecisionRef operator[](std::size_t index) const noexcept {
    return DecisionRef(decisions_.data()[index]);
  }
  List<turnout_decision, DecisionRef> decisions() const noexcept {
    return {decisions_.data(), resolved_};
  }

private:
  template <class Calls> friend class Resolving;
  Span<turnout_decision> decisions_;
  void *buffer_;
  std::size_t buffer_size_, resolved_ = 0;
};
// A batch with its arrays inside: of `Count` decisions, and `Bytes` for the texts of all of them.
template <std::size_t Count, std::size_t Bytes> class BatchOf : public BatchIn {
public:
  BatchOf() noexcept : BatchIn(all_, bytes_, Bytes) {}

private:
  turnout_decision all_[Count];
  alignas(8) char bytes_[Bytes];
};

} // namespace turnout

#endif // TURNOUT_DECISION_HPP
