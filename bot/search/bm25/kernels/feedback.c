/* Pseudo-relevance feedback: learns terms and adds their scores; see feedback.py. */
#include "searcher.h"

/* A term of the best documents. */
typedef struct {
    int32_t term;
    int64_t holding;
    double sum, idf, weight;
} Shared;

#define TOGETHER 64 /* tokens to filter at a time */

/* Prefetch the tokens of documents, which are scattered in memory. */
void prefetch_docs(const Searcher *self, const int64_t *docs, int64_t count)
{
    const int64_t *starts = self->views[STARTS].buf;
    const int32_t *lengths = self->views[LENGTHS].buf;
    for (int64_t each = 0; each < count; each++) {
        prefetch(&starts[docs[each]]);
        prefetch(&lengths[docs[each]]);
    }
    for (int64_t each = 0; each < count; each++) {
        const int32_t *tokens = tokens_of(self, docs[each]);
        prefetch(tokens);
        prefetch(tokens + 16); /* a tweet takes two or three cache lines */
    }
}

/* Fill term_ids and weights with the terms that feedback learns from documents: up to `most`, each
 * contained in at least `least` documents. Returns how many; -1 with an exception set. */
int64_t find_shared(const Searcher *self, const int64_t *docs, const double *scores, int64_t count,
                    int64_t least, int64_t most, int32_t *term_ids, double *weights)
{
    const int64_t *indptr = self->views[INDPTR].buf;
    const int32_t *lengths = self->views[LENGTHS].buf;
    const uint8_t *stops = self->views[STOPS].buf;
    double all = 0, total = 0;
    int64_t room = 0, distinct = 0, kept = 0;
    for (int64_t each = 0; each < count; each++) {
        all += scores[each];
        room += lengths[docs[each]];
        const int32_t *tokens = tokens_of(self, docs[each]);
        for (int32_t at = 0; at < lengths[docs[each]]; at++) {
            prefetch(&stops[tokens[at]]);
            prefetch(&indptr[tokens[at]]);
        }
    }
    int64_t slots = 16;
    while (slots < 2 * room)
        slots *= 2;
    /* A hash table: the index in `shared` + 1; 0 if empty. */
    int32_t *places = ALLOCATED(calloc((size_t)slots, sizeof *places));
    Shared *shared = ALLOCATED(malloc(sizeof *shared * (size_t)(room + 1)));
    if (!places || !shared) {
        PyErr_NoMemory();
        kept = -1;
        goto end;
    }
    for (int64_t each = 0; each < count; each++) {
        const int32_t *tokens = tokens_of(self, docs[each]);
        int32_t length = lengths[docs[each]], content = 0;
        for (int32_t at = 0; at < length; at++)
            content += !stops[tokens[at]];
        double part = scores[each] / all / (double)(content ? content : 1);
        for (int32_t at = 0; at < length; at++) {
            int32_t term = tokens[at];
            if (stops[term])
                continue;
            int64_t slot = (int64_t)((uint32_t)term * 2654435769u) & (slots - 1);
            while (places[slot] && shared[places[slot] - 1].term != term)
                slot = (slot + 1) & (slots - 1);
            if (!places[slot]) {
                int64_t holding = indptr[term + 1] - indptr[term];
                ITEM(shared, room, distinct) = (Shared){term, holding, 0, 0, 0};
                ITEM(places, slots, slot) = (int32_t)++distinct;
            }
            ITEM(shared, room, places[slot] - 1).sum += part;
        }
    }
    for (int64_t each = 0; each < distinct; each++) {
        Shared *one = &ITEM(shared, room, each);
        if (one->holding < least)
            continue;
        one->idf = idf_of(self, one->holding);
        one->weight = one->sum * one->idf;
        if (one->weight <= 0)
            continue;
        /* Insert it into the sorted first `kept`, highest weight first, after its equals. */
        Shared moved = *one;
        int64_t at = kept < most ? kept++ : most;
        if (at == most && (!most || shared[most - 1].weight >= moved.weight))
            continue;
        if (at == most)
            at--;
        for (; at && shared[at - 1].weight < moved.weight; at--)
            ITEM(shared, room, at) = shared[at - 1];
        ITEM(shared, room, at) = moved;
    }
    for (int64_t at = 0; at < kept; at++)
        total += shared[at].weight;
    for (int64_t at = 0; at < kept; at++) {
        ITEM(term_ids, most, at) = shared[at].term;
        ITEM(weights, most, at) = shared[at].weight / total * shared[at].idf;
    }
end:
    free(places);
    free(shared);
    return kept;
}

/* learn(docs int64[n], scores float64[n], least, term_ids int32[m], weights float64[m])
 *
 * Fills term_ids and weights with the learned terms. Returns how many there are, m at most. */
