#include "vector_json.hpp"

#include <cstdio>
#include <ctime>
#include <stdexcept>

using nlohmann::json;
using namespace turnout;

namespace {

std::string json_text(std::string_view text) { return json(std::string(text)).dump(); }

// Writes JSON events down as compact JSON, keys and numbers as they came. With a key, each value
// under that key becomes a text of its own.
class Writer : public nlohmann::json_sax<json> {
public:
  explicit Writer(std::string only) : only_(std::move(only)) {}
  std::vector<std::string> found;

  bool null() override { return value("null"); }
  bool boolean(bool is) override { return value(is ? "true" : "false"); }
  bool number_integer(number_integer_t number) override { return value(std::to_string(number)); }
  bool number_unsigned(number_unsigned_t number) override { return value(std::to_string(number)); }
  bool number_float(number_float_t, const string_t &raw) override { return value(raw); }
  bool string(string_t &text) override { return value(json_text(text)); }
  bool binary(binary_t &) override { return false; }
  bool start_object(std::size_t) override { return start(true); }
  bool end_object() override { return end(); }
  bool start_array(std::size_t) override { return start(false); }
  bool end_array() override { return end(); }
  bool key(string_t &name) override {
    open_.back().key = name;
    return true;
  }
  bool parse_error(std::size_t at, const std::string &, const json::exception &why) override {
    throw std::runtime_error(std::to_string(at) + ": " + why.what());
  }

private:
  struct Open {
    bool object, wanted;
    std::string key;
    std::vector<std::pair<std::string, std::string>> parts;
  };

  bool wanted() const {
    return open_.empty() ? only_.empty() : open_.back().wanted || open_.back().key == only_;
  }
  bool start(bool object) {
    open_.push_back({object, wanted(), "", {}});
    return true;
  }
  bool end() {
    Open ended = std::move(open_.back());
    open_.pop_back();
    std::string text;
    for (const auto &[name, part] : ended.parts)
      text += (text.empty() ? "" : ",") + (ended.object ? json_text(name) + ":" : "") + part;
    return !ended.wanted || value(ended.object ? "{" + text + "}" : "[" + text + "]");
  }
  bool value(std::string text) {
    if (!open_.empty() && open_.back().wanted)
      open_.back().parts.emplace_back(open_.back().key, std::move(text));
    else if (wanted())
      found.push_back(std::move(text));
    return true;
  }

  std::string only_;
  std::vector<Open> open_;
};

std::vector<std::string> values(std::string_view file, std::string only) {
  Writer writer(std::move(only));
  json::sax_parse(file, &writer);
  return std::move(writer.found);
}

std::string text_or_null(std::string_view text) { return text.data() ? json_text(text) : "null"; }
std::string config_or_null(std::string_view config) {
  return config.data() ? canonical(config) : "null";
}

// A list in brackets, each element as `one` writes it.
template <class All, class One> std::string listed(const All &all, One one) {
  std::string text;
  for (const auto element : all)
    text += (text.empty() ? "" : ",") + one(element);
  return "[" + text + "]";
}

std::string destination(std::string_view model, std::string_view version, std::string_view cluster,
                        std::string_view shard, std::string_view address, std::string_view key,
                        std::string_view config) {
  return "\"model\":" + text_or_null(model) + ",\"version\":" + text_or_null(version) +
         ",\"cluster\":" + text_or_null(cluster) + ",\"shard\":" + text_or_null(shard) +
         ",\"address\":" + text_or_null(address) + ",\"routing_key\":" + text_or_null(key) +
         ",\"config\":" + config_or_null(config);
}

std::string cell(const Cell &cell) {
  static const char *const ways[] = {"", "hash", "override", "assignment"};
  return "{\"experiment\":" + json_text(cell.experiment) + ",\"cell\":" + json_text(cell.cell) +
         ",\"by\":" + json_text(ways[static_cast<std::uint32_t>(cell.by)]) + "}";
}

std::string shadow(const Shadow &shadow) {
  return "{\"name\":" + json_text(shadow.name) + "," +
         destination(shadow.model, shadow.version, shadow.cluster, shadow.shard, shadow.address,
                     shadow.routing_key, shadow.config) +
         "}";
}

std::string reason(const DecisionRef &decision) {
  static const char *const kinds[] = {"", "override", "route", "split", "lookup", "experiment"};
  if (decision.reason() == Reason::none)
    return "null";
  return "{\"kind\":" + json_text(kinds[static_cast<std::uint32_t>(decision.reason())]) +
         ",\"rule\":" + text_or_null(decision.rule()) + "}";
}

std::string unbase64(const std::string &text) {
  static const std::string digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char digit : text) {
    const std::size_t value = digits.find(digit);
    if (value == std::string::npos)
      break;
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    count += 6;
    if (count >= 8)
      bytes += static_cast<char>(bits >> (count -= 8) & 0xFF);
  }
  return bytes;
}

} // namespace

