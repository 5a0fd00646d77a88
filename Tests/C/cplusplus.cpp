// The header in C++17: what a service of that language would write.
#include <turnout.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

static int passed, failed;

static void check(bool holds, const char *claim) {
  holds ? passed++ : failed++;
  if (!holds)
    std::printf("FAILED: %s\n", claim);
}

static turnout_text text(std::string_view words) { return {words.data(), words.size()}; }
static std::string_view view(turnout_text text) { return {text.data, text.size}; }

static std::string setting(const char *variable) {
  const char *value = std::getenv(variable);
  return value ? value : "";
}

int main() {
  const std::string work = setting("TURNOUT_WORK"), store = work + "/cplusplus";
  const std::string publish =
      setting("TURNOUT") + " publish " + work + "/routing.yaml --store " + store;
  check(std::system((publish + " >/dev/null").c_str()) == 0, "a document is published");

  turnout_engine *engine = nullptr;
  turnout_error error = TURNOUT_ERROR_INIT;
  turnout_open_options options = TURNOUT_OPEN_OPTIONS_INIT;
  check(turnout_engine_open(store.c_str(), &options, &error, &engine) == TURNOUT_OK, "it opens");

  turnout_request request = TURNOUT_REQUEST_INIT;
  request.use_case = turnout_name_of(text("Everything"));
  request.unit = text("u_1");
  request.flags = TURNOUT_WANT_CONFIG;
  std::vector<turnout_attribute> attributes{
      {turnout_name_of(text("country")), TURNOUT_STRING, 0, 0, text("NO")},
      {turnout_name_of(text("age")), TURNOUT_NUMBER, 0, 42, {}}};
  request.attributes = attributes.data();
  request.attribute_count = attributes.size();
  char buffer[TURNOUT_DECISION_BYTES];
  turnout_decision decision = TURNOUT_DECISION_INIT;
  check(turnout_resolve(engine, &request, buffer, sizeof buffer, &decision) == TURNOUT_OK,
        "it resolves");
  check(view(decision.rule) == "north" && view(decision.model) == "ranker", "by the right rule");
  check(decision.shard.data == nullptr, "without a shard");

  std::vector<turnout_text> units;
  std::vector<turnout_decision> decisions;
  std::size_t resolved = 1;
  check(turnout_resolve_units(engine, &request, units.data(), units.size(), buffer, sizeof buffer,
                              decisions.data(), sizeof(turnout_decision),
                              &resolved) == TURNOUT_OK &&
            resolved == 0,
        "an empty vector is an empty batch");
  units.assign(20, text("u"));
  decisions.assign(20, TURNOUT_DECISION_INIT);
  check(turnout_resolve_units(engine, &request, units.data(), units.size(), buffer, sizeof buffer,
                              decisions.data(), sizeof(turnout_decision),
                              &resolved) == TURNOUT_OK &&
            resolved == 20 && view(decisions[19].rule) == "north",
        "a vector is a batch");
  check(turnout_engine_close(engine) == TURNOUT_OK, "it closes");
  std::printf("%d passed, %d failed\n", passed, failed);
  return failed == 0 ? 0 : 1;
}
