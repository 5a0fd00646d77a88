// What a resolve through C++ never does: allocate. malloc and its kin are this program's own, and
// count; operator new ends in malloc.
#include "store.hpp"
#include <atomic>
#include <cstddef>
#include <gtest/gtest.h>
#include <string>
#include <turnout.hpp>
#include <vector>

extern "C" {
void *__libc_malloc(std::size_t size);
void *__libc_calloc(std::size_t count, std::size_t size);
void *__libc_realloc(void *at, std::size_t size);
}

namespace {
std::atomic<std::size_t> allocations{0};
}

extern "C" {
void *malloc(std::size_t size) {
  allocations++;
  return __libc_malloc(size);
}
void *calloc(std::size_t count, std::size_t size) {
  allocations++;
  return __libc_calloc(count, size);
}
void *realloc(void *at, std::size_t size) {
  allocations++;
  return __libc_realloc(at, size);
}
}

using namespace turnout;

namespace {

// Allocations while `body` runs for the second time: a thread's first call may set it up.
template <class Body> std::size_t counted(Body body) {
  body();
  const std::size_t before = allocations;
  body();
  return allocations - before;
}

class Allocations : public testing::Test {
protected:
  static void SetUpTestSuite() {
    // No keeper, which would allocate at its own times.
    engine = new Engine(store_with("allocations", shared_document("routing.yaml")), {{}, true});
    lists = new Engine(store_with("allocations-lists", shared_document("experiments.yaml")),
                       {{}, true});
  }
  static void TearDownTestSuite() {
    delete engine;
    delete lists;
  }
  inline static Engine *engine, *lists;
};

TEST_F(Allocations, AreCounted) {
  EXPECT_EQ(counted([] { delete new std::string(100, 'x'); }), 2U);
}

TEST_F(Allocations, NoneInAResolve) {
  EXPECT_EQ(counted([] {
              Decision decision;
              const Attribute context[] = {{"country", "NO"}, {"age", 42}, {"kids", false}};
              Request request("Everything", "u_1");
              request.attributes(context).want_config();
              if (engine->resolve(request, decision) != Status::ok || decision.rule() != "north")
                ADD_FAILURE();
              if (engine->resolve(request.use_case("Nothing"), decision) !=
                  Status::unknown_use_case)
                ADD_FAILURE();
            }),
            0U);
}

TEST_F(Allocations, NoneInReadingLists) {
  EXPECT_EQ(counted([] {
              Decision decision;
              const Unit units[] = {{"account", "a_1"}};
              Request request("All", "bob");
              request.units(units).want_config();
              std::size_t size = 0;
              if (lists->resolve_or_throw(request, decision)) {
                for (const Cell cell : decision.cells())
                  size += cell.cell.size();
                for (const Shadow shadow : decision.shadows())
                  size += shadow.address.size();
                for (const Holdout holdout : decision.holdouts())
                  size += holdout.size();
              }
              if (size == 0)
                ADD_FAILURE();
            }),
            0U);
}

TEST_F(Allocations, NoneInABatchAViewOrAHandle) {
  const std::vector<Text> units(64, "u_1");
  EXPECT_EQ(counted([&] {
              BatchOf<64, 65536> batch;
              if (engine->resolve_units(Request(Name::hashed("Plain")), units, batch) != Status::ok)
                ADD_FAILURE();
              for (const DecisionRef element : batch.decisions())
                if (element.version() != "v2")
                  ADD_FAILURE();
            }),
            0U);
  const auto view = engine->view();
  ASSERT_TRUE(view);
  EXPECT_EQ(counted([&] {
              DecisionOf<1024> decision;
              if (view->resolve(Request("Plain", "u"), decision) != Status::ok)
                ADD_FAILURE();
            }),
            0U);
}

} // namespace
