// What a call through C++ costs beside the same call through C, in one run:
//   benchmark STORE           medians of rounds that take turns, in ns, tab-separated
//   benchmark STORE c|cpp N   N calls of one kind, for callgrind
// The store has Tests/C/routing.yaml.
#include "calls.hpp"
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

using namespace turnout;
using Call = std::size_t (*)(const Scene &);

namespace {

constexpr int rounds = 301, calls_a_round = 20'000;

double nanoseconds_a_call(Call call, const Scene &scene, std::size_t &sum) {
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < calls_a_round; i++)
    sum += call(scene);
  const std::chrono::duration<double, std::nano> time = std::chrono::steady_clock::now() - begin;
  return time.count() / calls_a_round;
}

double at(std::vector<double> &sorted, double share) {
  return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
}

} // namespace

int main(int count, char **arguments) {
  if (count != 2 && count != 4) {
    std::fprintf(stderr, "usage: %s STORE [c|cpp CALLS]\n", arguments[0]);
    return 2;
  }
  auto engine = Engine::open(arguments[1], {{}, true});
  if (!engine) {
    std::fprintf(stderr, "%s\n", std::string(engine.error().message()).c_str());
    return 3;
  }
  const Scene scene{*engine, "u_17", "NO"};
  std::size_t sum = 0;
  if (call_c(scene) == 0 || call_c(scene) != call_cpp(scene)) {
    std::fprintf(stderr, "C and C++ answer differently\n");
    return 1;
  }
  if (count == 4) {
    const Call call = std::string(arguments[2]) == "c" ? call_c : call_cpp;
    for (long i = std::strtol(arguments[3], nullptr, 10); i > 0; i--)
      sum += call(scene);
    return sum == 0 ? 1 : 0;
  }
  std::vector<double> c, cpp, difference;
  for (int i = 0; i < rounds; i++) {
    // Who goes first changes, so that drift is shared.
    const double first = nanoseconds_a_call(i % 2 ? call_c : call_cpp, scene, sum);
    const double second = nanoseconds_a_call(i % 2 ? call_cpp : call_c, scene, sum);
    c.push_back(i % 2 ? first : second);
    cpp.push_back(i % 2 ? second : first);
    difference.push_back(cpp.back() - c.back());
  }
  for (std::vector<double> *all : {&c, &cpp, &difference})
    std::sort(all->begin(), all->end());
  std::printf("call\tp10_ns\tp50_ns\tp90_ns\n");
  std::printf("c\t%.1f\t%.1f\t%.1f\n", at(c, 0.1), at(c, 0.5), at(c, 0.9));
  std::printf("cpp\t%.1f\t%.1f\t%.1f\n", at(cpp, 0.1), at(cpp, 0.5), at(cpp, 0.9));
  std::printf("cpp-c\t%.1f\t%.1f\t%.1f\n", at(difference, 0.1), at(difference, 0.5),
              at(difference, 0.9));
  return sum == 0 ? 1 : 0;
}
