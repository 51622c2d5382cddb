/* What the checked build adds; nothing of it is in any other. */
#include "kernels.h"
#include <stdio.h>

#ifdef KERNELS_CHECKED

/* `index`, if `count` items from there on are in an array of `length`; else the process ends. */
int64_t within(int64_t index, int64_t count, int64_t length, const char *file, int line)
{
    if (index < 0 || count < 0 || index > length - count) {
        fprintf(stderr, "%s:%d: %lld items from %lld on, in an array of %lld\n", file, line,
                (long long)count, (long long)index, (long long)length);
        abort();
    }
    return index;
}

static long long until_refused = -1; /* allocations before the one that fails; below 0 for none */

/* Whether the next allocation may be made. */
int allowed(void) { return until_refused < 0 || until_refused-- != 0; }

/* refuse(after): have the allocation after so many fail, or none below 0. -> whether the one that was
 * to fail by the last call did. */
PyObject *refuse(PyObject *module, PyObject *after)
{
    static long long asked = -1;
    (void)module;
    int failed = asked >= 0 && until_refused < 0;
    asked = until_refused = PyLong_AsLongLong(after);
    return PyBool_FromLong(failed);
}

#endif
