// The overlay: set for all processes, listed from what an engine goes by.
#include "store.hpp"
#include <gtest/gtest.h>
#include <string>
#include <turnout.hpp>

using namespace turnout;

namespace {

TEST(Overlay, WhatIsSetIsObeyedListedAndTakenBack) {
  const std::string store = store_with("overlay", shared_document("routing.yaml"));
  const Engine engine(store, {{}, true});
  const OverlayEntry changes[] = {{Kind::cluster, "spare", State::draining},
                                  {Kind::use_case, "ByAccount", State::off, INT64_MAX}};
  const auto set = set_overlay(store, changes, "ada", "maintenance");
  ASSERT_TRUE(set) << set.error().message();
  ASSERT_TRUE(engine.refresh());
  Decision decision;
  EXPECT_EQ(engine.resolve(Request("ByAccount", "u"), decision), Status::disabled);
  ASSERT_EQ(engine.resolve(Request("Plain", "u"), decision), Status::ok);
  EXPECT_TRUE(decision.degraded());

  OverlayIn none(nullptr, 0);
  EXPECT_EQ(engine.overlay(none), Status::buffer_too_small);
  std::string buffer(none.buffer_needed(), '#');
  OverlayIn overlay(buffer.data(), buffer.size());
  ASSERT_EQ(engine.overlay(overlay), Status::ok);
  EXPECT_GT(overlay.generation(), 0U);
  ASSERT_EQ(overlay.entries().size(), 2U);
  const Entry first = overlay.entries()[0], second = overlay.entries()[1];
  EXPECT_EQ(first.kind, Kind::cluster);
  EXPECT_EQ(first.name, "spare");
  EXPECT_EQ(first.state, State::draining);
  EXPECT_EQ(first.until_ns, 0);
  EXPECT_EQ(second.kind, Kind::use_case);
  EXPECT_EQ(second.state, State::off);
  EXPECT_EQ(second.until_ns, INT64_MAX);

  const OverlayEntry back[] = {{Kind::cluster, "spare", State::up},
                               {Kind::use_case, "ByAccount", State::on}};
  ASSERT_TRUE(set_overlay(store.c_str(), back, "ada", ""));
  ASSERT_TRUE(engine.refresh());
  ASSERT_EQ(engine.overlay(overlay), Status::ok);
  EXPECT_TRUE(overlay.entries().empty());
}

// A sidecar's second step: the key that a client carries, and whether the table has it.
TEST(Overlay, ARoutingKeyLeadsToItsDestinationAndItsState) {
  const std::string store = store_with("destination", shared_document("routing.yaml"));
  const Engine engine(store, {{}, true});
  const auto view = engine.view();
  ASSERT_TRUE(view);
  Destination found;
  ASSERT_EQ(engine.destination("to-spare", found), Status::ok);
  EXPECT_EQ(found.revision(), 1U);
  EXPECT_EQ(found.cluster(), "spare");
  EXPECT_EQ(found.shard().data(), nullptr);
  EXPECT_EQ(found.address(), "10.0.0.2:8080");
  EXPECT_EQ(found.routing_key(), "to-spare");
  EXPECT_EQ(found.state(), State::up);
  const OverlayEntry changes[] = {{Kind::cluster, "sharded", State::draining},
                                  {Kind::cluster, "sharded/s1", State::down}};
  ASSERT_TRUE(set_overlay(store, changes, "ada", ""));
  ASSERT_TRUE(engine.refresh());
  ASSERT_EQ(engine.destination("sharded/s0", found), Status::ok);
  EXPECT_EQ(found.shard(), "s0");
  EXPECT_EQ(found.state(), State::draining);
  ASSERT_EQ(engine.destination(std::string("sharded/s1"), found), Status::ok);
  EXPECT_EQ(found.state(), State::down);
  ASSERT_EQ(view->destination("sharded/s1", found), Status::ok);
  EXPECT_EQ(found.state(), State::up);

  EXPECT_EQ(engine.destination("spare", found), Status::unknown_routing_key);
  EXPECT_EQ(found.cluster().data(), nullptr);
  EXPECT_EQ(engine.destination("", found), Status::invalid_argument);
  EXPECT_EQ(engine.destination("\xff", found), Status::invalid_argument);
  DestinationIn none(nullptr, 0);
  EXPECT_EQ(engine.destination("main", none), Status::buffer_too_small);
  std::string buffer(none.buffer_needed(), '#');
  DestinationIn small(buffer.data(), buffer.size());
  EXPECT_EQ(engine.destination("main", small), Status::ok);
  EXPECT_EQ(small.address(), "10.0.0.1:8080");
}

TEST(Overlay, AnUnknownNameIsRefusedInWords) {
  const std::string store = store_with("overlay-refused", shared_document("routing.yaml"));
  const OverlayEntry changes[] = {{Kind::cluster, "nowhere", State::down}};
  const auto set = set_overlay(store, changes, "ada", "");
  ASSERT_FALSE(set);
  EXPECT_EQ(set.status(), Status::invalid_argument);
  EXPECT_NE(set.error().message().find("nowhere"), std::string_view::npos);
}

} // namespace
