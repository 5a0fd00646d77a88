// What a caller may write as an input, and what of it C sees.
#include <array>
#include <cmath>
#include <cstring>
#include <gtest/gtest.h>
#include <string>
#include <turnout.hpp>
#include <vector>

using namespace turnout;

namespace {

std::string_view words(turnout_text text) { return {text.data, text.size}; }

TEST(Requests, AnAttributeTakesTheTypeOfItsValue) {
  const std::string string = "NO";
  const Attribute all[] = {{"a", "US"},   {"b", string}, {"c", std::string_view("DE")},
                           {"d", 12},     {"e", 2.5F},   {"f", std::size_t{7}},
                           {"g", true},   {"h", false},  {"i", nullptr},
                           {string, -1L}, {"k", ""}};
  const std::uint32_t types[] = {TURNOUT_STRING, TURNOUT_STRING, TURNOUT_STRING,  TURNOUT_NUMBER,
                                 TURNOUT_NUMBER, TURNOUT_NUMBER, TURNOUT_BOOLEAN, TURNOUT_BOOLEAN,
                                 TURNOUT_NULL,   TURNOUT_NUMBER, TURNOUT_STRING};
  for (std::size_t i = 0; i < std::size(all); i++)
    EXPECT_EQ(all[i].type, types[i]) << i;
  EXPECT_EQ(words(all[0].text), "US");
  EXPECT_EQ(words(all[1].text), "NO");
  EXPECT_EQ(all[3].number, 12);
  EXPECT_EQ(all[4].number, 2.5);
  EXPECT_EQ(all[6].boolean, 1U);
  EXPECT_EQ(all[7].boolean, 0U);
  EXPECT_EQ(all[9].name.size, 2U);
  EXPECT_NE(all[10].text.data, nullptr);
}

TEST(Requests, ANameIsHashedOnlyWhenAsked) {
  EXPECT_EQ(Name("country").hash, 0U);
  const Name handle = Name::hashed("country");
  EXPECT_NE(handle.hash, 0U);
  const turnout_name same = turnout_name_of({"country", 7});
  EXPECT_EQ(handle.hash, same.hash);
}

TEST(Requests, ASpanIsMadeOfWhatIsThere) {
  const Attribute array[] = {{"a", 1}, {"b", 2}};
  std::vector<Attribute> vector(3);
  const std::array<Attribute, 4> fixed{};
  EXPECT_EQ(Span<const Attribute>(array).size(), 2U);
  EXPECT_EQ(Span<const Attribute>(vector).data(), vector.data());
  EXPECT_EQ(Span<const Attribute>(fixed).size(), 4U);
  EXPECT_EQ(Span<const Attribute>().data(), nullptr);
  EXPECT_EQ(Span<const Attribute>(array).from(1).data(), array + 1);
  EXPECT_EQ(Span<const Attribute>(array).from(1).size(), 1U);
  EXPECT_EQ(Span<const Attribute>(array).from(2).size(), 0U);
  EXPECT_EQ(Span<const Attribute>(array).from(9).size(), 0U);
  // A step in an array of something larger would miss its elements.
  static_assert(!std::is_convertible_v<std::vector<Unit>, Span<const Text>>);
  static_assert(!std::is_convertible_v<const std::vector<Attribute> &, Span<Attribute>>);
}

TEST(Requests, ARequestSetsEachField) {
  const Attribute attributes[] = {{"country", "US"}};
  const Unit units[] = {{"session", "s"}, {"account", "x"}};
  const Assignment assignments[] = {{"depth", "deeper"}, {"other", Text()}};
  Request request("Search", "u_1");
  request.attributes(attributes)
      .units(units)
      .assignments(assignments)
      .request_id("r")
      .want_config();
  request.now(std::chrono::system_clock::time_point(std::chrono::seconds(3)));
  const turnout_request &c = request.c();
  EXPECT_EQ(c.struct_size, sizeof c);
  EXPECT_EQ(std::string_view(c.use_case.data, c.use_case.size), "Search");
  EXPECT_EQ(words(c.unit), "u_1");
  EXPECT_EQ(c.attributes, attributes);
  EXPECT_EQ(c.attribute_count, 1U);
  EXPECT_EQ(c.units, units);
  EXPECT_EQ(c.unit_count, 2U);
  EXPECT_EQ(c.assignments, assignments);
  EXPECT_EQ(c.assignment_count, 2U);
  EXPECT_EQ(assignments[1].cell.data, nullptr);
  EXPECT_EQ(words(c.request_id), "r");
  EXPECT_EQ(c.now_ns, 3'000'000'000);
  EXPECT_EQ(c.flags, TURNOUT_WANT_CONFIG);
  request.want_config(false).use_case("Other").unit("u_2").now_ns(-1);
  EXPECT_EQ(c.flags, 0U);
  EXPECT_EQ(words(c.unit), "u_2");
  EXPECT_EQ(c.now_ns, -1);
  EXPECT_EQ(std::string_view(c.use_case.data, c.use_case.size), "Other");
}

} // namespace
