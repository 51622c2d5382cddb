/* Finds all documents that match, and what a term adds to some; see BM25.match and
 * BM25.contributions_to in scoring.py. */
#include "searcher.h"

/* What was found so far. */
typedef struct {
    int64_t *docs, *held, room, found;
    double *scores;
} Matches;

/* Add the documents of a layer that contain any of the terms. */
static void match_layer(const Placed *placed, Term *terms, int count, Window *window,
                        int32_t *holding, Matches *matches)
{
    for (;;) {
        int64_t base = INT64_MAX;
        for (int each = 0; each < count; each++)
            if (terms[each].at < terms[each].count && terms[each].docs[terms[each].at] < base)
                base = terms[each].docs[terms[each].at];
        if (base == INT64_MAX)
            return;
        base -= base % WINDOW;
        for (int each = 0; each < count; each++) {
            Term *term = &ITEM(terms, count, each);
            open_window(term, base);
            add_window(placed->layer, term, window, base, 0, 0);
            for (int64_t at = term->begun; at < term->at; at++)
                ITEM(holding, WINDOW, term->docs[at] - base)++;
        }
        for (int word = 0; word < WINDOW / 64; word++) {
            uint64_t touched = window->touched[word];
            ITEM(window->touched, WINDOW / 64, word) = 0;
            for (; touched; touched &= touched - 1) {
                int place = word * 64 + lowest_bit(touched);
                if (!is_gone(placed, base + place) && matches->found < matches->room) {
                    int64_t at = matches->found++;
                    ITEM(matches->docs, matches->room, at) = placed->start + base + place;
                    ITEM(matches->scores, matches->room, at) = window->scores[place];
                    ITEM(matches->held, matches->room, at) = holding[place];
                }
                ITEM(window->scores, WINDOW, place) = 0;
                ITEM(holding, WINDOW, place) = 0;
            }
        }
    }
}

/* match(term_ids int32[layers, n], weights float64[n], docs int64[m], scores float64[m],
 * held int64[m])
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
    int64_t count = views[1].len / 8, total;
    Matches matches = {views[2].buf, views[4].buf, views[2].len / 8, 0, views[3].buf};
    Term *terms = ALLOCATED(malloc(sizeof *terms * (size_t)(count + 1)));
    Window *window = ALLOCATED(calloc(1, sizeof *window));
    int32_t *holding = ALLOCATED(calloc(WINDOW, sizeof *holding));
    if (terms && window && holding) {
        for (int at = 0; at < self->count; at++) {
            const Placed *placed = &self->placed[at];
            int here = terms_of(placed->layer, (const int32_t *)views[0].buf + at * count,
                                views[1].buf, (int)count, INT64_MAX, terms, &total);
            PyThreadState *others = let_others_run(placed->layer, total);
            match_layer(placed, terms, here, window, holding, &matches);
            come_back(placed->layer, others);
        }
        result = PyLong_FromLongLong(matches.found);
    } else
        PyErr_NoMemory();
    free(terms);
    free(window);
    free(holding);
    release_arrays(views, 5);
    return result;
}

/* added(term_ids int32[layers], weight, docs int64[n], added float64[n])
 *
 * Fills added with what a term adds to the scores of docs, which ascend; 0 where it is not. */
PyObject *searcher_added(Searcher *self, PyObject *args)
{
    PyObject *sources[3];
    Py_buffer views[3];
    const int sizes[3] = {4, 8, -8};
    Term term = {.weight = 0};
    if (!PyArg_ParseTuple(args, "OdOO", &sources[0], &term.weight, &sources[1], &sources[2]) ||
        get_arrays(sources, views, sizes, 3) < 0)
        return NULL;
    const int32_t *term_ids = views[0].buf;
    const int64_t *docs = views[1].buf;
    int64_t count = views[1].len / 8, each = 0;
    double *added = views[2].buf;
    for (int at = 0; at < self->count && each < count; at++) {
        const Placed *placed = &self->placed[at];
        const Layer *layer = placed->layer;
        const double *shares = layer->views[SHARES].buf;
        int64_t end = placed->start + layer->views[LENGTHS].len / 4;
        term.count = term.at = 0;
        if (term_ids[at] >= 0) {
            term.first = ((const int64_t *)layer->views[INDPTR].buf)[term_ids[at]];
            term.count = listed(layer, term_ids[at]);
            term.docs = (const int32_t *)layer->views[DOCS].buf + term.first;
            term.codes = (const uint8_t *)layer->views[CODES].buf + term.first;
        }
        for (; each < count && docs[each] < end; each++) {
            int64_t doc = docs[each] - placed->start;
            double more = 0;
            term.at = seek(&term, term.at, doc);
            if (term.at < term.count && term.docs[term.at] == doc) {
                uint8_t code = term.codes[term.at];
                more = code == ESCAPE ? added_at(layer, &term, term.at) : term.weight * shares[code];
            }
            ITEM(added, count, each) = more;
        }
    }
    release_arrays(views, 3);
    Py_RETURN_NONE;
}
