// Decisions: every field, absent ones, buffers of every size, refusals.
#include "store.hpp"
#include <cstring>
#include <gtest/gtest.h>
#include <string>
#include <turnout.hpp>
#include <vector>

using namespace turnout;

namespace {

class Resolving : public testing::Test {
protected:
  static void SetUpTestSuite() {
    plain = new Engine(store_with("resolving", shared_document("routing.yaml")));
    lists = new Engine(store_with("lists", shared_document("experiments.yaml")));
  }
  static void TearDownTestSuite() {
    delete plain;
    delete lists;
  }
  inline static Engine *plain, *lists;
};

TEST_F(Resolving, EveryFieldIsRead) {
  const Attribute context[] = {{"country", "NO"}, {"age", 42}};
  Request request("Everything", "u_1");
  request.attributes(context).want_config();
  Decision decision;
  ASSERT_EQ(plain->resolve(request, decision), Status::ok);
  ASSERT_TRUE(decision);
  EXPECT_EQ(decision.status(), Status::ok);
  EXPECT_EQ(decision.revision(), 1U);
  EXPECT_EQ(decision.model(), "ranker");
  EXPECT_EQ(decision.version(), "v1");
  EXPECT_EQ(decision.cluster(), "main");
  EXPECT_EQ(decision.shard().data(), nullptr);
  EXPECT_EQ(decision.address(), "10.0.0.1:8080");
  EXPECT_EQ(decision.routing_key(), "main");
  EXPECT_EQ(decision.rule(), "north");
  EXPECT_EQ(decision.traffic(), "production");
  EXPECT_NE(decision.config().find(R"("k":100)"), std::string_view::npos);
  EXPECT_EQ(decision.reason(), Reason::route);
  EXPECT_FALSE(decision.fallback());
  EXPECT_FALSE(decision.degraded());
  EXPECT_TRUE(decision.cells().empty());
  EXPECT_TRUE(decision.holdouts().empty());
  EXPECT_TRUE(decision.shadows().empty());
  EXPECT_GT(decision.buffer_needed(), 0U);
  const auto status = plain->status();
  ASSERT_TRUE(status);
  EXPECT_EQ(std::memcmp(decision.digest(), status->digest, 16), 0);
}

TEST_F(Resolving, ListsAreReadInTheirOrder) {
  const Unit units[] = {{"account", "a_1"}};
  Request request("All", "bob");
  request.units(units).want_config().request_id("r");
  Decision decision;
  ASSERT_EQ(lists->resolve(request, decision), Status::ok);
  std::vector<std::string> cells;
  for (const Cell cell : decision.cells())
    cells.push_back(std::string(cell.experiment) + "/" + std::string(cell.cell));
  ASSERT_EQ(cells.size(), decision.cells().size());
  ASSERT_GE(cells.size(), 2U);
  EXPECT_EQ(cells.back(), "colour/red");
  EXPECT_EQ(decision.cells()[cells.size() - 1].by, By::override_);
  EXPECT_EQ(decision.cells()[0].by, By::hash);
  ASSERT_GE(decision.holdouts().size(), 1U);
  EXPECT_EQ(decision.holdouts()[0], "everyone");
  ASSERT_GE(decision.shadows().size(), 2U);
  const Shadow shadow = decision.shadows()[0];
  EXPECT_EQ(shadow.name, "whole");
  EXPECT_EQ(shadow.model, "ranker");
  EXPECT_EQ(shadow.version, "v2");
  EXPECT_EQ(shadow.cluster, "spare");
  EXPECT_EQ(shadow.shard.data(), nullptr);
  EXPECT_EQ(shadow.address, "10.0.0.2:8080");
  EXPECT_EQ(shadow.routing_key, "to-spare");
  EXPECT_EQ(shadow.config, R"({"k":2})");
}

TEST_F(Resolving, AHandleAsksTheSame) {
  const Attribute by_name[] = {{"country", "NO"}};
  const Attribute by_handle[] = {{Name::hashed("country"), "NO"}};
  Decision first, second;
  ASSERT_EQ(plain->resolve(Request("Everything", "u").attributes(by_name), first), Status::ok);
  ASSERT_EQ(plain->resolve(Request(Name::hashed("Everything"), "u").attributes(by_handle), second),
            Status::ok);
  EXPECT_EQ(first.rule(), "north");
  EXPECT_EQ(second.rule(), "north");
}

TEST_F(Resolving, WhatIsRefusedHasAStatusAndNoTexts) {
  const std::pair<const char *, Status> cases[] = {{"Nothing", Status::unknown_use_case},
                                                   {"Off", Status::disabled},
                                                   {"Demanding", Status::missing_required},
                                                   {"", Status::invalid_argument},
                                                   {"\xff", Status::invalid_argument}};
  Decision decision;
  for (const auto &[use_case, status] : cases) {
    EXPECT_EQ(plain->resolve(Request(use_case, "u"), decision), status);
    EXPECT_EQ(decision.status(), status);
    EXPECT_FALSE(decision);
    EXPECT_EQ(decision.model().data(), nullptr);
    EXPECT_EQ(decision.reason(), Reason::none);
    try {
      plain->resolve_or_throw(Request(use_case, "u"), decision);
      FAIL() << "no exception";
    } catch (const Failure &failure) {
      EXPECT_EQ(failure.status(), status);
      EXPECT_EQ(failure.what(), name(status));
    }
  }
  EXPECT_EQ(plain->resolve_or_throw(Request("Plain", "u"), decision).version(), "v2");
}

TEST_F(Resolving, EveryBufferSizeIsRespected) {
  Request request("All", "u_3");
  request.want_config();
  Decision whole;
  ASSERT_EQ(lists->resolve(request, whole), Status::ok);
  const std::size_t needed = whole.buffer_needed();
  for (std::size_t size = 0; size <= needed; size++) {
    std::vector<char> buffer(size);
    DecisionIn decision(buffer.data(), buffer.size());
    const Status status = lists->resolve(request, decision);
    EXPECT_EQ(decision.buffer_needed(), needed);
    EXPECT_EQ(status, size < needed ? Status::buffer_too_small : Status::ok);
    EXPECT_EQ(decision.model(), size < needed ? std::string_view() : whole.model());
  }
}

TEST_F(Resolving, ADecisionSmallerThanUsualIsADecision) {
  DecisionOf<512> decision;
  ASSERT_EQ(plain->resolve(Request("Plain", "u"), decision), Status::ok);
  EXPECT_EQ(decision.cluster(), "spare");
  const DecisionRef elsewhere = decision;
  EXPECT_EQ(elsewhere.cluster().data(), decision.cluster().data());
}

} // namespace
