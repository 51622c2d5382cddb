/* Declarations that all kernels share.
 *
 * Each kernel has an equivalent in NumPy that specifies it (`term_ids.py`, `inverter.py`,
 * `scoring.py`, `feedback.py`). Sums are added in the same order as there, so scores are equal to
 * the last bit. For the same reason the compiler must not contract floating-point operations.
 *
 * The kernels use the stable ABI of Python 3.11, so one build works with all later versions:
 * https://docs.python.org/3/c-api/stable.html
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
 * build, which `python -m tests.sanitized` makes, a write outside the array aborts the process with
 * its file and line, and tests can make ALLOCATED fail. Other builds check nothing. */
#ifdef KERNELS_CHECKED
int64_t checked_index(int64_t index, int64_t count, int64_t length, const char *file, int line);
int may_allocate(void);
PyObject *refuse(PyObject *module, PyObject *after);
#define ITEM(items, length, index) (items)[checked_index(index, 1, length, __FILE__, __LINE__)]
#define COPY(items, length, index, source, count)                               \
    memcpy((items) + checked_index(index, count, length, __FILE__, __LINE__), source, \
           sizeof *(items) * (size_t)(count))
#define ALLOCATED(call) (may_allocate() ? (call) : NULL)
#else
#define ITEM(items, length, index) (items)[((void)sizeof(length), (index))]
#define COPY(items, length, index, source, count) \
    memcpy((items) + ((void)sizeof(length), (index)), source, sizeof *(items) * (size_t)(count))
#define ALLOCATED(call) (call)
#endif

#define ESCAPE 255 /* the code of a posting whose pair of frequency and length has no code */

int get_arrays(PyObject **sources, Py_buffer *views, const int *sizes, int count);
void release_arrays(Py_buffer *views, int count);
int ensure_room(void **items, size_t *room, size_t needed, size_t size);

PyObject *term_starts(PyObject *module, PyObject *args);
PyObject *inverted(PyObject *module, PyObject *args);
extern PyType_Spec term_ids_spec;

#endif
