/* What all kernels share: the index's inner loops, each of which has a plain twin in NumPy that says
 * what it must do (`term_ids.py`, `inverter.py`, `scoring.py`, `feedback.py`). Sums are made in the
 * very order that the twins make them in, so that scores are the same to the last bit; for that the
 * compiler may not contract floating-point operations.
 *
 * They know nothing of files, of Discord, or of what a text means. They keep to the stable ABI of
 * Python 3.11 (https://docs.python.org/3/c-api/stable.html): one build serves every later version.
 */
#ifndef KERNELS_H
#define KERNELS_H
#define PY_SSIZE_T_CLEAN
#ifndef Py_LIMITED_API
#define Py_LIMITED_API 0x030B0000
#endif
#include <Python.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Every write into an array names the array's length: ITEM(docs, room, out) = doc. In the checked
 * build, which `python -m tests.sanitized` makes, a write outside the array ends the process and
 * says where it is, and ALLOCATED can be told to fail. In any other build nothing is checked. */
#ifdef KERNELS_CHECKED
int64_t within(int64_t index, int64_t count, int64_t length, const char *file, int line);
int allowed(void);
PyObject *refuse(PyObject *module, PyObject *after);
#define ITEM(items, length, index) (items)[within(index, 1, length, __FILE__, __LINE__)]
#define COPY(items, length, index, source, count)                               \
    memcpy((items) + within(index, count, length, __FILE__, __LINE__), source, \
           sizeof *(items) * (size_t)(count))
#define ALLOCATED(call) (allowed() ? (call) : NULL)
#else
#define ITEM(items, length, index) (items)[((void)sizeof(length), (index))]
#define COPY(items, length, index, source, count) \
    memcpy((items) + ((void)sizeof(length), (index)), source, sizeof *(items) * (size_t)(count))
#define ALLOCATED(call) (call)
#endif

#define ESCAPE 255 /* the code of a pair that has none of its own */

int all_shown(PyObject **sources, Py_buffer *views, const int *sizes, int count);
void done_with(Py_buffer *views, int count);
int grown(void **items, size_t *room, size_t needed, size_t size);

PyObject *term_starts(PyObject *module, PyObject *args);
PyObject *inverted(PyObject *module, PyObject *args);
PyObject *merged(PyObject *module, PyObject *args);
extern PyType_Spec term_ids_spec, searcher_spec;

#endif
