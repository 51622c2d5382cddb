/* Merges posting lists of new documents into existing ones; see postings_merge.py. */
#include "kernels.h"

enum { O_INDPTR, O_DOCS, O_CODES, O_ESCAPED, O_TF, O_NEW_IDS };
enum { F_INDPTR = 6, F_DOCS, F_CODES, F_ESCAPED, F_TF, F_NEW_IDS, INDPTR, DOCS, CODES, ARRAYS };

/* One of the two inputs, with the positions that the merge has reached in it. */
typedef struct {
    const int64_t *indptr, *escaped, *tf;
    const int32_t *docs, *new_ids;
    const uint8_t *codes;
    int64_t terms, escapes;
    int64_t at, ends; /* the next posting of the current term, and the end of its list */
    int64_t escape;   /* the next escaped posting */
} Side;

static Side side_of(const Py_buffer *views)
{
    return (Side){.indptr = views[O_INDPTR].buf,
                  .escaped = views[O_ESCAPED].buf,
                  .tf = views[O_TF].buf,
                  .docs = views[O_DOCS].buf,
                  .new_ids = views[O_NEW_IDS].buf,
                  .codes = views[O_CODES].buf,
                  .terms = views[O_INDPTR].len / 8 - 1,
                  .escapes = views[O_ESCAPED].len / 8};
}

/* Move to the list of `term`, which is empty if this side does not have the term. */
static void begin(Side *side, int64_t term)
{
    side->at = side->ends = 0;
    if (term < side->terms) {
        side->at = side->indptr[term];
        side->ends = side->indptr[term + 1];
    }
}

/* Skip deleted documents. Returns the new id of the next document; INT64_MAX after the last. */
static int64_t next_doc(Side *side)
{
    while (side->at < side->ends && side->new_ids[side->docs[side->at]] < 0)
        side->at++;
    return side->at < side->ends ? side->new_ids[side->docs[side->at]] : INT64_MAX;
}

/* Skip the escapes of earlier postings: those that `escaped_tf` has returned, and those of deleted
 * documents. */
static void skip_used(Side *side)
{
    while (side->escape < side->escapes && side->escaped[side->escape] < side->at)
        side->escape++;
}

/* Return the term frequency of the next posting, which must be escaped. */
static int64_t escaped_tf(Side *side)
{
    skip_used(side);
    return side->tf[side->escape];
}

/* merged(old: indptr, docs, codes, escaped, escaped_tf, new_ids; fresh: the same;
 *        out: indptr, docs, codes)
 *
 * Fills the output arrays. Returns the number of postings, and as bytes the positions int64[m] and
 * frequencies int64[m] of the escaped postings. */
PyObject *merged(PyObject *module, PyObject *args)
{
    static const int sizes[ARRAYS] = {8, 4, 1, 8, 8, 4, 8, 4, 1, 8, 8, 4, -8, -4, -1};
    PyObject *sources[ARRAYS], *result = NULL;
    Py_buffer views[ARRAYS];
    (void)module;
    if (PyTuple_Size(args) != ARRAYS) {
        PyErr_SetString(PyExc_TypeError, "merged() takes 15 arrays");
        return NULL;
    }
    for (int each = 0; each < ARRAYS; each++)
        ITEM(sources, ARRAYS, each) = PyTuple_GetItem(args, each);
    if (get_arrays(sources, views, sizes, ARRAYS) < 0)
        return NULL;
    Side old = side_of(views), fresh = side_of(views + F_INDPTR);
    int64_t *indptr = views[INDPTR].buf, *places, *tf;
    int32_t *docs = views[DOCS].buf;
    uint8_t *codes = views[CODES].buf;
    int64_t terms = views[INDPTR].len / 8 - 1, out = 0, escapes = 0, stays = 1;
    int64_t room = views[CODES].len, escapes_room = old.escapes + fresh.escapes;
    places = ALLOCATED(malloc(sizeof *places * (size_t)(escapes_room + 1)));
    tf = ALLOCATED(malloc(sizeof *tf * (size_t)(escapes_room + 1)));
    if (places && tf) {
        Py_BEGIN_ALLOW_THREADS
        for (int64_t doc = 0; stays && doc < views[O_NEW_IDS].len / 4; doc++)
            stays = old.new_ids[doc] == doc;
        for (int64_t term = 0; term < terms; term++) {
            ITEM(indptr, terms + 1, term) = out;
            begin(&old, term);
            begin(&fresh, term);
            if (stays && fresh.at == fresh.ends) { /* true for most terms of most loads */
                int64_t count = old.ends - old.at;
                COPY(docs, room, out, old.docs + old.at, count);
                COPY(codes, room, out, old.codes + old.at, count);
                skip_used(&old);
                for (; old.escape < old.escapes && old.escaped[old.escape] < old.ends;
                     old.escape++) {
                    ITEM(places, escapes_room, escapes) = old.escaped[old.escape] - old.at + out;
                    ITEM(tf, escapes_room, escapes++) = old.tf[old.escape];
                }
                out += count;
                continue;
            }
            while (old.at < old.ends || fresh.at < fresh.ends) {
                if (fresh.at == fresh.ends) { /* only old postings are left */
                    int32_t new_id = old.new_ids[old.docs[old.at]];
                    ITEM(docs, room, out) = new_id;
                    ITEM(codes, room, out) = old.codes[old.at];
                    if (new_id >= 0 && codes[out] == ESCAPE) {
                        ITEM(places, escapes_room, escapes) = out;
                        ITEM(tf, escapes_room, escapes++) = escaped_tf(&old);
                    }
                    old.at++;
                    out += new_id >= 0;
                    continue;
                }
                int64_t old_doc = next_doc(&old), fresh_doc = fresh.new_ids[fresh.docs[fresh.at]];
                Side *side = old_doc < fresh_doc ? &old : &fresh;
                uint8_t code = side->codes[side->at];
                ITEM(docs, room, out) = (int32_t)(old_doc < fresh_doc ? old_doc : fresh_doc);
                ITEM(codes, room, out) = code;
                if (code == ESCAPE) {
                    ITEM(places, escapes_room, escapes) = out;
                    ITEM(tf, escapes_room, escapes++) = escaped_tf(side);
                }
                side->at++;
                out++;
            }
        }
        ITEM(indptr, terms + 1, terms) = out;
        Py_END_ALLOW_THREADS
        result = Py_BuildValue("Ly#y#", (long long)out, (const char *)places,
                               (Py_ssize_t)(escapes * (int64_t)sizeof *places), (const char *)tf,
                               (Py_ssize_t)(escapes * (int64_t)sizeof *tf));
    } else
        PyErr_NoMemory();
    free(places);
    free(tf);
    release_arrays(views, ARRAYS);
    return result;
}
