// Tests/vectors/decisions.json as C++ reads it, and decisions written as it writes them.
#ifndef VECTOR_JSON_HPP
#define VECTOR_JSON_HPP

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <turnout.hpp>
#include <vector>

// A request that owns its texts. It does not move: the request points into it.
class VectorRequest {
public:
  explicit VectorRequest(const nlohmann::json &line);
  VectorRequest(const VectorRequest &) = delete;
  VectorRequest &operator=(const VectorRequest &) = delete;
  const turnout::Request &request() const { return request_; }

private:
  turnout::Text keep(std::string text);
  // Texts stay where they are.
  std::vector<std::unique_ptr<std::string>> texts_;
  std::vector<turnout::Unit> units_;
  std::vector<turnout::Attribute> attributes_;
  std::vector<turnout::Assignment> assignments_;
  turnout::Request request_;
};

// JSON with its keys in their order and its numbers as they were written.
std::string canonical(std::string_view json);

// As the vectors write a decision: without the digest, and of a refused one only the status.
std::string written(std::string_view use_case, const turnout::DecisionRef &decision);

// The decisions of the file as texts: what canonical() makes of each "decision", in their order.
std::vector<std::string> expected_decisions(std::string_view file);

// Nanoseconds since 1970 of `2031-01-01T03:30:00.25+01:00` and the like.
std::int64_t nanoseconds_of(const std::string &time);

#endif // VECTOR_JSON_HPP
