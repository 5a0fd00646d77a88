// first.cpp: the first minute with Turnout in C++. In the folder of a store: ./first
#include <iostream>
#include <turnout.hpp>

int main() {
  auto engine = turnout::Engine::open("turnout-store");
  if (!engine) {
    std::cerr << engine.error().message() << "\n";
    return 1;
  }
  const turnout::Attribute context[] = {{"country", "US"}, {"device", "tv"}};
  turnout::Decision decision; // with a buffer inside, in which its texts will stand
  const turnout::Status status =
      engine->resolve(turnout::Request("ContinueWatching", "u_17").attributes(context), decision);
  if (status != turnout::Status::ok) {
    std::cerr << "no decision: " << turnout::name(status) << "\n";
    return 1;
  }
  std::cout << decision.model() << "@" << decision.version() << " at " << decision.address()
            << "\n";
}
