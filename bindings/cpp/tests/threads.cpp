// One engine, many threads, no set-up, while revisions come and go.
#include "store.hpp"
#include <atomic>
#include <gtest/gtest.h>
#include <string>
#include <thread>
#include <turnout.hpp>
#include <vector>

using namespace turnout;

namespace {

// A document whose every text states its number.
std::string stating(unsigned number) {
  const std::string n = std::to_string(number);
  return "turnout: 1\nunit: user\nclusters: { c" + n + ": { address: 'h:" + n +
         "' } }\nmodels: { m" + n + ": { v" + n + ": { cluster: c" + n +
         " } } }\nuse_cases: { A: { rules: [{ name: r" + n + ", route: m" + n + "@v" + n +
         " }] } }\n";
}

TEST(Threads, EachResolvesWholeDecisionsWhileTablesChange) {
  const std::string store = store_with("threads", stating(1));
  const Engine engine(store);
  std::atomic<bool> end{false};
  std::atomic<unsigned> torn{0}, refused{0};
  std::atomic<std::uint64_t> newest{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; i++)
    threads.emplace_back([&] {
      Decision decision;
      const Request request(Name::hashed("A"), "u");
      while (!end) {
        if (engine.resolve(request, decision) != Status::ok) {
          refused++;
          continue;
        }
        const std::string_view number = decision.model().substr(1);
        if (decision.version().substr(1) != number || decision.cluster().substr(1) != number ||
            decision.address().substr(2) != number || decision.rule().substr(1) != number ||
            std::to_string(decision.revision()) != number)
          torn++;
        newest = decision.revision();
        std::this_thread::yield();
      }
    });
  for (unsigned number = 2; number <= 4; number++)
    ASSERT_TRUE(publish(store, stating(number)));
  ASSERT_TRUE(engine.refresh());
  while (newest < 4)
    std::this_thread::yield();
  end = true;
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(torn, 0U);
  EXPECT_EQ(refused, 0U);
}

} // namespace