std::string canonical(std::string_view text) {
  const std::vector<std::string> all = values(text, "");
  return all.empty() ? "" : all.front();
}

std::vector<std::string> expected_decisions(std::string_view file) {
  return values(file, "decision");
}

std::string written(std::string_view use_case, const DecisionRef &decision) {
  const bool ok = decision.status() == Status::ok;
  return "{\"status\":" + json_text(name(decision.status())) +
         ",\"use_case\":" + (ok ? json_text(use_case) : "null") +
         ",\"revision\":" + (ok ? std::to_string(decision.revision()) : "null") + "," +
         destination(decision.model(), decision.version(), decision.cluster(), decision.shard(),
                     decision.address(), decision.routing_key(), decision.config()) +
         ",\"cells\":" + listed(decision.cells(), cell) + ",\"holdouts\":" +
         listed(decision.holdouts(), [](std::string_view h) { return json_text(h); }) +
         ",\"shadows\":" + listed(decision.shadows(), shadow) + ",\"reason\":" + reason(decision) +
         ",\"traffic\":" + text_or_null(decision.traffic()) +
         ",\"fallback\":" + (decision.fallback() ? "true" : "false") +
         ",\"degraded\":" + (decision.degraded() ? "true" : "false") + "}";
}

std::int64_t nanoseconds_of(const std::string &time) {
  std::tm parts{};
  const char *rest = strptime(time.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
  if (!rest)
    throw std::runtime_error("no time: " + time);
  std::int64_t fraction = 0, unit = 100'000'000;
  if (*rest == '.')
    for (rest++; *rest >= '0' && *rest <= '9'; rest++, unit /= 10)
      fraction += (*rest - '0') * unit;
  int hours = 0, minutes = 0;
  char sign = '+';
  if (*rest != 'Z' && std::sscanf(rest, "%c%d:%d", &sign, &hours, &minutes) != 3)
    throw std::runtime_error("no time zone: " + time);
  const std::int64_t east = (hours * 60 + minutes) * (sign == '-' ? -60 : 60);
  return (timegm(&parts) - east) * 1'000'000'000 + fraction;
}

Text VectorRequest::keep(std::string text) {
  texts_.push_back(std::make_unique<std::string>(std::move(text)));
  return *texts_.back();
}

VectorRequest::VectorRequest(const json &line) : request_("") {
  // Views of what is kept.
  const auto kept = [&](const std::string &text) {
    const Text at = keep(text);
    return std::string_view(at.data, at.size);
  };
  request_.use_case(kept(line.at("use_case").get<std::string>())).want_config();
  if (line.contains("unit"))
    request_.unit(kept(line["unit"].get<std::string>()));
  if (line.contains("unit_base64"))
    request_.unit(kept(unbase64(line["unit_base64"].get<std::string>())));
  if (line.contains("request_id"))
    request_.request_id(kept(line["request_id"].get<std::string>()));
  if (line.contains("now"))
    request_.now_ns(nanoseconds_of(line["now"].get<std::string>()));
  const json units = line.value("units", json::object());
  for (const auto &[key, value] : units.items())
    units_.emplace_back(kept(key), kept(value.get<std::string>()));
  const json assignments = line.value("assignments", json::object());
  for (const auto &[key, value] : assignments.items())
    assignments_.emplace_back(kept(key),
                              value.is_null() ? Text() : Text(kept(value.get<std::string>())));
  const json context = line.value("context", json::object());
  for (const auto &[key, value] : context.items()) {
    const std::string_view name = kept(key);
    if (value.is_null())
      attributes_.emplace_back(name, nullptr);
    else if (value.is_boolean())
      attributes_.emplace_back(name, value.get<bool>());
    else if (value.is_number())
      attributes_.emplace_back(name, value.get<double>());
    else
      attributes_.emplace_back(name, kept(value.get<std::string>()));
  }
  request_.units(units_).assignments(assignments_).attributes(attributes_);
}
