/* What the best documents share, and what that adds; see feedback.py. */
#include "searcher.h"

typedef struct {
    int32_t term;
    int64_t holding;
    double sum, idf, weight;
} Shared;

/* Have what documents say brought. */
static void brought(const Searcher *self, const int64_t *docs, int64_t count)
{
    const int64_t *starts = self->views[STARTS].buf;
    const int32_t *lengths = self->views[LENGTHS].buf;
    for (int64_t each = 0; each < count; each++) {
        fetch(&starts[docs[each]]);
        fetch(&lengths[docs[each]]);
    }
    for (int64_t each = 0; each < count; each++) {
        const int32_t *tokens = said_by(self, docs[each]);
        fetch(tokens);
        fetch(tokens + 16); /* a tweet is two or three lines of the cache */
    }
}

/* Fill numbers and weights with the terms that documents share, `most` at most, that at least
 * `least` documents hold; how many there are, below 0 without memory. */
int64_t find_shared(const Searcher *self, const int64_t *docs, const double *scores, int64_t count,
                    int64_t least, int64_t most, int32_t *numbers, double *weights)
{
    const int64_t *indptr = self->views[INDPTR].buf;
    const int32_t *lengths = self->views[LENGTHS].buf;
    const uint8_t *stops = self->views[STOPS].buf;
    double all = 0, total = 0;
    int64_t said = 0, different = 0, kept = 0;
    brought(self, docs, count);
    for (int64_t each = 0; each < count; each++) {
        all += scores[each];
        said += lengths[docs[each]];
        const int32_t *tokens = said_by(self, docs[each]);
        for (int32_t at = 0; at < lengths[docs[each]]; at++) {
            fetch(&stops[tokens[at]]);
            fetch(&indptr[tokens[at]]);
        }
    }
    int64_t slots = 16;
    while (slots < 2 * said)
        slots *= 2;
    int32_t *places = calloc((size_t)slots, sizeof *places); /* 1 more than in `shared` */
    Shared *shared = malloc(sizeof *shared * (size_t)(said + 1));
    if (!places || !shared) {
        PyErr_NoMemory();
        kept = -1;
        goto end;
    }
    for (int64_t each = 0; each < count; each++) {
        const int32_t *tokens = said_by(self, docs[each]);
        int32_t length = lengths[docs[each]], telling = 0;
        for (int32_t at = 0; at < length; at++)
            telling += !stops[tokens[at]];
        double part = scores[each] / all / (double)(telling ? telling : 1);
        for (int32_t at = 0; at < length; at++) {
            int32_t term = tokens[at];
            if (stops[term])
                continue;
            int64_t slot = (int64_t)((uint32_t)term * 2654435769u) & (slots - 1);
            while (places[slot] && shared[places[slot] - 1].term != term)
                slot = (slot + 1) & (slots - 1);
            if (!places[slot]) {
                int64_t holding = indptr[term + 1] - indptr[term];
                shared[different] = (Shared){term, holding, 0, 0, 0};
                places[slot] = (int32_t)++different;
            }
            shared[places[slot] - 1].sum += part;
        }
    }
    for (int64_t each = 0; each < different; each++) {
        Shared *one = &shared[each];
        if (one->holding < least)
            continue;
        one->idf = idf_of(self, one->holding);
        one->weight = one->sum * one->idf;
        if (one->weight <= 0)
            continue;
        /* Into the first ones, the highest first; what comes later goes behind its equals. */
        Shared moved = *one;
        int64_t at = kept < most ? kept++ : most;
        if (at == most && (!most || shared[most - 1].weight >= moved.weight))
            continue;
        if (at == most)
            at--;
        for (; at && shared[at - 1].weight < moved.weight; at--)
            shared[at] = shared[at - 1];
        shared[at] = moved;
    }
    for (int64_t at = 0; at < kept; at++)
        total += shared[at].weight;
    for (int64_t at = 0; at < kept; at++) {
        numbers[at] = shared[at].term;
        weights[at] = shared[at].weight / total * shared[at].idf;
    }
end:
    free(places);
    free(shared);
    return kept;
}

/* learn(docs int64[n], scores float64[n], least, numbers int32[m], weights float64[m]) -> how many
 * terms those documents share, m at most. */
PyObject *searcher_learn(Searcher *self, PyObject *args)
{
    PyObject *sources[4];
    Py_buffer views[4];
    const int sizes[4] = {8, 8, -4, -8};
    Py_ssize_t least;
    if (!PyArg_ParseTuple(args, "OOnOO", &sources[0], &sources[1], &least, &sources[2],
                          &sources[3]) ||
        all_shown(sources, views, sizes, 4) < 0)
        return NULL;
    int64_t kept = find_shared(self, views[0].buf, views[1].buf, views[0].len / 8, least,
                               views[2].len / 4, views[2].buf, views[3].buf);
    done_with(views, 4);
    return kept < 0 ? NULL : PyLong_FromLongLong(kept);
}

/* Fill added with what learned terms add to documents; below 0 if they are too many. */
int find_boosts(const Searcher *self, const int32_t *numbers, const double *weights, int count,
                const int64_t *docs, int64_t documents, double *added)
{
    const int32_t *lengths = self->views[LENGTHS].buf;
    int32_t slots[4 * LEARNED], tf[LEARNED] = {0};
    if (count > LEARNED) {
        PyErr_SetString(PyExc_ValueError, "so many terms are never learned");
        return -1;
    }
    memset(slots, -1, sizeof slots);
    for (int32_t each = 0; each < count; each++) {
        uint32_t slot = (uint32_t)numbers[each] * 2654435769u >> 24;
        while (slots[slot] >= 0)
            slot = (slot + 1) % (4 * LEARNED);
        slots[slot] = each;
    }
    brought(self, docs, documents);
    for (int64_t each = 0; each < documents; each++) {
        int64_t doc = docs[each];
        const int32_t *tokens = said_by(self, doc);
        double sum = 0;
        int told = 0;
        for (int32_t at = 0; at < lengths[doc]; at++) {
            uint32_t slot = (uint32_t)tokens[at] * 2654435769u >> 24;
            for (; slots[slot] >= 0; slot = (slot + 1) % (4 * LEARNED))
                if (numbers[slots[slot]] == tokens[at]) {
                    tf[slots[slot]]++;
                    told = 1;
                    break;
                }
        }
        for (int one = 0; told && one < count; one++)
            if (tf[one]) {
                sum += weights[one] * share_of(self, tf[one], lengths[doc]);
                tf[one] = 0;
            }
        added[each] = sum;
    }
    return 0;
}

/* boosts(numbers int32[m], weights float64[m], docs int64[n], added float64[n]) */
PyObject *searcher_boosts(Searcher *self, PyObject *args)
{
    PyObject *sources[4];
    Py_buffer views[4];
    const int sizes[4] = {4, 8, 8, -8};
    if (!PyArg_ParseTuple(args, "OOOO", &sources[0], &sources[1], &sources[2], &sources[3]) ||
        all_shown(sources, views, sizes, 4) < 0)
        return NULL;
    int failed = find_boosts(self, views[0].buf, views[1].buf, (int)(views[0].len / 4),
                             views[2].buf, views[2].len / 8, views[3].buf);
    done_with(views, 4);
    if (failed)
        return NULL;
    Py_RETURN_NONE;
}
