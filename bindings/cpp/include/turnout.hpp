// turnout.hpp: Turnout in C++17, header only, over turnout.h, which is the manual. Include this
// one. SPDX-License-Identifier: Apache-2.0
//
// The five facts of every function here, unless its own lines say otherwise:
//   Threads   Any, with no set-up. What a call writes (a decision, a batch) belongs to one thread
//             at a time; an Engine or View serves all of them, while nobody moves or closes it.
//   Lifetime  Inputs are borrowed: what a string_view, Span, Name, Attribute or Request names must
//             live until the call returns. Texts of a decision live in its buffer, until the next
//             resolve into it.
//   Memory    None is allocated.
//   Result    A Status, or a Result that holds a value or an Error with words. All is noexcept.
//   Only
//             constructors that open and functions called *_or_throw throw a Failure; they are
//             absent under -fno-exceptions. RTTI is not used.
//   Since     0.1.
//
// An absent text is a string_view whose data() is nullptr. An Engine or View that was closed or
// moved from answers Status::invalid_argument.
#ifndef TURNOUT_HPP
#define TURNOUT_HPP

#include <turnout/decision.hpp>
#include <turnout/engine.hpp>
#include <turnout/overlay.hpp>
#include <turnout/request.hpp>
#include <turnout/result.hpp>

#endif // TURNOUT_HPP
