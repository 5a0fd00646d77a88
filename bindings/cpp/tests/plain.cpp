// The whole header without exceptions and RTTI: what is there, and that what throws is not.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <turnout.hpp>

using namespace turnout;

#if defined(__cpp_exceptions) || defined(__GXX_RTTI)
#error "built with exceptions or RTTI"
#endif

template <class T> auto throws(int) -> decltype(std::declval<T>().value_or_throw(), true) {
  return true;
}
template <class T> bool throws(...) { return false; }

int main() {
  const char *store = std::getenv("TURNOUT_STORE");
  auto engine = Engine::open(store ? store : "");
  if (!engine) {
    std::fprintf(stderr, "%s\n", std::string(engine.error().message()).c_str());
    return 1;
  }
  const Attribute context[] = {{"country", "NO"}, {"age", 42}, {"kids", false}};
  Decision decision;
  const Status status = engine->resolve(Request("Everything", "u_1").attributes(context), decision);
  auto view = engine->view();
  char buffer[4096];
  OverlayIn overlay(buffer, sizeof buffer);
  const bool fine = status == Status::ok && decision.rule() == "north" && view &&
                    view->explain(Request("Plain", "u")) && engine->status() &&
                    engine->overlay(overlay) == Status::ok && engine->refresh() &&
                    !throws<Result<Done>>(0);
  return fine ? 0 : 1;
}
