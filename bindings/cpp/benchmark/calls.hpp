// The same resolve, written in C and in C++. Each has a function of its own, which is not inlined,
// so that callgrind can count what runs in it.
#ifndef CALLS_HPP
#define CALLS_HPP

#include <cstddef>
#include <turnout.hpp>

struct Scene {
  const turnout::Engine &engine;
  std::string_view unit, country;
};

// A number made of the decision's texts, so that none of the reading can be left out.
std::size_t call_c(const Scene &scene);
std::size_t call_cpp(const Scene &scene);

#endif // CALLS_HPP
