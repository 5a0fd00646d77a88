// Tests/vectors/decisions.json through C++ and through C: every decision, whole. Ends in "N passed,
// M failed", a decision through one of the two being one.
#include "store.hpp"
#include "vector_json.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

using nlohmann::json;
using namespace turnout;

namespace {

int passed = 0, failed = 0;

void expect(const std::string &got, const std::string &expected, const std::string &where) {
  got == expected ? passed++ : failed++;
  if (got != expected && failed <= 10)
    std::printf("FAILED: %s\n  got      %s\n  expected %s\n", where.c_str(), got.c_str(),
                expected.c_str());
}

// The same request as a C program fills it in: no struct of it was made by C++.
std::string through_c(const turnout_engine *engine, const turnout_request &from,
                      std::string_view use_case) {
  std::vector<turnout_attribute> attributes;
  for (std::size_t i = 0; i < from.attribute_count; i++) {
    const turnout_attribute &a = from.attributes[i];
    attributes.push_back({turnout_name_of({a.name.data, a.name.size}),
                          a.type,
                          a.boolean,
                          a.number,
                          {a.text.data, a.text.size}});
  }
  turnout_request request = TURNOUT_REQUEST_INIT;
  request.use_case = turnout_name_of({from.use_case.data, from.use_case.size});
  request.unit = from.unit;
  request.units = from.units;
  request.unit_count = from.unit_count;
  request.attributes = attributes.data();
  request.attribute_count = attributes.size();
  request.request_id = from.request_id;
  request.assignments = from.assignments;
  request.assignment_count = from.assignment_count;
  request.now_ns = from.now_ns;
  request.flags = TURNOUT_WANT_CONFIG;
  std::vector<char> buffer(65536);
  turnout_decision decision = TURNOUT_DECISION_INIT;
  turnout_resolve(engine, &request, buffer.data(), buffer.size(), &decision);
  return written(use_case, DecisionRef(decision));
}

void publish_step(const std::string &folder, const std::string &store, const json &step) {
  write_file(folder + "/routing.yaml", step.at("document").get<std::string>());
  const json files = step.value("units_files", json::object());
  for (const auto &[file, text] : files.items())
    write_file(folder + "/" + file, text.get<std::string>());
  if (run_turnout({"publish", folder + "/routing.yaml", "--store", store}) != 0)
    std::abort();
}

void set_overlay_of(const std::string &store, const json &changes) {
  static const std::map<std::string, Kind> kinds{{"cluster", Kind::cluster},
                                                 {"use-case", Kind::use_case},
                                                 {"use_case", Kind::use_case},
                                                 {"experiment", Kind::experiment},
                                                 {"shadow", Kind::shadow}};
  static const std::map<std::string, State> states{{"up", State::up},
                                                   {"draining", State::draining},
                                                   {"down", State::down},
                                                   {"on", State::on},
                                                   {"off", State::off}};
  // One by one, in their order, as the vectors say.
  for (const json &change : changes) {
    const auto what = change.at("name").get<std::string>();
    const OverlayEntry entry[] = {
        {kinds.at(change.at("kind")), what, states.at(change.at("state"))}};
    const auto set = set_overlay(store, entry, "vectors", "");
    if (!set) {
      std::fprintf(stderr, "%s\n", std::string(set.error().message()).c_str());
      std::abort();
    }
  }
}

} // namespace

int main() {
  const std::string file = read_file(setting("TURNOUT_ROOT") + "/Tests/vectors/decisions.json");
  const std::vector<std::string> expected = expected_decisions(file);
  const json vectors = json::parse(file);
  std::size_t index = 0;
  std::vector<char> room(65536);
  for (const json &chain : vectors.at("chains")) {
    const auto name = chain.at("name").get<std::string>();
    const std::string folder = setting("TURNOUT_WORK") + "/vectors/" + name;
    const std::string store = folder + "/store";
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    std::optional<Engine> engine;
    std::size_t number = 0;
    for (const json &step : chain.at("steps")) {
      publish_step(folder, store, step);
      set_overlay_of(store, step.value("overlay", json::array()));
      if (!engine)
        engine.emplace(store, OpenOptions{{}, true});
      if (!engine->refresh())
        std::abort();
      number++;
      for (const json &line : step.at("decisions")) {
        const std::string where =
            name + ", step " + std::to_string(number) + ": " + line.at("request").dump();
        const VectorRequest asked(line.at("request"));
        const auto use_case = line.at("request").at("use_case").get<std::string>();
        DecisionIn decision(room.data(), room.size());
        engine->resolve(asked.request(), decision);
        expect(written(use_case, decision), expected.at(index), where);
        expect(through_c(engine->c(), asked.request().c(), use_case), expected.at(index),
               "in C: " + where);
        index++;
      }
    }
  }
  if (index != expected.size() || index == 0) {
    std::printf("FAILED: %zu decisions of %zu\n", index, expected.size());
    failed++;
  }
  std::printf("%d passed, %d failed\n", passed, failed);
  return failed == 0 ? 0 : 1;
}
