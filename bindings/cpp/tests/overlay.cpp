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

TEST(Overlay, AnUnknownNameIsRefusedInWords) {
  const std::string store = store_with("overlay-refused", shared_document("routing.yaml"));
  const OverlayEntry changes[] = {{Kind::cluster, "nowhere", State::down}};
  const auto set = set_overlay(store, changes, "ada", "");
  ASSERT_FALSE(set);
  EXPECT_EQ(set.status(), Status::invalid_argument);
  EXPECT_NE(set.error().message().find("nowhere"), std::string_view::npos);
}

} // namespace
