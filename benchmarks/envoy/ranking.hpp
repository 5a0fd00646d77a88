// What the programs of the hop share: the message, its sum, and the decision by the library.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ranking.grpc.pb.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <grpcpp/grpcpp.h>
#include <memory>
#include <mutex>
#include <string>
#include <turnout.hpp>
#include <unordered_map>

namespace ranking {

constexpr int candidates = 500;
constexpr int features = 500; // 500 times 500 floats: 1 MB

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
inline RankRequest request() {
  RankRequest made;
  made.set_use_case("HomepageRanking");
  made.set_country("US");
  made.set_device("phone");
  made.set_tenure_days(400);
  made.set_app_version("8.10.2");
  uint32_t state = 12345;
  for (int i = 0; i < candidates; i++) {
    Candidate *one = made.add_candidates();
    one->set_id("title-" + std::to_string(100000 + i));
    one->mutable_features()->Reserve(features);
    for (int j = 0; j < features; j++) {
      state = state * 1664525 + 1013904223;
      one->add_features(static_cast<float>(state >> 8) / 16777216.0f);
    }
  }
  return made;
}

// Every bit of the features with its place, and every byte of the names.
inline uint64_t sum(const RankRequest &request) {
  uint64_t total = 0;
  uint64_t place = 1;
  for (const Candidate &one : request.candidates()) {
    for (const char byte : one.id())
      total += static_cast<unsigned char>(byte) * place++;
    const float *numbers = one.features().data();
    const int count = one.features_size();
    for (int i = 0; i < count; i++) {
      uint32_t bits;
      std::memcpy(&bits, &numbers[i], sizeof bits);
      total += bits * (place + static_cast<uint64_t>(i));
    }
    place += static_cast<uint64_t>(count);
  }
  return total;
}

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
