/* Finds all documents that match; see BM25.match in scoring.py. */
#include "searcher.h"

/* match(term_ids int32[n], weights float64[n], docs int64[m], scores float64[m], held int64[m])
 *
 * Fills docs with the matching documents, scores with their scores, and held with how many of the
 * terms each contains. Returns how many match; m must be an upper bound. */
PyObject *searcher_match(Searcher *self, PyObject *args)
{
    PyObject *sources[5], *result = NULL;
    Py_buffer views[5];
    const int sizes[5] = {4, 8, -8, -8, -8};
    if (!PyArg_ParseTuple(args, "OOOOO", &sources[0], &sources[1], &sources[2], &sources[3],
                          &sources[4]) ||
        get_arrays(sources, views, sizes, 5) < 0)
        return NULL;
    int count = (int)(views[0].len / 4);
    int64_t *docs = views[2].buf, *held = views[4].buf, room = views[2].len / 8, total, found = 0;
    double *scores = views[3].buf;
    Term *terms = terms_of(self, views[0].buf, views[1].buf, count, &total);
    Window *window = ALLOCATED(calloc(1, sizeof *window));
    int32_t *holding = ALLOCATED(calloc(WINDOW, sizeof *holding));
    if (terms && window && holding) {
        PyThreadState *others = total >= ALONE ? PyEval_SaveThread() : NULL;
        for (;;) {
            int64_t base = INT64_MAX;
            for (int each = 0; each < count; each++)
                if (terms[each].at < terms[each].count &&
                    terms[each].docs[terms[each].at] < base)
                    base = terms[each].docs[terms[each].at];
            if (base == INT64_MAX)
                break;
            base -= base % WINDOW;
            for (int each = 0; each < count; each++) {
                Term *term = &ITEM(terms, count, each);
                open_window(term, base);
                add_window(self, term, window, base, 0, 0);
                for (int64_t at = term->begun; at < term->at; at++)
                    ITEM(holding, WINDOW, term->docs[at] - base)++;
            }
            for (int word = 0; word < WINDOW / 64; word++) {
                uint64_t touched = window->touched[word];
                ITEM(window->touched, WINDOW / 64, word) = 0;
                for (; touched; touched &= touched - 1) {
                    int place = word * 64 + lowest_bit(touched);
                    if (found < room) {
                        ITEM(docs, room, found) = base + place;
                        ITEM(scores, room, found) = window->scores[place];
                        ITEM(held, room, found) = holding[place];
                    }
                    found++;
                    ITEM(window->scores, WINDOW, place) = 0;
                    ITEM(holding, WINDOW, place) = 0;
                }
            }
        }
        if (others)
            PyEval_RestoreThread(others);
        result = PyLong_FromLongLong(found < room ? found : room);
    } else if (!PyErr_Occurred())
        PyErr_NoMemory();
    free(terms);
    free(window);
    free(holding);
    release_arrays(views, 5);
    return result;
}
