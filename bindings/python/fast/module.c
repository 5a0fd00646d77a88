/* turnout._fast: the way of turnout._caller in C. Optional; what it does not take, and every error,
 * is left to the ctypes side, so that both answer alike. SPDX-License-Identifier: Apache-2.0
 *
 * It is built for the stable ABI and linked to no library: the functions' addresses come from
 * ctypes. Threads: it holds the interpreter's lock, which it lets go of only while a large batch is
 * resolved. Lifetime: a caller holds the Python object that closes the handle. */
#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030A0000
#include "known.h"
#include "request.h"

#define ROOM ((size_t)8192)       /* of a decision's buffer; what does not fit goes the other way */
#define KNOWN_MAX ((size_t)16384) /* decisions that an engine remembers */
#define RAW_MAX ((size_t)4096)    /* bytes of one of them */
#define CHUNK ((size_t)512)       /* elements of a batch that are resolved by one call */
#define LETS_GO ((size_t)2048)    /* elements from which a batch lets other threads run */

typedef turnout_status (*resolve_function)(const void *, const turnout_request *, void *, size_t,
                                           turnout_decision *);
typedef turnout_status (*units_function)(const void *, const turnout_request *,
                                         const turnout_text *, size_t, void *, size_t,
                                         turnout_decision *, size_t, size_t *);

typedef struct caller {
  PyObject_HEAD resolve_function resolve;
  units_function resolve_units;
  const void *handle;
  PyObject *holder;    /* closes the handle when it goes */
  struct caller *home; /* of a view its engine's caller, whose table it uses; else itself */
  PyObject *make;      /* (use_case, raw, base) → Decision */
  PyObject *rare;      /* decides what is not plain; takes the same arguments */
  bool is_view;        /* so that two calls see one revision */
  known_table table;
  canonical form;
} caller;

static void caller_free(PyObject *self) {
  caller *me = (caller *)self;
  PyTypeObject *type = Py_TYPE(self);
  known_clear(&me->table);
  free(me->form.bytes);
  Py_XDECREF(me->make);
  Py_XDECREF(me->rare);
  Py_XDECREF(me->holder);
  if (me->home != me)
    Py_XDECREF(me->home);
  ((freefunc)PyType_GetSlot(type, Py_tp_free))(self);
  Py_DECREF(type);
}

static PyObject *caller_new(PyTypeObject *type, PyObject *arguments, PyObject *keywords) {
  (void)keywords;
  unsigned long long resolve = 0;
  unsigned long long units = 0;
  unsigned long long handle = 0;
  PyObject *holder = NULL;
  PyObject *make = NULL;
  PyObject *rare = NULL;
  PyObject *home = NULL;
  if (!PyArg_ParseTuple(arguments, "KKKOOOO", &resolve, &units, &handle, &holder, &make, &rare,
                        &home))
    return NULL;
  if (home != Py_None && Py_TYPE(home) != type) {
    PyErr_SetString(PyExc_TypeError, "home must be a Caller or None");
    return NULL;
  }
  caller *me = (caller *)((allocfunc)PyType_GetSlot(type, Py_tp_alloc))(type, 0);
  if (!me)
    return NULL;
  me->resolve = (resolve_function)(uintptr_t)resolve;
  me->resolve_units = (units_function)(uintptr_t)units;
  me->handle = (const void *)(uintptr_t)handle;
  me->home = me;
  me->is_view = home != Py_None;
  if (me->is_view) {
    Py_INCREF(home);
    me->home = (caller *)home;
  }
  Py_INCREF(holder);
  me->holder = holder;
  Py_INCREF(make);
  me->make = make;
  Py_INCREF(rare);
  me->rare = rare;
  return (PyObject *)me;
}

/* The Python object of a canonical form, and its bytes: new references. */
static PyObject *decision_of(caller *me, PyObject *use_case, const canonical *form,
                             PyObject **raw) {
  *raw = PyBytes_FromStringAndSize(form->bytes, (Py_ssize_t)form->size);
  if (!*raw)
    return NULL;
  PyObject *made = PyObject_CallFunction(me->make, "OOi", use_case, *raw, 0);
  if (!made)
    Py_CLEAR(*raw);
  return made;
}

