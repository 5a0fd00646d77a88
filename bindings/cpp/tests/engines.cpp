// Engines and views: who owns what, what ends when, what stays.
#include "store.hpp"
#include <filesystem>
#include <gtest/gtest.h>
#include <string>
#include <turnout.hpp>
#include <type_traits>
#include <utility>

using namespace turnout;

namespace {

std::string numbered(int number) {
  const std::string n = std::to_string(number);
  return "turnout: 1\nunit: user\nclusters: { c: { address: 'h:1' } }\nmodels: { m: { v" + n +
         ": { cluster: c } } }\nuse_cases: { A: { rules: [{ route: m@v" + n + " }] } }\n";
}

std::string version_of(const Engine &engine) {
  Decision decision;
  return engine.resolve(Request("A", "u"), decision) == Status::ok
             ? std::string(decision.version())
             : std::string(name(decision.status()));
}

static_assert(!std::is_copy_constructible_v<Engine> && !std::is_copy_assignable_v<Engine>);
static_assert(std::is_nothrow_move_constructible_v<Engine> &&
              std::is_nothrow_move_assignable_v<View>);
static_assert(!std::is_move_constructible_v<Decision> && !std::is_move_constructible_v<DecisionIn>);
static_assert(sizeof(Engine) == sizeof(void *) && sizeof(View) == sizeof(void *));
static_assert(noexcept(std::declval<const Engine &>().resolve(std::declval<const Request &>(),
                                                              std::declval<Decision &>())));

TEST(Engines, AMovedEngineServesAndTheOldOneRefuses) {
  Engine first(store_with("moved", numbered(1)));
  Engine second = std::move(first);
  EXPECT_EQ(version_of(second), "v1");
  EXPECT_EQ(version_of(first), "invalid_argument"); // NOLINT(bugprone-use-after-move): the claim
  EXPECT_EQ(first.c(), nullptr);
  first = std::move(second);
  EXPECT_EQ(version_of(first), "v1");
  Engine &same = first;
  first = std::move(same);
  EXPECT_EQ(version_of(first), "v1");
}

TEST(Engines, AClosedEngineRefuses) {
  Engine engine(store_with("closed", numbered(1)));
  EXPECT_EQ(engine.close(), Status::ok);
  EXPECT_EQ(engine.close(), Status::ok);
  EXPECT_EQ(version_of(engine), "invalid_argument");
  EXPECT_EQ(engine.view().status(), Status::invalid_argument);
  EXPECT_EQ(engine.refresh().status(), Status::invalid_argument);
  EXPECT_EQ(engine.status().status(), Status::invalid_argument);
}

TEST(Engines, PrivateTablesOutliveTheirFiles) {
  const std::string store = store_with("private", numbered(1));
  OpenOptions options;
  options.private_tables = true;
  const Engine engine(store, options);
  const std::string table = store + "/tables/00000001.mdb";
  std::filesystem::permissions(table, std::filesystem::perms::owner_all);
  // A process that maps the file is ended by the kernel when it is cut.
  std::filesystem::resize_file(table, 4096);
  EXPECT_EQ(version_of(engine), "v1");
}

TEST(Engines, DestructorsCloseAndAViewOutlivesItsEngine) {
  const std::string store = store_with("views", numbered(1));
  const Engine watcher(store, {{}, true});
  std::optional<Engine> engine(std::in_place, store);
  {
    auto view = engine->view();
    ASSERT_TRUE(view);
    EXPECT_EQ(view->revision(), 1U);
    EXPECT_EQ(watcher.status()->views_open, 1U);
    ASSERT_TRUE(publish(store, numbered(2)));
    ASSERT_TRUE(engine->refresh());
    EXPECT_EQ(version_of(*engine), "v2");
    engine.reset();
    Decision decision;
    ASSERT_EQ(view->resolve(Request("A", "u"), decision), Status::ok);
    EXPECT_EQ(decision.version(), "v1");
    EXPECT_EQ(decision.revision(), 1U);
    EXPECT_EQ(view->close(), Status::ok);
    EXPECT_EQ(view->revision(), 0U);
    EXPECT_EQ(view->resolve(Request("A", "u"), decision), Status::invalid_argument);
    View second = std::move(watcher.view()).value_or_throw();
    EXPECT_EQ(watcher.status()->views_open, 1U);
  }
  EXPECT_EQ(watcher.status()->views_open, 0U);
}

TEST(Engines, ConstantsAreAttributesOfEveryRequest) {
  const std::string store = store_with("constants", shared_document("routing.yaml"));
  const Attribute constants[] = {{"country", "NO"}};
  const Engine engine(store, {constants});
  Decision decision;
  ASSERT_EQ(engine.resolve(Request("Everything", "u"), decision), Status::ok);
  EXPECT_EQ(decision.rule(), "north");
  const Attribute own[] = {{"country", nullptr}};
  ASSERT_EQ(engine.resolve(Request("Everything", "u").attributes(own), decision), Status::ok);
  EXPECT_NE(decision.rule(), "north");
}

TEST(Engines, StatusTellsWhatIsServed) {
  const std::string store = store_with("status", numbered(1));
  const Engine engine(store, {{}, true});
  auto status = engine.status();
  ASSERT_TRUE(status);
  EXPECT_EQ(status->revision, 1U);
  EXPECT_EQ(status->keeper_running, 0U);
  EXPECT_EQ(status->head_status, TURNOUT_OK);
  EXPECT_EQ(status->head.status(), Status::ok);
  ASSERT_TRUE(publish(store, numbered(2)));
  write_file(store + "/head", "nonsense");
  const auto refreshed = engine.refresh();
  EXPECT_FALSE(refreshed);
  EXPECT_FALSE(refreshed.error().message().empty());
  status = engine.status();
  ASSERT_TRUE(status);
  EXPECT_EQ(status->revision, 1U);
  EXPECT_NE(status->head_status, TURNOUT_OK);
  EXPECT_EQ(static_cast<turnout_status>(status->head.status()), status->head_status);
  EXPECT_EQ(version_of(engine), "v1");
}

TEST(Engines, AHandleOfCIsTakenOver) {
  const std::string store = store_with("handle", numbered(1));
  turnout_engine *handle = nullptr;
  ASSERT_EQ(turnout_engine_open(store.c_str(), nullptr, nullptr, &handle), TURNOUT_OK);
  {
    const Engine engine(handle);
    EXPECT_EQ(engine.c(), handle);
    EXPECT_EQ(version_of(engine), "v1");
  }
  EXPECT_EQ(turnout_engine_close(handle), TURNOUT_CLOSED); // the destructor has
}

} // namespace
