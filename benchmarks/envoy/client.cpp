// client STORE GATEWAY ENVOY DIRECTORY PID...: sends requests of 1 MB at a rate, one of four ways.
// SPDX-License-Identifier: Apache-2.0
//
// GATEWAY, ENVOY and DIRECTORY are ports of 127.0.0.1. Each line `WAY SHAPE REQUESTS RATE` on
// standard input is a slice: so many requests, at RATE a second on average, at times that do not
// wait for answers (exponential distances from a fixed seed). SHAPE is packed or named; WAY is
//
//   gateway     to the gateway, which decides
//   envoy       to Envoy, which decides
//   directory   asks Envoy's directory, then sends to the address
//   library     decides by the library, then sends to the address
//
// The answer is a line: the way, CPU ns of this process and of each PID, answers by upstream as
// `a:12,b:3`, how many of them had the version written by who decided, and the latencies in ns
// from the time at which each request was due. An answer that fails, or whose sum says that another
// payload arrived, ends the run.
#include "asking.hpp"
#include "ranking.hpp"

#include <atomic>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <cstdint>
#include <ctime>
#include <deque>
#include <iostream>
#include <map>
#include <random>
#include <sstream>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t flights_max = 16;

int64_t cpu_ns(clockid_t clock) {
  timespec time{};
  if (clock_gettime(clock, &time) != 0)
    ranking::die("a process is gone");
  return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

// The CPU clocks, once the others have gone to sleep.
std::vector<int64_t> settled(const std::vector<clockid_t> &clocks) {
  const auto read = [&clocks] {
    std::vector<int64_t> times;
    for (const clockid_t clock : clocks)
      times.push_back(cpu_ns(clock));
    return times;
  };
  std::vector<int64_t> last = read();
  for (int again = 0; again < 100; again++) {
    std::this_thread::sleep_for(std::chrono::microseconds(200));
    std::vector<int64_t> now = read();
    if (std::equal(now.begin() + 1, now.end(), last.begin() + 1))
      return now;
    last = now;
  }
  return last;
}

// A request that waits to be sent, or for its answer.
struct Flight {
  ranking::RankRequest requests[2] = {ranking::request(ranking::Shape::packed),
                                      ranking::request(ranking::Shape::named)};
  ranking::RankReply reply;
  std::unique_ptr<grpc::ClientContext> context;
  Clock::time_point due;
};

class Client {
public:
  Client(const char *store, const std::string &gateway, const std::string &envoy, int directory)
      : destinations(store), directory(directory), gateway(destinations.stub(gateway)),
        envoy(destinations.stub(envoy)) {
    for (std::size_t i = 0; i < flights_max; i++)
      free.push_back(&flights.emplace_back());
    for (int shape = 0; shape < 2; shape++)
      payloads[shape] = ranking::sum(flights.front().requests[shape]);
  }

  struct Slice {
    std::vector<int64_t> latencies;
    std::map<std::string, unsigned> answers;
    unsigned versions = 0;
  };

  Slice slice(const std::string &way, ranking::Shape of, unsigned requests, double rate) {
    shape = of == ranking::Shape::packed ? 0 : 1;
    done = Slice();
    std::mt19937_64 random(requests);
    std::exponential_distribution<double> distance(rate);
    Clock::time_point due = Clock::now() + std::chrono::milliseconds(1);
    for (unsigned i = 0; i < requests; i++) {
      std::this_thread::sleep_until(due);
      send(way, take(), due);
      due += std::chrono::nanoseconds(std::llround(distance(random) * 1e9));
    }
    std::unique_lock<std::mutex> held(mutex);
    if (!came.wait_for(held, std::chrono::seconds(30),
                       [this, requests] { return done.latencies.size() == requests; }))
      ranking::die(way + ": no answer for 30 s");
    return done;
  }

private:
  Flight *take() {
    std::unique_lock<std::mutex> held(mutex);
    if (!came.wait_for(held, std::chrono::seconds(30), [this] { return !free.empty(); }))
      ranking::die("no answer for 30 s");
    Flight *flight = free.front();
    free.pop_front();
    return flight;
  }

  void send(const std::string &way, Flight *flight, Clock::time_point due) {
    flight->due = due;
    ranking::RankRequest &request = flight->requests[shape];
    request.set_member(ranking::member(asked++));
    flight->context = std::make_unique<grpc::ClientContext>();
    // Who routes by headers finds there what the message says, too. All ways send them.
    flight->context->AddMetadata("x-turnout-use-case", request.use_case());
    flight->context->AddMetadata("x-turnout-unit", request.member());
    flight->context->AddMetadata("x-country", request.country());
    flight->context->AddMetadata("x-device", request.device());
    flight->context->AddMetadata("x-tenure-days", "400");
    flight->context->AddMetadata("x-app-version", request.app_version());
    ranking::Ranker::Stub *stub = nullptr;
    if (way == "gateway") {
      stub = gateway;
    } else if (way == "envoy") {
      stub = envoy;
    } else if (way == "library") {
      const auto destination = destinations.of(request);
      flight->context->AddMetadata("x-turnout-version", destination.version);
      stub = destination.stub;
    } else if (way == "directory") {
      const ranking::Told told = directory.ask(request);
      flight->context->AddMetadata("x-turnout-version", told.version);
      stub = destinations.stub(told.address);
    } else {
      ranking::die(way + ": no such way");
    }
    stub->async()->Rank(flight->context.get(), &request, &flight->reply,
                        [this, flight](const grpc::Status &status) { answer(flight, status); });
  }

  void answer(Flight *flight, const grpc::Status &status) {
    const auto took = Clock::now() - flight->due;
    if (!status.ok())
      ranking::die("an answer failed: " + status.error_message());
    if (flight->reply.payload() != payloads[shape])
      ranking::die("another payload arrived than was sent");
    const std::lock_guard<std::mutex> held(mutex);
    done.latencies.push_back(std::chrono::duration_cast<std::chrono::nanoseconds>(took).count());
    done.answers[flight->reply.cluster()]++;
    done.versions += !flight->reply.version().empty();
    free.push_back(flight);
    came.notify_all();
  }

  ranking::Destinations destinations;
  ranking::Directory directory;
  ranking::Ranker::Stub *gateway;
  ranking::Ranker::Stub *envoy;
  uint64_t payloads[2];
  unsigned asked = 0;
  int shape = 0; // of the slice that is running
  std::deque<Flight> flights;
  std::mutex mutex; // guards what follows
  std::condition_variable came;
  std::deque<Flight *> free;
  Slice done;
};

} // namespace