PyObject *searcher_learn(Searcher *self, PyObject *args)
{
    PyObject *sources[4];
    Py_buffer views[4];
    const int sizes[4] = {8, 8, -4, -8};
    Py_ssize_t least;
    if (!PyArg_ParseTuple(args, "OOnOO", &sources[0], &sources[1], &least, &sources[2],
                          &sources[3]) ||
        get_arrays(sources, views, sizes, 4) < 0)
        return NULL;
    prefetch_docs(self, views[0].buf, views[0].len / 8);
    int64_t kept = find_shared(self, views[0].buf, views[1].buf, views[0].len / 8, least,
                               views[2].len / 4, views[2].buf, views[3].buf);
    release_arrays(views, 4);
    return kept < 0 ? NULL : PyLong_FromLongLong(kept);
}

/* A hash table of learned terms, by id. */
typedef struct {
    const int32_t *term_ids;
    uint8_t slots[4 * LEARNED]; /* the term's index + 1; 0 if empty */
    uint8_t used[4 * LEARNED];  /* whether the slot is not empty */
    int32_t tf[LEARNED];        /* the terms' frequencies in the current document */
} Slots;

static inline uint32_t slot_of(int32_t term)
{
    return (uint32_t)term * 2654435769u >> 24;
}

/* Fill the hash table. */
static void fill_slots(Slots *slots, const int32_t *term_ids, int count)
{
    memset(slots, 0, sizeof *slots);
    slots->term_ids = term_ids;
    for (int each = 0; each < count; each++) {
        uint32_t slot = slot_of(term_ids[each]);
        while (slots->slots[slot])
            slot = (slot + 1) % (4 * LEARNED);
        ITEM(slots->slots, 4 * LEARNED, slot) = (uint8_t)(each + 1);
        ITEM(slots->used, 4 * LEARNED, slot) = 1;
    }
}

/* Count the learned terms among tokens. Returns which of them occur, one bit for each. */
static uint64_t count_learned(Slots *slots, const int32_t *tokens, int32_t length)
{
    uint64_t there = 0;
    uint8_t likely[TOGETHER];
    for (int32_t at = 0; at < length; at += TOGETHER) {
        int32_t here = length - at < TOGETHER ? length - at : TOGETHER, found = 0;
        for (int32_t each = 0; each < here; each++) { /* no branch: few match, unpredictably */
            ITEM(likely, TOGETHER, found) = (uint8_t)each;
            found += slots->used[slot_of(tokens[at + each])];
        }
        for (int32_t each = 0; each < found; each++) {
            int32_t term = tokens[at + likely[each]];
            uint32_t slot = slot_of(term);
            while (slots->slots[slot] && slots->term_ids[slots->slots[slot] - 1] != term)
                slot = (slot + 1) % (4 * LEARNED);
            if (slots->slots[slot]) {
                ITEM(slots->tf, LEARNED, slots->slots[slot] - 1)++;
                there |= (uint64_t)1 << (slots->slots[slot] - 1);
            }
        }
    }
    return there;
}

/* Fill added with what learned terms, LEARNED at most, add to the scores of documents. */
void find_boosts(const Searcher *self, const int32_t *term_ids, const double *weights, int count,
                 const int64_t *docs, int64_t documents, double *added)
{
    const int32_t *lengths = self->views[LENGTHS].buf;
    Slots slots;
    fill_slots(&slots, term_ids, count);
    for (int64_t each = 0; each < documents; each++) {
        int32_t length = lengths[docs[each]];
        uint64_t there = count_learned(&slots, tokens_of(self, docs[each]), length);
        double norm = norm_of(self, length);
        ITEM(added, documents, each) = 0;
        for (; there; there &= there - 1) {
            int term = lowest_bit(there);
            ITEM(added, documents, each) += weights[term] * share_by(self, slots.tf[term], norm);
            ITEM(slots.tf, LEARNED, term) = 0;
        }
    }
}

/* boosts(term_ids int32[m], weights float64[m], docs int64[n], added float64[n])
 *
 * Fills added with what learned terms add to the scores of docs. m is LEARNED at most. */
PyObject *searcher_boosts(Searcher *self, PyObject *args)
{
    PyObject *sources[4];
    Py_buffer views[4];
    const int sizes[4] = {4, 8, 8, -8};
    if (!PyArg_ParseTuple(args, "OOOO", &sources[0], &sources[1], &sources[2], &sources[3]) ||
        get_arrays(sources, views, sizes, 4) < 0)
        return NULL;
    if (views[0].len / 4 > LEARNED) {
        release_arrays(views, 4);
        PyErr_SetString(PyExc_ValueError, "too many learned terms");
        return NULL;
    }
    prefetch_docs(self, views[2].buf, views[2].len / 8);
    find_boosts(self, views[0].buf, views[1].buf, (int)(views[0].len / 4), views[2].buf,
                views[2].len / 8, views[3].buf);
    release_arrays(views, 4);
    Py_RETURN_NONE;
}
