/* What the best documents share, and what that adds; see feedback.py. */
#include "searcher.h"

typedef struct {
    int32_t term;
    int64_t holding;
    double sum, idf, weight;
} Shared;

#define TOGETHER 64 /* tokens that are sifted together */

/* Have what documents say brought. */
void bring(const Searcher *self, const int64_t *docs, int64_t count)
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
    int32_t *places = ALLOCATED(calloc((size_t)slots, sizeof *places)); /* 1 more than in `shared` */
    Shared *shared = ALLOCATED(malloc(sizeof *shared * (size_t)(said + 1)));
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
                ITEM(shared, said, different) = (Shared){term, holding, 0, 0, 0};
                ITEM(places, slots, slot) = (int32_t)++different;
            }
            ITEM(shared, said, places[slot] - 1).sum += part;
        }
    }
    for (int64_t each = 0; each < different; each++) {
        Shared *one = &ITEM(shared, said, each);
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
            ITEM(shared, said, at) = shared[at - 1];
        ITEM(shared, said, at) = moved;
    }
    for (int64_t at = 0; at < kept; at++)
        total += shared[at].weight;
    for (int64_t at = 0; at < kept; at++) {
        ITEM(numbers, most, at) = shared[at].term;
        ITEM(weights, most, at) = shared[at].weight / total * shared[at].idf;
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
    bring(self, views[0].buf, views[0].len / 8);
    int64_t kept = find_shared(self, views[0].buf, views[1].buf, views[0].len / 8, least,
                               views[2].len / 4, views[2].buf, views[3].buf);
    done_with(views, 4);
    return kept < 0 ? NULL : PyLong_FromLongLong(kept);
}

/* Learned terms, to be found by their numbers. */
typedef struct {
    const int32_t *numbers;
    uint8_t slots[4 * LEARNED]; /* 1 more than the place of each, by its number's hash; else 0 */
    uint8_t taken[4 * LEARNED]; /* whether they are */
    int32_t tf[LEARNED];        /* how often each is in the document at hand */
} Slots;

static inline uint32_t slot_of(int32_t term)
{
    return (uint32_t)term * 2654435769u >> 24;
}

static void fill(Slots *slots, const int32_t *numbers, int count)
{
    memset(slots, 0, sizeof *slots);
    slots->numbers = numbers;
    for (int each = 0; each < count; each++) {
        uint32_t slot = slot_of(numbers[each]);
        while (slots->slots[slot])
            slot = (slot + 1) % (4 * LEARNED);
        ITEM(slots->slots, 4 * LEARNED, slot) = (uint8_t)(each + 1);
        ITEM(slots->taken, 4 * LEARNED, slot) = 1;
    }
}

/* Count the learned terms among tokens; which of them are there, a bit for each. */
static uint64_t count_learned(Slots *slots, const int32_t *tokens, int32_t length)
{
    uint64_t there = 0;
    uint8_t likely[TOGETHER];
    for (int32_t at = 0; at < length; at += TOGETHER) {
        int32_t here = length - at < TOGETHER ? length - at : TOGETHER, found = 0;
        for (int32_t each = 0; each < here; each++) { /* few are: no branch foresees which */
            ITEM(likely, TOGETHER, found) = (uint8_t)each;
            found += slots->taken[slot_of(tokens[at + each])];
        }
        for (int32_t each = 0; each < found; each++) {
            int32_t term = tokens[at + likely[each]];
            uint32_t slot = slot_of(term);
            while (slots->slots[slot] && slots->numbers[slots->slots[slot] - 1] != term)
                slot = (slot + 1) % (4 * LEARNED);
            if (slots->slots[slot]) {
                ITEM(slots->tf, LEARNED, slots->slots[slot] - 1)++;
                there |= (uint64_t)1 << (slots->slots[slot] - 1);
            }
        }
    }
    return there;
}

/* Fill added with what learned terms, LEARNED at most, add to documents. */
void find_boosts(const Searcher *self, const int32_t *numbers, const double *weights, int count,
                 const int64_t *docs, int64_t documents, double *added)
{
    const int32_t *lengths = self->views[LENGTHS].buf;
    Slots slots;
    fill(&slots, numbers, count);
    for (int64_t each = 0; each < documents; each++) {
        int32_t length = lengths[docs[each]];
        uint64_t there = count_learned(&slots, said_by(self, docs[each]), length);
        double norm = norm_of(self, length);
        ITEM(added, documents, each) = 0;
        for (; there; there &= there - 1) {
            int one = lowest_bit(there);
            ITEM(added, documents, each) += weights[one] * share_by(self, slots.tf[one], norm);
            ITEM(slots.tf, LEARNED, one) = 0;
        }
    }
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
    if (views[0].len / 4 > LEARNED) {
        done_with(views, 4);
        PyErr_SetString(PyExc_ValueError, "so many terms are never learned");
        return NULL;
    }
    bring(self, views[2].buf, views[2].len / 8);
    find_boosts(self, views[0].buf, views[1].buf, (int)(views[0].len / 4), views[2].buf,
                views[2].len / 8, views[3].buf);
    done_with(views, 4);
    Py_RETURN_NONE;
}