int main(int argc, char **argv) {
  if (argc < 6)
    ranking::die("usage: client STORE GATEWAY ENVOY DIRECTORY PID...");
  const std::string here = "127.0.0.1:";
  Client client(argv[1], here + argv[2], here + argv[3], std::atoi(argv[4]));
  std::vector<clockid_t> clocks = {CLOCK_PROCESS_CPUTIME_ID};
  for (int i = 5; i < argc; i++) {
    clockid_t clock;
    if (clock_getcpuclockid(std::atoi(argv[i]), &clock) != 0)
      ranking::die("no CPU clock of process " + std::string(argv[i]));
    clocks.push_back(clock);
  }
  std::string line;
  while (std::getline(std::cin, line)) {
    std::istringstream words(line);
    std::string way;
    std::string shape;
    unsigned requests = 0;
    double rate = 0;
    if (!(words >> way >> shape >> requests >> rate) || !requests || !(rate > 0) ||
        (shape != "packed" && shape != "named"))
      ranking::die("no such slice: " + line);
    const std::vector<int64_t> before = settled(clocks);
    const Client::Slice slice = client.slice(
        way, shape == "packed" ? ranking::Shape::packed : ranking::Shape::named, requests, rate);
    const std::vector<int64_t> after = settled(clocks);
    std::cout << way << ' ' << shape;
    for (std::size_t i = 0; i < clocks.size(); i++)
      std::cout << '\t' << after[i] - before[i];
    char separator = '\t';
    for (const auto &[name, count] : slice.answers) {
      std::cout << separator << name << ':' << count;
      separator = ',';
    }
    std::cout << '\t' << slice.versions;
    separator = '\t';
    for (const int64_t latency : slice.latencies) {
      std::cout << separator << latency;
      separator = ',';
    }
    std::cout << std::endl;
  }
}
