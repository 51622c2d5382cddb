/* Access to arrays from Python, and growing arrays. */
#include "kernels.h"

/* Get the buffer of `source`, whose items take `size` bytes. Returns -1 with an exception set. */
static int get_array(PyObject *source, Py_buffer *view, int writable, Py_ssize_t size)
{
    if (PyObject_GetBuffer(source, view, writable ? PyBUF_WRITABLE : PyBUF_SIMPLE) < 0)
        return -1;
    if (view->len % size) {
        PyBuffer_Release(view);
        PyErr_SetString(PyExc_ValueError, "an array of items of another size was expected");
        return -1;
    }
    return 0;
}

/* Release the buffers that `get_arrays` returned. */
void release_arrays(Py_buffer *views, int count)
{
    while (count-- > 0)
        PyBuffer_Release(&views[count]);
}

/* Get the buffers of all sources. `sizes` are the items' sizes in bytes, negative for arrays to
 * write to. Returns -1 with an exception set; no buffer is held then. */
int get_arrays(PyObject **sources, Py_buffer *views, const int *sizes, int count)
{
    for (int at = 0; at < count; at++)
        if (get_array(sources[at], &views[at], sizes[at] < 0, abs(sizes[at])) < 0) {
            release_arrays(views, at);
            return -1;
        }
    return 0;
}

/* Grow `items`, of `size` bytes each, to hold at least `needed`. Returns -1 with an exception set,
 * else 0. */
int ensure_room(void **items, size_t *room, size_t needed, size_t size)
{
    if (needed <= *room)
        return 0;
    size_t more = *room ? *room : 1024;
    while (more < needed)
        more *= 2;
    void *result = ALLOCATED(realloc(*items, more * size));
    if (!result) {
        PyErr_NoMemory();
        return -1;
    }
    *items = result;
    *room = more;
    return 0;
}
