// Batches agree with single resolves, stop where the buffer ends, and go on from there.
#include "store.hpp"
#include <cstring>
#include <gtest/gtest.h>
#include <string>
#include <turnout.hpp>
#include <vector>

using namespace turnout;

namespace {

class Batches : public testing::Test {
protected:
  static void SetUpTestSuite() {
    engine = new Engine(store_with("batches", shared_document("routing.yaml")));
    for (int i = 0; i < 100; i++)
      names.push_back("u_" + std::to_string(i));
    units.assign(names.begin(), names.end());
  }
  static void TearDownTestSuite() { delete engine; }

  static void expect_single(const Request &request, const DecisionRef &element) {
    Decision single;
    EXPECT_EQ(engine->resolve(request, single), element.status());
    EXPECT_EQ(single.model(), element.model());
    EXPECT_EQ(single.version(), element.version());
    EXPECT_EQ(single.rule(), element.rule());
    EXPECT_EQ(single.address(), element.address());
    EXPECT_EQ(single.config(), element.config());
    EXPECT_EQ(single.revision(), element.revision());
  }
  inline static Engine *engine;
  inline static std::vector<std::string> names;
  inline static std::vector<Text> units;
};

const Attribute halves[] = {{"country", "H"}};

TEST_F(Batches, UnitsAreDecidedAsOneByOne) {
  Request request("Everything");
  request.attributes(halves).want_config();
  BatchOf<128, 65536> batch;
  ASSERT_EQ(engine->resolve_units(request, units, batch), Status::ok);
  ASSERT_EQ(batch.size(), units.size());
  EXPECT_EQ(batch.capacity(), 128U);
  std::size_t i = 0, seconds = 0;
  for (const DecisionRef element : batch.decisions()) {
    expect_single(request.unit(names[i]), element);
    seconds += element.version() == "v2" ? 1 : 0;
    i++;
  }
  EXPECT_EQ(i, units.size());
  EXPECT_GT(seconds, 20U);
  EXPECT_LT(seconds, 80U);
}

TEST_F(Batches, UseCasesAreDecidedAsOneByOne) {
  const Name use_cases[] = {"Everything", Name::hashed("Plain"), "Nothing", "Off", "Demanding"};
  const Status statuses[] = {Status::ok, Status::ok, Status::unknown_use_case, Status::disabled,
                             Status::missing_required};
  Request request("", "u_1");
  BatchOf<5, 4096> batch;
  ASSERT_EQ(engine->resolve_use_cases(request, use_cases, batch), Status::ok);
  ASSERT_EQ(batch.size(), 5U);
  for (std::size_t i = 0; i < 5; i++) {
    EXPECT_EQ(batch[i].status(), statuses[i]);
    expect_single(request.use_case(use_cases[i]), batch[i]);
  }
}

TEST_F(Batches, AFullBufferIsGoneOnFrom) {
  Request request("Everything");
  request.attributes(halves);
  std::vector<turnout_decision> decisions(100);
  std::vector<char> buffer(1000);
  Span<const Text> rest(units);
  std::size_t rounds = 0, done = 0;
  for (Status status = Status::buffer_too_small; status != Status::ok; rounds++) {
    BatchIn batch(decisions, buffer.data(), buffer.size());
    status = engine->resolve_units(request, rest, batch);
    ASSERT_TRUE(status == Status::ok || status == Status::buffer_too_small);
    ASSERT_GT(batch.size(), 0U);
    for (const DecisionRef element : batch.decisions())
      expect_single(request.unit(names[done++]), element);
    rest = rest.from(batch.size());
  }
  EXPECT_EQ(done, 100U);
  EXPECT_GT(rounds, 1U);
}

TEST_F(Batches, MoreThanTheyHoldIsRefusedAndNoneIsFine) {
  BatchOf<8, 4096> batch;
  Request request("Plain");
  EXPECT_EQ(engine->resolve_units(request, Span<const Text>(units.data(), 8), batch), Status::ok);
  EXPECT_EQ(batch.size(), 8U);
  EXPECT_EQ(engine->resolve_units(request, units, batch), Status::invalid_argument);
  EXPECT_EQ(batch.size(), 0U);
  EXPECT_EQ(engine->resolve_units(request, {}, batch), Status::ok);
  EXPECT_EQ(batch.size(), 0U);
}

TEST_F(Batches, AViewTakesThemToo) {
  const auto view = engine->view();
  ASSERT_TRUE(view);
  Request request("Everything");
  request.attributes(halves);
  BatchOf<100, 65536> batch;
  ASSERT_EQ(view->resolve_units(request, units, batch), Status::ok);
  expect_single(request.unit(names[99]), batch[99]);
  const Name use_cases[] = {"Plain"};
  ASSERT_EQ(view->resolve_use_cases(request, use_cases, batch), Status::ok);
  EXPECT_EQ(batch[0].version(), "v2");
}

} // namespace
