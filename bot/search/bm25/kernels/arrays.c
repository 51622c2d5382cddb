/* Arrays that come from Python, and those that grow. */
#include "kernels.h"

/* Have `view` show the items of `source`, each of `size` bytes, one behind the other. */
static int shown(PyObject *source, Py_buffer *view, int writable, Py_ssize_t size)
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

void done_with(Py_buffer *views, int count)
{
    while (count-- > 0)
        PyBuffer_Release(&views[count]);
}

/* Have each of `views` show the source with its place; of `sizes`, those below 0 are written to. */
int all_shown(PyObject **sources, Py_buffer *views, const int *sizes, int count)
{
    for (int at = 0; at < count; at++)
        if (shown(sources[at], &views[at], sizes[at] < 0, abs(sizes[at])) < 0) {
            done_with(views, at);
            return -1;
        }
    return 0;
}

/* Have `items`, each of `size` bytes, have room for as many as are needed. */
int grown(void **items, size_t *room, size_t needed, size_t size)
{
    if (needed <= *room)
        return 0;
    size_t more = *room ? *room : 1024;
    while (more < needed)
        more *= 2;
    void *made = ALLOCATED(realloc(*items, more * size));
    if (!made) {
        PyErr_NoMemory();
        return -1;
    }
    *items = made;
    *room = more;
    return 0;
}
