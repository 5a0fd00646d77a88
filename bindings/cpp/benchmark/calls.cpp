#include "calls.hpp"

using namespace turnout;

[[gnu::noinline]] std::size_t call_c(const Scene &scene) {
  const turnout_text country = {scene.country.data(), scene.country.size()};
  turnout_attribute context[2] = {{{"country", 7, 0}, TURNOUT_STRING, 0, 0, country},
                                  {{"age", 3, 0}, TURNOUT_NUMBER, 0, 42, {nullptr, 0}}};
  turnout_request request = TURNOUT_REQUEST_INIT;
  request.use_case = {"Everything", 10, 0};
  request.unit = {scene.unit.data(), scene.unit.size()};
  request.attributes = context;
  request.attribute_count = 2;
  alignas(8) char buffer[TURNOUT_DECISION_BYTES];
  turnout_decision decision = TURNOUT_DECISION_INIT;
  if (turnout_resolve(scene.engine.c(), &request, buffer, sizeof buffer, &decision) != TURNOUT_OK)
    return 0;
  return decision.model.size + decision.version.size + decision.address.size +
         static_cast<unsigned char>(decision.routing_key.data[0]);
}

[[gnu::noinline]] std::size_t call_cpp(const Scene &scene) {
  const Attribute context[] = {{"country", scene.country}, {"age", 42}};
  Decision decision;
  if (scene.engine.resolve(Request("Everything", scene.unit).attributes(context), decision) !=
      Status::ok)
    return 0;
  return decision.model().size() + decision.version().size() + decision.address().size() +
         static_cast<unsigned char>(decision.routing_key()[0]);
}
