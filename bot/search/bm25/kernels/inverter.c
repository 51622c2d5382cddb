/* Inverts documents into posting lists; see inverter.py. */
#include "kernels.h"

/* term_starts(starts int64[documents + 1], tokens int32[tokens], indptr int64[terms + 1])
 *
 * Fills indptr with where each term's posting list starts. */
PyObject *term_starts(PyObject *module, PyObject *args)
{
    PyObject *sources[3];
    Py_buffer views[3];
    const int sizes[3] = {8, 4, -8};
    (void)module;
    if (!PyArg_ParseTuple(args, "OOO", &sources[0], &sources[1], &sources[2]) ||
        get_arrays(sources, views, sizes, 3) < 0)
        return NULL;
    const int64_t *starts = views[0].buf;
    const int32_t *tokens = views[1].buf;
    int64_t *indptr = views[2].buf;
    int64_t docs = views[0].len / 8 - 1, terms = views[2].len / 8 - 1;
    int32_t *last = ALLOCATED(malloc(sizeof *last * (size_t)(terms + 1)));
    if (!last) {
        release_arrays(views, 3);
        return PyErr_NoMemory();
    }
    Py_BEGIN_ALLOW_THREADS
    memset(last, -1, sizeof *last * (size_t)(terms + 1));
    memset(indptr, 0, (size_t)views[2].len);
    for (int64_t doc = 0; doc < docs; doc++)
        for (int64_t at = starts[doc]; at < starts[doc + 1]; at++)
            if (last[tokens[at]] != (int32_t)doc) {
                ITEM(last, terms, tokens[at]) = (int32_t)doc;
                ITEM(indptr, terms + 1, tokens[at] + 1)++;
            }
    for (int64_t term = 0; term < terms; term++)
        ITEM(indptr, terms + 1, term + 1) += indptr[term];
    Py_END_ALLOW_THREADS
    free(last);
    release_arrays(views, 3);
    Py_RETURN_NONE;
}

#define SMALL_TF 64
#define SMALL_LENGTH 512

typedef struct {
    int64_t *tf, *lengths;
    int used;
    uint8_t small[SMALL_TF][SMALL_LENGTH]; /* cache: code + 1; 0 if not looked up yet */
} Codes;

/* Return the code of a pair. The first pairs get a code; when none is left, ESCAPE. */
static int code_of(Codes *codes, int64_t tf, int64_t length)
{
    int is_small = tf < SMALL_TF && length < SMALL_LENGTH;
    if (is_small && codes->small[tf][length])
        return codes->small[tf][length] - 1;
    int code = 0;
    while (code < codes->used && (codes->tf[code] != tf || codes->lengths[code] != length))
        code++;
    if (code == codes->used) {
        if (codes->used == ESCAPE)
            return ESCAPE;
        ITEM(codes->tf, ESCAPE, code) = tf;
        ITEM(codes->lengths, ESCAPE, code) = length;
        codes->used++;
    }
    if (is_small)
        ITEM(ITEM(codes->small, SMALL_TF, tf), SMALL_LENGTH, length) = (uint8_t)(code + 1);
    return code;
}

/* inverted(starts int64[documents + 1], tokens int32[tokens], indptr int64[terms + 1],
 *          docs int32[n], codes uint8[n], tf int64[256], lengths int64[256])
 *
 * Fills docs and codes with the posting lists, and tf and lengths with the pairs of the codes.
 * Returns as bytes the positions int64[m] and frequencies int64[m] of the escaped postings. */
PyObject *inverted(PyObject *module, PyObject *args)
{
    PyObject *sources[7], *result = NULL;
    Py_buffer views[7];
    const int sizes[7] = {8, 4, 8, -4, -1, -8, -8};
    (void)module;
    if (!PyArg_ParseTuple(args, "OOOOOOO", &sources[0], &sources[1], &sources[2], &sources[3],
                          &sources[4], &sources[5], &sources[6]) ||
        get_arrays(sources, views, sizes, 7) < 0)
        return NULL;
    const int64_t *starts = views[0].buf, *indptr = views[2].buf;
    const int32_t *tokens = views[1].buf;
    int32_t *docs = views[3].buf;
    uint8_t *codes = views[4].buf;
    int64_t count = views[0].len / 8 - 1, terms = views[2].len / 8 - 1, room = views[4].len;
    int64_t longest = 0;
    for (int64_t doc = 0; doc < count; doc++)
        if (starts[doc + 1] - starts[doc] > longest)
            longest = starts[doc + 1] - starts[doc];
    int64_t *free_at = ALLOCATED(malloc(sizeof *free_at * (size_t)(terms + 1)));
    int32_t *last = ALLOCATED(malloc(sizeof *last * (size_t)(terms + 1)));
    int64_t *tf = ALLOCATED(malloc(sizeof *tf * (size_t)(terms + 1)));
    int32_t *terms_here = ALLOCATED(malloc(sizeof *terms_here * (size_t)(longest + 1)));
    Codes *known = ALLOCATED(calloc(1, sizeof *known));
    int64_t *escaped = NULL, *escaped_tf = NULL;
    size_t escaped_room = 0, tf_room = 0, escapes = 0;
    int failed = !free_at || !last || !tf || !terms_here || !known;
    if (!failed) {
        COPY(free_at, terms + 1, 0, indptr, terms + 1);
        memset(last, -1, sizeof *last * (size_t)(terms + 1));
        known->tf = views[5].buf;
        known->lengths = views[6].buf;
    }
    Py_BEGIN_ALLOW_THREADS
    for (int64_t doc = 0; doc < count && !failed; doc++) {
        int64_t length = starts[doc + 1] - starts[doc], distinct = 0;
        for (int64_t at = starts[doc]; at < starts[doc + 1]; at++) {
            int32_t term = tokens[at];
            if (last[term] == (int32_t)doc) {
                ITEM(tf, terms, term)++;
                continue;
            }
            ITEM(last, terms, term) = (int32_t)doc;
            ITEM(tf, terms, term) = 1;
            ITEM(terms_here, longest, distinct++) = term;
        }
        for (int64_t at = 0; at < distinct; at++) {
            int32_t term = terms_here[at];
            int64_t place = ITEM(free_at, terms, term)++;
            int code = code_of(known, tf[term], length);
            ITEM(docs, room, place) = (int32_t)doc;
            ITEM(codes, room, place) = (uint8_t)code;
            if (code != ESCAPE)
                continue;
            Py_BLOCK_THREADS
            failed = ensure_room((void **)&escaped, &escaped_room, escapes + 1, sizeof *escaped) ||
                     ensure_room((void **)&escaped_tf, &tf_room, escapes + 1, sizeof *escaped_tf);
            Py_UNBLOCK_THREADS
            if (failed)
                break;
            ITEM(escaped, escaped_room, escapes) = place;
            ITEM(escaped_tf, tf_room, escapes++) = tf[term];
        }
    }
    Py_END_ALLOW_THREADS
    if (!failed)
        result = Py_BuildValue("y#y#", escaped ? (const char *)escaped : "",
                               (Py_ssize_t)(escapes * sizeof *escaped),
                               escaped ? (const char *)escaped_tf : "",
                               (Py_ssize_t)(escapes * sizeof *escaped_tf));
    else if (!PyErr_Occurred())
        PyErr_NoMemory();
    free(free_at);
    free(last);
    free(tf);
    free(terms_here);
    free(known);
    free(escaped);
    free(escaped_tf);
    release_arrays(views, 7);
    return result;
}
