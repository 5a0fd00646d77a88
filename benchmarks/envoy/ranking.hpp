// What the programs of the hop share: the message, its sum, and the decision by the library.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ranking.grpc.pb.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <google/protobuf/arena.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/support/message_allocator.h>
#include <memory>
#include <mutex>
#include <string>
#include <turnout.hpp>
#include <unordered_map>

namespace ranking {

// Two messages of 1 MB: what takes the least to decode, and what people often send.
enum class Shape { packed, named };
constexpr int candidates = 500;
constexpr int packed_features = 500;
constexpr int named_features = 84;

[[noreturn]] inline void die(const std::string &what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  std::exit(1);
}

inline std::string member(unsigned number) {
  char text[16];
  std::snprintf(text, sizeof text, "member-%04u", number % 1000);
  return text;
}

// A request of 1 MB. Its numbers look like numbers, and each is another.
inline RankRequest request(Shape shape) {
  RankRequest made;
  made.set_use_case("HomepageRanking");
  made.set_country("US");
  made.set_device("phone");
  made.set_tenure_days(400);
  made.set_app_version("8.10.2");
  uint32_t state = 12345;
  const auto number = [&state] {
    state = state * 1664525 + 1013904223;
    return static_cast<float>(state >> 8) / 16777216.0f;
  };
  for (int i = 0; i < candidates; i++) {
    Candidate *one = made.add_candidates();
    one->set_id("title-" + std::to_string(100000 + i));
    if (shape == Shape::packed)
      for (int j = 0; j < packed_features; j++)
        one->add_features(number());
    else
      for (int j = 0; j < named_features; j++) {
        Feature *feature = one->add_named();
        feature->set_name("clicks_7d_us_" + std::to_string(10 + j));
        feature->set_value(number());
      }
  }
  return made;
}

// Every bit of the numbers and every byte of the names, with its place.
class Sum {
public:
  void add(const std::string &text) {
    for (const char byte : text)
      total += static_cast<unsigned char>(byte) * place++;
  }

  void add(const float *numbers, int count) {
    for (int i = 0; i < count; i++) {
      uint32_t bits;
      std::memcpy(&bits, &numbers[i], sizeof bits);
      total += bits * (place + static_cast<uint64_t>(i));
    }
    place += static_cast<uint64_t>(count);
  }

  uint64_t total = 0;

private:
  uint64_t place = 1;
};

inline uint64_t sum(const RankRequest &request) {
  Sum sum;
  for (const Candidate &one : request.candidates()) {
    sum.add(one.id());
    sum.add(one.features().data(), one.features_size());
    for (const Feature &feature : one.named()) {
      sum.add(feature.name());
      const float value = feature.value();
      sum.add(&value, 1);
    }
  }
  return sum.total;
}

// Request and reply of a server in one arena: what they consist of is allocated and released in few
// pieces, as a server does that was made for large messages.
class InArena final : public grpc::MessageHolder<RankRequest, RankReply> {
public:
  InArena() {
    set_request(google::protobuf::Arena::CreateMessage<RankRequest>(&arena));
    set_response(google::protobuf::Arena::CreateMessage<RankReply>(&arena));
  }

  void Release() override { delete this; }

private:
  google::protobuf::Arena arena;
};

class Arenas final : public grpc::MessageAllocator<RankRequest, RankReply> {
public:
  grpc::MessageHolder<RankRequest, RankReply> *AllocateMessages() override { return new InArena; }
};

// The decision, by the library in this process, and the stubs of where it leads, one channel each.
class Destinations {
public:
  explicit Destinations(const char *store) : engine(opened(store)) {}

  struct Destination {
    Ranker::Stub *stub;
    std::string version;
  };

  Destination of(const RankRequest &request) {
    const turnout::Attribute context[] = {{"country", request.country()},
                                          {"device", request.device()},
                                          {"tenure_days", request.tenure_days()},
                                          {"app_version", request.app_version()}};
    turnout::Decision decision;
    const turnout::Status status = engine.resolve(
        turnout::Request(request.use_case(), request.member()).attributes(context), decision);
    if (status != turnout::Status::ok)
      die(std::string("no decision: ") + std::string(turnout::name(status)));
    return {stub(std::string(decision.address())), std::string(decision.version())};
  }

  Ranker::Stub *stub(const std::string &address) {
    const std::lock_guard<std::mutex> held(mutex);
    std::unique_ptr<Ranker::Stub> &found = stubs[address];
    if (!found)
      found = Ranker::NewStub(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
    return found.get();
  }

private:
  static turnout::Engine opened(const char *store) {
    auto engine = turnout::Engine::open(store);
    if (!engine)
      die(std::string(engine.error().message()));
    return std::move(*engine);
  }

  turnout::Engine engine;
  std::mutex mutex;
  std::unordered_map<std::string, std::unique_ptr<Ranker::Stub>> stubs;
};

} // namespace ranking
