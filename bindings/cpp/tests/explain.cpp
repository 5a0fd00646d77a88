// Explanations: into a buffer of the caller's, and into a string.
#include "store.hpp"
#include <gtest/gtest.h>
#include <string>
#include <turnout.hpp>

using namespace turnout;

namespace {

TEST(Explain, BothFormsTellTheDecisionFromAnEngineAndAView) {
  const Engine engine(store_with("explain", shared_document("routing.yaml")));
  const Request request("Plain", "u");
  const auto text = engine.explain(request);
  ASSERT_TRUE(text);
  EXPECT_EQ(text->rfind("Plain → ranker@v2", 0), 0U);
  const auto json = engine.explain(request, Form::json);
  ASSERT_TRUE(json);
  EXPECT_EQ(json->front(), '{');
  EXPECT_NE(json->find(R"("address":"10.0.0.2:8080")"), std::string::npos);
  auto view = engine.view();
  ASSERT_TRUE(view);
  EXPECT_EQ(*view->explain(request), *text);
  EXPECT_EQ(view->close(), Status::ok);
  EXPECT_EQ(view->explain(request).status(), Status::invalid_argument);
}

TEST(Explain, ABufferIsTooSmallOrHoldsItAll) {
  const Engine engine(store_with("explain-buffers", shared_document("routing.yaml")));
  const Request request("Plain", "u");
  const Explanation needed = engine.explain(request, Form::text, {});
  EXPECT_EQ(needed.status, Status::buffer_too_small);
  EXPECT_EQ(needed.text.data(), nullptr);
  std::string buffer(needed.needed, '#');
  const Explanation held = engine.explain(request, Form::text, buffer);
  EXPECT_EQ(held.status, Status::ok);
  EXPECT_EQ(held.text.data(), buffer.data());
  EXPECT_EQ(held.text, *engine.explain(request));
}

} // namespace
