// lines STORE: what lines.c does, through turnout.hpp.
#include <iostream>
#include <list>
#include <nlohmann/json.hpp>
#include <string>
#include <turnout.hpp>
#include <vector>

using nlohmann::json;

namespace {

std::string as_json(std::string_view text) {
  return text.data() ? json(std::string(text)).dump() : "null";
}

std::string raw(std::string_view config) { return config.data() ? std::string(config) : "null"; }

template <class All, class One> std::string listed(const All &all, One one) {
  std::string text;
  for (const auto element : all)
    text += (text.empty() ? "" : ",") + one(element);
  return "[" + text + "]";
}

std::string destination(std::string_view model, std::string_view version, std::string_view cluster,
                        std::string_view shard, std::string_view address, std::string_view key,
                        std::string_view config) {
  return "\"model\":" + as_json(model) + ",\"version\":" + as_json(version) +
         ",\"cluster\":" + as_json(cluster) + ",\"shard\":" + as_json(shard) +
         ",\"address\":" + as_json(address) + ",\"routing_key\":" + as_json(key) +
         ",\"config\":" + raw(config);
}

std::string cell(const turnout::Cell &cell) {
  static const char *const ways[] = {"", "hash", "override", "assignment"};
  return "{\"experiment\":" + as_json(cell.experiment) + ",\"cell\":" + as_json(cell.cell) +
         ",\"by\":" + as_json(ways[static_cast<std::uint32_t>(cell.by)]) + "}";
}

std::string shadow(const turnout::Shadow &shadow) {
  return "{\"name\":" + as_json(shadow.name) + "," +
         destination(shadow.model, shadow.version, shadow.cluster, shadow.shard, shadow.address,
                     shadow.routing_key, shadow.config) +
         "}";
}

std::string hexadecimal(const std::uint8_t *bytes, std::size_t size) {
  static const char digits[] = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < size; i++)
    text += {digits[bytes[i] / 16], digits[bytes[i] % 16]};
  return text;
}

std::string written(std::string_view use_case, const turnout::DecisionRef &decision) {
  static const char *const kinds[] = {"", "override", "route", "split", "lookup", "experiment"};
  const bool ok = decision.status() == turnout::Status::ok;
  return "{\"status\":" + as_json(turnout::name(decision.status())) +
         ",\"use_case\":" + (ok ? as_json(use_case) : "null") +
         ",\"revision\":" + (ok ? std::to_string(decision.revision()) : "null") +
         ",\"digest\":" + (ok ? as_json(hexadecimal(decision.c().digest, 16)) : "null") + "," +
         destination(decision.model(), decision.version(), decision.cluster(), decision.shard(),
                     decision.address(), decision.routing_key(), decision.config()) +
         ",\"cells\":" + listed(decision.cells(), cell) +
         ",\"holdouts\":" + listed(decision.holdouts(), as_json) +
         ",\"shadows\":" + listed(decision.shadows(), shadow) + ",\"reason\":" +
         (ok ? "{\"kind\":" + as_json(kinds[static_cast<std::uint32_t>(decision.reason())]) +
                   ",\"rule\":" + as_json(decision.rule()) + "}"
             : "null") +
         ",\"traffic\":" + as_json(decision.traffic()) +
         ",\"fallback\":" + (decision.fallback() ? "true" : "false") +
         ",\"degraded\":" + (decision.degraded() ? "true" : "false") + "}";
}

} // namespace

namespace {

std::string unbase64(const std::string &text) {
  static const std::string digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  unsigned bits = 0, count = 0;
  for (const char one : text) {
    const auto digit = digits.find(one);
    if (digit == std::string::npos)
      break;
    bits = bits << 6U | static_cast<unsigned>(digit);
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes += static_cast<char>(bits >> count);
    }
  }
  return bytes;
}

turnout::Attribute attribute(const std::string &name, const json &value) {
  if (value.is_string())
    return {name, value.get_ref<const std::string &>()};
  if (value.is_boolean())
    return {name, value.get<bool>()};
  if (value.is_number())
    return {name, value.get<double>()};
  return {name, nullptr};
}

// The table has every routing key that it answers with, and it leads to the same place.
void ask_again(const turnout::Engine &engine, std::string_view key, std::string_view cluster,
               std::string_view shard, std::string_view address) {
  turnout::Destination found;
  if (engine.destination(key, found) != turnout::Status::ok || found.routing_key() != key ||
      found.cluster() != cluster || found.shard() != shard || found.address() != address)
    throw std::runtime_error("a routing key leads elsewhere than its decision");
}

void answer(const turnout::Engine &engine, const json &line, turnout::DecisionIn &decision) {
  const json none = json::object();
  const auto part = [&](const char *name) -> const json & {
    return line.contains(name) ? line[name] : none;
  };
  const auto string = [](const json &value) {
    return value.is_string() ? value.get<std::string>() : std::string();
  };
  const auto text = [&](const char *name) {
    return string(line.contains(name) ? line[name] : none);
  };
  const std::string use_case = text("use_case"), request_id = text("request_id");
  const std::string unit =
      line.contains("unit_base64") ? unbase64(text("unit_base64")) : text("unit");
  std::list<std::string> kept; // names and values that the request points to
  std::vector<turnout::Attribute> attributes;
  for (const auto &[name, value] : part("context").items())
    attributes.push_back(attribute(kept.emplace_back(name), value));
  std::vector<turnout::Unit> units;
  for (const auto &[name, value] : part("units").items())
    units.emplace_back(kept.emplace_back(name), turnout::Text(kept.emplace_back(string(value))));
  std::vector<turnout::Assignment> assignments;
  for (const auto &[name, value] : part("assignments").items())
    assignments.emplace_back(kept.emplace_back(name),
                             value.is_null() ? turnout::Text()
                                             : turnout::Text(kept.emplace_back(string(value))));

  turnout::Request request(use_case, unit);
  request.request_id(request_id).attributes(attributes).units(units).assignments(assignments);
  request.now_ns(line.value("now_ns", std::int64_t{0})).want_config();
  engine.resolve(request, decision);
  if (decision)
    ask_again(engine, decision.routing_key(), decision.cluster(), decision.shard(),
              decision.address());
  for (const turnout::Shadow shadow : decision.shadows())
    ask_again(engine, shadow.routing_key, shadow.cluster, shadow.shard, shadow.address);
  std::cout << written(use_case, decision) << '\n';
}

} // namespace

int main(int argc, char **argv) try {
  if (argc != 2)
    throw std::runtime_error("usage: lines STORE");
  const turnout::Engine engine{std::string(argv[1])};
  static turnout::DecisionOf<1048576> decision;
  for (std::string line; std::getline(std::cin, line);)
    answer(engine, json::parse(line), decision);
  return 0;
} catch (const std::exception &error) {
  std::cerr << "lines: " << error.what() << '\n';
  return 1;
}