/* A new reference to the decision of a canonical form, one that was seen before if it can be. */
static PyObject *remembered(caller *me, const canonical *form, PyObject *use_case) {
  known_table *table = &me->home->table;
  uint64_t hash = canonical_hash(form);
  known *place = known_find(table, hash, use_case, form);
  if (place) {
    Py_INCREF(place->decision);
    return place->decision;
  }
  /* Making an object may run other code, which may come here: of the form only a copy is used. */
  size_t size = form->size;
  PyObject *raw = NULL;
  PyObject *made = decision_of(me, use_case, form, &raw);
  if (!made)
    return NULL;
  Py_ssize_t name_bytes = 0;
  if (!PyUnicode_AsUTF8AndSize(use_case, &name_bytes))
    Py_CLEAR(made);
  if (made && size + (size_t)name_bytes <= RAW_MAX) {
    if (table->count >= KNOWN_MAX)
      known_clear(table);
    if (!known_add(table, hash, use_case, raw, made))
      Py_CLEAR(made);
  }
  Py_DECREF(raw);
  return made;
}

static PyObject *rare(caller *me, PyObject *const *arguments) {
  return PyObject_CallFunctionObjArgs(me->rare, arguments[0], arguments[1], arguments[2],
                                      arguments[3], arguments[4], arguments[5], arguments[6],
                                      arguments[7], NULL);
}

static PyObject *caller_decide(PyObject *self, PyObject *const *arguments, Py_ssize_t count) {
  caller *me = (caller *)self;
  if (count != 8) {
    PyErr_SetString(PyExc_TypeError, "decide takes eight arguments");
    return NULL;
  }
  packed_request request;
  if (!packed(arguments, &request))
    return rare(me, arguments);
  turnout_decision decision;
  decision.struct_size = sizeof decision;
  char buffer[ROOM + STEP];
  if (me->resolve(me->handle, &request.request, buffer, ROOM, &decision) < 0)
    return rare(me, arguments);
  if (!canonical_of(&decision, &me->form))
    return PyErr_NoMemory();
  return remembered(me, &me->form, arguments[0]);
}

/* What a batch needs while it runs. */
typedef struct {
  caller *me;
  PyObject *use_case;
  PyObject *distinct; /* list: the decisions, by code */
  known_table table;
  canonical form;
  turnout_text *units;
  turnout_decision *decisions;
  char *buffer;
  size_t room;
} batch;

static void batch_free(batch *run) {
  known_clear(&run->table);
  free(run->form.bytes);
  free(run->units);
  free(run->decisions);
  free(run->buffer);
}

static bool batch_begin(batch *run) {
  run->room = CHUNK * 256;
  run->units = calloc(CHUNK, sizeof *run->units);
  run->decisions = calloc(CHUNK, sizeof *run->decisions);
  run->buffer = malloc(run->room + STEP);
  if (!run->units || !run->decisions || !run->buffer) {
    PyErr_NoMemory();
    return false;
  }
  for (size_t i = 0; i < CHUNK; i++)
    run->decisions[i].struct_size = sizeof *run->decisions;
  return true;
}

/* The code of a decision in this batch; -1 with an exception. */
static int32_t batch_code(batch *run, const turnout_decision *decision) {
  if (!canonical_of(decision, &run->form)) {
    PyErr_NoMemory();
    return -1;
  }
  uint64_t hash = canonical_hash(&run->form);
  known *place = known_find(&run->table, hash, run->use_case, &run->form);
  if (place)
    return place->code;
  PyObject *raw = PyBytes_FromStringAndSize(run->form.bytes, (Py_ssize_t)run->form.size);
  PyObject *made = raw ? remembered(run->me, &run->form, run->use_case) : NULL;
  int32_t code = (int32_t)PyList_Size(run->distinct);
  place = made ? known_add(&run->table, hash, run->use_case, raw, made) : NULL;
  if (place)
    place->code = code;
  int failed = place ? PyList_Append(run->distinct, made) : -1;
  Py_XDECREF(raw);
  Py_XDECREF(made);
  return failed ? -1 : code;
}

/* Resolves the units of a tuple; false with an exception. *status is not 0 where the library
 * refused the request as a whole, or where one call was not enough for an engine, which may have
 * another revision by the next one. */
