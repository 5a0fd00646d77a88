/* From the arguments of a call in Python to a turnout_request. What is not plain (a subclass, a
 * value that is wrong, more than fits) is left to the ctypes side, which says what is wrong.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef TURNOUT_FAST_REQUEST_H
#define TURNOUT_FAST_REQUEST_H

#include <Python.h>
#include <math.h>
#include <stdbool.h>
#include <turnout.h>

enum { PLAIN_ATTRIBUTES_MAX = TURNOUT_ATTRIBUTES_MAX, PLAIN_ASSIGNMENTS_MAX = 32 };

/* Lives on the stack of the call; its texts are the Python objects' own, which the caller holds. */
typedef struct {
  turnout_request request;
  turnout_attribute attributes[PLAIN_ATTRIBUTES_MAX];
  turnout_unit units[TURNOUT_UNITS_MAX];
  turnout_assignment assignments[PLAIN_ASSIGNMENTS_MAX];
} packed_request;

static inline bool text_of(PyObject *object, turnout_text *text) {
  Py_ssize_t size = 0;
  const char *data = PyUnicode_AsUTF8AndSize(object, &size);
  if (!data) {
    PyErr_Clear();
    return false;
  }
  *text = (turnout_text){data, (size_t)size};
  return true;
}

static inline bool name_of(PyObject *object, turnout_name *name) {
  turnout_text text;
  if (!PyUnicode_Check(object) || !text_of(object, &text))
    return false;
  *name = (turnout_name){text.data, text.size, 0};
  return true;
}

/* A unit: a str, bytes or None. */
static inline bool unit_of(PyObject *object, turnout_text *unit) {
  if (PyUnicode_Check(object))
    return text_of(object, unit);
  if (object == Py_None) {
    *unit = (turnout_text){NULL, 0};
    return true;
  }
  if (!PyBytes_Check(object))
    return false;
  char *data = NULL;
  Py_ssize_t size = 0;
  PyBytes_AsStringAndSize(object, &data, &size);
  *unit = (turnout_text){data, (size_t)size};
  return true;
}

static inline bool number_of(double number, turnout_attribute *attribute) {
  attribute->type = TURNOUT_NUMBER;
  attribute->number = number;
  return isfinite(number);
}

static inline bool attribute_of(PyObject *name, PyObject *value, turnout_attribute *attribute) {
  *attribute = (turnout_attribute){{NULL, 0, 0}, TURNOUT_NULL, 0, 0, {NULL, 0}};
  if (!name_of(name, &attribute->name))
    return false;
  if (PyUnicode_Check(value)) {
    attribute->type = TURNOUT_STRING;
    return text_of(value, &attribute->text);
  }
  if (value == Py_True || value == Py_False) {
    attribute->type = TURNOUT_BOOLEAN;
    attribute->boolean = value == Py_True;
    return true;
  }
  if (PyFloat_Check(value))
    return number_of(PyFloat_AsDouble(value), attribute);
  if (PyLong_Check(value)) {
    double number = PyLong_AsDouble(value);
    if (number == -1 && PyErr_Occurred()) {
      PyErr_Clear();
      return false;
    }
    return number_of(number, attribute);
  }
  return value == Py_None;
}

/* Whether there is a mapping to read, and no more in it than fits. */
static inline bool readable(PyObject *mapping, Py_ssize_t count_max, bool *plain) {
  if (mapping == Py_None)
    return false;
  *plain = PyDict_CheckExact(mapping) && PyDict_Size(mapping) <= count_max;
  return *plain;
}

/* arguments: use_case, unit, attributes, units, assignments, request_id, now, flags. Each item of
 * `items` is what stands in a dict during the call, which the interpreter's lock keeps as it is. */
static inline bool packed(PyObject *const *arguments, packed_request *to) {
  to->request = (turnout_request)TURNOUT_REQUEST_INIT;
  turnout_request *request = &to->request;
  if (!name_of(arguments[0], &request->use_case) || !unit_of(arguments[1], &request->unit) ||
      !unit_of(arguments[5], &request->request_id))
    return false;
  bool plain = true;
  PyObject *name = NULL;
  PyObject *value = NULL;
  Py_ssize_t position = 0;
  if (readable(arguments[2], PLAIN_ATTRIBUTES_MAX, &plain)) {
    while (PyDict_Next(arguments[2], &position, &name, &value))
      if (!attribute_of(name, value, &to->attributes[request->attribute_count++]))
        return false;
    request->attributes = to->attributes;
  }
  position = 0;
  if (plain && readable(arguments[3], TURNOUT_UNITS_MAX, &plain)) {
    while (PyDict_Next(arguments[3], &position, &name, &value)) {
      turnout_unit *unit = &to->units[request->unit_count++];
      if (!name_of(name, &unit->name) || !unit_of(value, &unit->value))
        return false;
    }
    request->units = to->units;
  }
  position = 0;
  if (plain && readable(arguments[4], PLAIN_ASSIGNMENTS_MAX, &plain)) {
    while (PyDict_Next(arguments[4], &position, &name, &value)) {
      turnout_assignment *assignment = &to->assignments[request->assignment_count++];
      if (!name_of(name, &assignment->experiment) || PyBytes_Check(value) ||
          !unit_of(value, &assignment->cell))
        return false;
    }
    request->assignments = to->assignments;
  }
  request->now_ns = PyLong_AsLongLong(arguments[6]);
  request->flags = (uint64_t)PyLong_AsLongLong(arguments[7]);
  if (PyErr_Occurred()) {
    PyErr_Clear();
    return false;
  }
  return plain;
}

#endif
