/* The checks of the checked build. Other builds leave this file empty. */
#include "kernels.h"
#include <stdio.h>

#ifdef KERNELS_CHECKED

/* Return `index` if `count` items from there on are inside an array of `length`; else abort. */
int64_t checked_index(int64_t index, int64_t count, int64_t length, const char *file, int line)
{
    if (index < 0 || count < 0 || index > length - count) {
        fprintf(stderr, "%s:%d: %lld items from %lld on, in an array of %lld\n", file, line,
                (long long)count, (long long)index, (long long)length);
        abort();
    }
    return index;
}

static long long until_refused = -1; /* allocations until one fails; negative if none is to */

/* Whether the next allocation may succeed. */
int may_allocate(void) { return until_refused < 0 || until_refused-- != 0; }

/* refuse(after): make one allocation fail, after `after` that succeed; none if negative. Returns
 * whether the allocation of the previous call has failed. */
PyObject *refuse(PyObject *module, PyObject *after)
{
    static long long asked = -1;
    (void)module;
    int failed = asked >= 0 && until_refused < 0;
    asked = until_refused = PyLong_AsLongLong(after);
    return PyBool_FromLong(failed);
}

#endif
