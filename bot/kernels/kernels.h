/* What all kernels share: the index's inner loops, each of which has a plain twin in NumPy that says
 * what it must do (`numbering.py`, `inversion.py`, `bm25.py`, `feedback.py`). Sums are made in the
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

#define ESCAPE 255 /* the code of a pair that has none of its own */

int all_shown(PyObject **sources, Py_buffer *views, const int *sizes, int count);
void done_with(Py_buffer *views, int count);
int grown(void **items, size_t *room, size_t needed, size_t size);

PyObject *counted(PyObject *module, PyObject *args);
PyObject *inverted(PyObject *module, PyObject *args);
PyObject *joined(PyObject *module, PyObject *args);
extern PyType_Spec numbering_spec, searcher_spec;

#endif