static bool batch_run(batch *run, const turnout_request *request, PyObject *units, int32_t *codes,
                      turnout_status *status) {
  size_t count = (size_t)PyTuple_Size(units);
  bool lets_go = count >= LETS_GO;
  if (count > CHUNK && !run->me->is_view) {
    *status = TURNOUT_CONFLICT;
    return true;
  }
  for (size_t done = 0; done < count;) {
    size_t chunk = count - done < CHUNK ? count - done : CHUNK;
    for (size_t i = 0; i < chunk; i++)
      if (!unit_of(PyTuple_GetItem(units, (Py_ssize_t)(done + i)), &run->units[i])) {
        *status = TURNOUT_INVALID_ARGUMENT;
        return true;
      }
    size_t resolved = 0;
    turnout_status stopped;
    PyThreadState *state = lets_go ? PyEval_SaveThread() : NULL;
    stopped = run->me->resolve_units(run->me->handle, request, run->units, chunk, run->buffer,
                                     run->room, run->decisions, sizeof *run->decisions, &resolved);
    if (state)
      PyEval_RestoreThread(state);
    for (size_t i = 0; i < resolved; i++) {
      codes[done + i] = batch_code(run, &run->decisions[i]);
      if (codes[done + i] < 0)
        return false;
    }
    done += resolved;
    if (stopped == TURNOUT_BUFFER_TOO_SMALL && resolved == 0) {
      run->room = run->room * 2 + run->decisions[0].buffer_needed;
      free(run->buffer);
      run->buffer = malloc(run->room + STEP);
      if (!run->buffer) {
        PyErr_NoMemory();
        return false;
      }
    } else if (stopped == TURNOUT_BUFFER_TOO_SMALL && !run->me->is_view) {
      *status = TURNOUT_CONFLICT;
      return true;
    } else if (stopped != TURNOUT_OK && stopped != TURNOUT_BUFFER_TOO_SMALL) {
      *status = stopped;
      return true;
    }
  }
  return true;
}

/* (use_case, units, attributes, units beside, assignments, request_id, now, flags) → None where a
 * view or the other side must look at it, else (codes as bytes, distinct decisions). `units` is a
 * tuple, and nobody changes what it and the mappings hold. */
static PyObject *caller_decide_units(PyObject *self, PyObject *const *arguments, Py_ssize_t count) {
  caller *me = (caller *)self;
  if (count != 8 || !PyTuple_Check(arguments[1])) {
    PyErr_SetString(PyExc_TypeError, "decide_units takes eight arguments, the second a tuple");
    return NULL;
  }
  PyObject *plain[8];
  for (size_t i = 0; i < 8; i++)
    plain[i] = i == 1 ? Py_None : arguments[i];
  packed_request request;
  if (!packed(plain, &request))
    Py_RETURN_NONE;
  PyObject *codes = PyBytes_FromStringAndSize(NULL, PyTuple_Size(arguments[1]) * 4);
  PyObject *distinct = PyList_New(0);
  PyObject *result = NULL;
  batch run = {.me = me, .use_case = arguments[0], .distinct = distinct};
  turnout_status status = TURNOUT_OK;
  if (codes && distinct && batch_begin(&run) &&
      batch_run(&run, &request.request, arguments[1], (int32_t *)(void *)PyBytes_AsString(codes),
                &status)) {
    if (status == TURNOUT_OK) {
      result = PyTuple_Pack(2, codes, distinct);
    } else {
      result = Py_None;
      Py_INCREF(result);
    }
  }
  batch_free(&run);
  Py_XDECREF(codes);
  Py_XDECREF(distinct);
  return result;
}

static PyMethodDef caller_methods[] = {
    {"decide", (PyCFunction)(void (*)(void))caller_decide, METH_FASTCALL, NULL},
    {"decide_units", (PyCFunction)(void (*)(void))caller_decide_units, METH_FASTCALL, NULL},
    {NULL, NULL, 0, NULL}};

static PyType_Slot caller_slots[] = {{Py_tp_new, (void *)caller_new},
                                     {Py_tp_dealloc, (void *)caller_free},
                                     {Py_tp_methods, caller_methods},
                                     {0, NULL}};
static PyType_Spec caller_spec = {"turnout._fast.Caller", sizeof(caller), 0, Py_TPFLAGS_DEFAULT,
                                  caller_slots};

static int module_fill(PyObject *module) {
  PyObject *type = PyType_FromSpec(&caller_spec);
  if (!type)
    return -1;
  int status = PyModule_AddObject(module, "Caller", type);
  if (status)
    Py_DECREF(type);
  return status;
}

static PyModuleDef_Slot module_slots[] = {{Py_mod_exec, (void *)module_fill}, {0, NULL}};
static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "turnout._fast", NULL, 0, NULL, module_slots, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__fast(void) { return PyModuleDef_Init(&definition); }
