// batch.cpp: many users at once and use cases that must agree, with exceptions.
//
//   ./batch STORE USE_CASE ATTRIBUTE VALUE
//   ./batch demo-store ContinueWatching country US
#include <exception>
#include <iostream>
#include <map>
#include <string>
#include <turnout.hpp>
#include <vector>

namespace {

void count_versions(const std::string &store, const turnout::Request &request) {
  const turnout::Engine engine(store); // throws a turnout::Failure, with words

  // One call for a thousand users; the decisions and their texts stand in the batch.
  std::vector<std::string> names;
  for (int i = 0; i < 1000; i++)
    names.push_back("u_" + std::to_string(i));
  const std::vector<turnout::Text> users(names.begin(), names.end());
  std::vector<turnout_decision> decisions(users.size());
  std::vector<char> buffer(512 * users.size());
  turnout::BatchIn batch(decisions, buffer.data(), buffer.size());
  if (engine.resolve_units(request, users, batch) != turnout::Status::ok)
    throw turnout::Failure(turnout::Status::buffer_too_small, "a larger buffer is needed");

  std::map<std::string, int> users_of;
  for (const turnout::DecisionRef decision : batch.decisions())
    users_of[decision ? std::string(decision.version()) : std::string(name(decision.status()))]++;
  for (const auto &[version, count] : users_of)
    std::cout << version << " answers " << count << " of " << users.size() << "\n";

  // A view pins a revision: whatever is published meanwhile, these two agree.
  const turnout::View view = engine.view().value_or_throw();
  turnout::Decision decision;
  view.resolve_or_throw(turnout::Request(request).unit("u_1").want_config(), decision);
  std::cout << "u_1 by revision " << view.revision() << ": " << decision.model() << "@"
            << decision.version() << " " << decision.config() << "\n";
}

} // namespace

int main(int count, char **arguments) {
  if (count != 5) {
    std::cerr << "usage: " << arguments[0] << " STORE USE_CASE ATTRIBUTE VALUE\n";
    return 2;
  }
  try {
    // Handles: each name is hashed once, however often it is asked for.
    const turnout::Attribute context[] = {{turnout::Name::hashed(arguments[3]), arguments[4]}};
    count_versions(arguments[1],
                   turnout::Request(turnout::Name::hashed(arguments[2])).attributes(context));
  } catch (const turnout::Failure &failure) {
    std::cerr << name(failure.status()) << ": " << failure.what() << "\n";
    return 3;
  }
}
