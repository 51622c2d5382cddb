/* Pseudo-relevance feedback: learns terms and adds their scores; see feedback.py. */
#include "searcher.h"

/* A term of the best documents. */
typedef struct {
    int64_t holding; /* how many documents contain it, in the layers where it was looked up */
    double sum, idf, weight;
    const uint8_t *bytes; /* its bytes, in a stack of several layers */
    int64_t size;
    uint32_t hash;
    int32_t next; /* the next with a hash in the same slot, as an index + 1 */
    int32_t row;  /* where its ids are */
} Shared;

/* A term's id in a layer. */
typedef struct {
    int32_t layer, term_id, which; /* its index in `shared` + 1; 0 if the slot is empty */
} Place;

/* What learning works with. */
typedef struct {
    const Searcher *self;
    int64_t slots, room; /* a power of 2; and the most terms there can be */
    Place *places;       /* a hash table of ids: slots */
    int32_t *heads;      /* by hash: the first term, as an index + 1; slots */
    Shared *shared;      /* the terms, in the order of their first appearance: room + 1 */
    int64_t *places_of;  /* for `find_ids` */
    int32_t *ids;        /* a term's ids in all layers, -1 where it is not, UNKNOWN: room * layers */
    int64_t distinct;
} Learning;

#define TOGETHER 64 /* tokens to filter at a time */

/* Prefetch the tokens of documents, which are scattered in memory. */
void prefetch_docs(const Searcher *self, const int64_t *docs, int64_t count)
{
    for (int64_t each = 0; each < count; each++) {
        const Placed *placed = layer_of(self, docs[each]);
        const int64_t *starts = placed->layer->views[STARTS].buf;
        const int32_t *lengths = placed->layer->views[LENGTHS].buf;
        prefetch(&starts[docs[each] - placed->start]);
        prefetch(&lengths[docs[each] - placed->start]);
    }
    for (int64_t each = 0; each < count; each++) {
        const Placed *placed = layer_of(self, docs[each]);
        const int32_t *tokens = tokens_of(placed->layer, docs[each] - placed->start);
        prefetch(tokens);
        prefetch(tokens + 16); /* a tweet takes two or three cache lines */
    }
}

/* Add a term that was not seen in this layer. Returns its index + 1. */
static int32_t add_term(Learning *learning, int32_t layer, int32_t term_id)
{
    const Placed *placed = &learning->self->placed[layer];
    int64_t layers = learning->self->count, room = learning->room;
    Shared one = {live_holding(placed, term_id), 0, 0, 0, NULL, 0, 0, 0, 0};
    int32_t *head = NULL, which = 0;
    if (layers > 1) {
        const int64_t *starts = placed->layer->views[TERM_STARTS].buf;
        one.bytes = bytes_of(placed->layer, term_id);
        one.size = starts[term_id + 1] - starts[term_id];
        one.hash = crc32_of(one.bytes, one.size);
        head = &ITEM(learning->heads, learning->slots, one.hash & (learning->slots - 1));
        for (which = *head; which; which = learning->shared[which - 1].next) {
            Shared *known = &ITEM(learning->shared, room, which - 1);
            if (known->hash == one.hash && known->size == one.size &&
                !memcmp(known->bytes, one.bytes, (size_t)one.size)) {
                known->holding += one.holding;
                break;
            }
        }
    }
    if (!which) {
        which = (int32_t)++learning->distinct;
        one.row = which - 1;
        for (int64_t at = 0; at < layers; at++)
            ITEM(learning->ids, room * layers, one.row * layers + at) = UNKNOWN;
        if (head) {
            one.next = *head;
            *head = which;
        }
        ITEM(learning->shared, room, one.row) = one;
    }
    ITEM(learning->ids, room * layers, (which - 1) * layers + layer) = term_id;
    return which;
}

/* Return the term with this id in a layer. */
static inline Shared *find_term(Learning *learning, int32_t layer, int32_t term_id)
{
    int64_t slot = (int64_t)((uint32_t)term_id * 2654435769u) & (learning->slots - 1);
    Place *place = &learning->places[slot];
    while (place->which && (place->term_id != term_id || place->layer != layer)) {
        slot = (slot + 1) & (learning->slots - 1);
        place = &learning->places[slot];
    }
    if (!place->which)
        ITEM(learning->places, learning->slots, slot) =
            (Place){layer, term_id, add_term(learning, layer, term_id)};
    return &ITEM(learning->shared, learning->room, place->which - 1);
}

/* Sum up the shares of the documents' terms, in the order of the tokens. */
static void sum_shares(Learning *learning, const int64_t *docs, const double *scores,
                       int64_t count)
{
    double all = 0;
    for (int64_t each = 0; each < count; each++)
        all += scores[each];
    for (int64_t each = 0; each < count; each++) {
        const Placed *placed = layer_of(learning->self, docs[each]);
        const int32_t *tokens = tokens_of(placed->layer, docs[each] - placed->start);
        const uint8_t *stops = placed->layer->views[STOPS].buf;
        int32_t length = length_of(placed, docs[each]), content = 0;
        for (int32_t at = 0; at < length; at++)
            content += !stops[tokens[at]];
        double part = scores[each] / all / (double)(content ? content : 1);
        for (int32_t at = 0; at < length; at++)
            if (!stops[tokens[at]])
                find_term(learning, (int32_t)(placed - learning->self->placed), tokens[at])->sum +=
                    part;
    }
}

/* Correct a term's weight, which is an upper bound while it is unknown in some layers. */
static void weigh_shared(const Learning *learning, Shared *one)
{
    const Searcher *self = learning->self;
    int32_t *ids = &ITEM(learning->ids, learning->room * self->count, one->row * self->count);
    find_ids(self, one->bytes, one->size, one->hash, ids, learning->places_of);
    one->holding = 0;
    for (int at = 0; at < self->count; at++)
        if (ids[at] >= 0)
            one->holding += live_holding(&self->placed[at], ids[at]);
    one->idf = idf_of(self, one->holding);
    one->weight = one->sum * one->idf;
}

/* Compare terms for sorting: the higher weight first, equals in the order of their appearance. */
static int compare_shared(const void *one, const void *other)
{
    const Shared *mine = one, *theirs = other;
    if (mine->weight != theirs->weight)
        return mine->weight > theirs->weight ? -1 : 1;
    return mine->row < theirs->row ? -1 : mine->row > theirs->row;
}

/* Move the terms with the highest weights to the front, highest first: `most` at most, each in at
 * least `least` documents. Returns how many. */
static int64_t choose_shared(const Learning *learning, int64_t least, int64_t most)
{
    Shared *shared = learning->shared;
    int64_t kept = 0;
    for (int64_t each = 0; each < learning->distinct; each++) {
        Shared *one = &ITEM(shared, learning->room, each);
        one->idf = idf_of(learning->self, one->holding);
        one->weight = one->sum * one->idf;
        for (int at = 0; learning->self->count > 1 && at < learning->self->count; at++)
            prefetch_hash(learning->self->placed[at].layer, one->hash);
    }
    if (learning->self->count > 1) /* so that few are looked up in other layers */
        qsort(shared, (size_t)learning->distinct, sizeof *shared, compare_shared);
    for (int64_t each = 0; each < learning->distinct; each++) {
        Shared moved = shared[each], *last = most && kept == most ? &shared[most - 1] : NULL;
        if (!most || (last && compare_shared(&moved, last) > 0))
            continue;
        if (learning->self->count > 1)
            weigh_shared(learning, &moved);
        if (moved.holding < least || !(moved.weight > 0) ||
            (last && compare_shared(&moved, last) > 0))
            continue;
        int64_t at = last ? most - 1 : kept++;
        for (; at && compare_shared(&moved, &shared[at - 1]) < 0; at--)
            ITEM(shared, learning->room, at) = shared[at - 1];
        ITEM(shared, learning->room, at) = moved;
    }
    return kept;
}

/* Fill term_ids and weights with the terms that feedback learns from documents: up to `most`, each
 * contained in at least `least` documents. The ids in the layer `each` begin at
 * term_ids[each * most]. Returns how many; -1 with an exception set. */
int64_t find_shared(const Searcher *self, const int64_t *docs, const double *scores, int64_t count,
                    int64_t least, int64_t most, int32_t *term_ids, double *weights)
{
    int64_t kept = -1, layers = self->count;
    Learning learning = {self, 16, 0, NULL, NULL, NULL, NULL, NULL, 0};
    for (int64_t each = 0; each < count; each++) {
        const Placed *placed = layer_of(self, docs[each]);
        const int64_t *indptr = placed->layer->views[INDPTR].buf;
        const uint8_t *stops = placed->layer->views[STOPS].buf;
        const int32_t *tokens = tokens_of(placed->layer, docs[each] - placed->start);
        int32_t length = length_of(placed, docs[each]);
        learning.room += length;
        for (int32_t at = 0; at < length; at++) {
            prefetch(&stops[tokens[at]]);
            prefetch(&indptr[tokens[at]]);
            if (layers > 1)
                prefetch((const int64_t *)placed->layer->views[TERM_STARTS].buf + tokens[at]);
        }
    }
    for (int64_t each = 0; layers > 1 && each < count; each++) {
        const Placed *placed = layer_of(self, docs[each]);
        const int32_t *tokens = tokens_of(placed->layer, docs[each] - placed->start);
        for (int32_t at = 0; at < length_of(placed, docs[each]); at++)
            prefetch(bytes_of(placed->layer, tokens[at]));
    }
    while (learning.slots < 2 * learning.room)
        learning.slots *= 2;
    size_t slots = (size_t)learning.slots, room = (size_t)learning.room + 1;
    learning.places = ALLOCATED(calloc(slots, sizeof *learning.places));
    learning.heads = ALLOCATED(calloc(slots, sizeof *learning.heads));
    learning.shared = ALLOCATED(malloc(room * sizeof *learning.shared));
    learning.ids = ALLOCATED(malloc(room * (size_t)layers * sizeof *learning.ids));
    learning.places_of = ALLOCATED(malloc((size_t)layers * sizeof *learning.places_of));
    if (learning.places && learning.heads && learning.shared && learning.ids &&
        learning.places_of) {
        double total = 0;
        sum_shares(&learning, docs, scores, count);
        kept = choose_shared(&learning, least, most);
        for (int64_t at = 0; at < kept; at++)
            total += learning.shared[at].weight;
        for (int64_t at = 0; at < kept; at++) {
            const Shared *one = &learning.shared[at];
            ITEM(weights, most, at) = one->weight / total * one->idf;
            for (int64_t layer = 0; layer < layers; layer++)
                ITEM(term_ids, most * layers, layer * most + at) =
                    learning.ids[one->row * layers + layer];
        }
    } else
        PyErr_NoMemory();
    free(learning.places);
    free(learning.heads);
    free(learning.shared);
    free(learning.ids);
    free(learning.places_of);
    return kept;
}

/* learn(docs int64[n], scores float64[n], least, term_ids int32[layers, m], weights float64[m])
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
                               views[3].len / 8, views[2].buf, views[3].buf);
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

/* Fill the hash table; it leaves out terms that the layer does not have. */
static void fill_slots(Slots *slots, const int32_t *term_ids, int count)
{
    slots->term_ids = term_ids;
    for (int each = 0; each < count; each++) {
        if (term_ids[each] < 0)
            continue;
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

/* Fill added with what learned terms, LEARNED at most, add to the scores of documents. The ids in
 * the layer `each` begin at term_ids[each * stride]. Returns -1 with an exception set. */
int find_boosts(const Searcher *self, const int32_t *term_ids, int64_t stride,
                const double *weights, int count, const int64_t *docs, int64_t documents,
                double *added)
{
    Slots *tables = ALLOCATED(calloc((size_t)self->count, sizeof *tables));
    if (!tables) {
        PyErr_NoMemory();
        return -1;
    }
    for (int64_t each = 0; each < documents; each++) {
        const Placed *placed = layer_of(self, docs[each]);
        int64_t at = placed - self->placed, doc = docs[each] - placed->start;
        Slots *slots = &ITEM(tables, self->count, at);
        if (!slots->term_ids)
            fill_slots(slots, term_ids + at * stride, count);
        int32_t length = length_of(placed, docs[each]);
        uint64_t there = count_learned(slots, tokens_of(placed->layer, doc), length);
        double norm = norm_of(placed->layer, length);
        ITEM(added, documents, each) = 0;
        for (; there; there &= there - 1) {
            int term = lowest_bit(there);
            ITEM(added, documents, each) +=
                weights[term] * share_by(placed->layer, slots->tf[term], norm);
            ITEM(slots->tf, LEARNED, term) = 0;
        }
    }
    free(tables);
    return 0;
}

/* boosts(term_ids int32[layers, m], weights float64[m], docs int64[n], added float64[n])
 *
 * Fills added with what learned terms add to the scores of docs. m is LEARNED at most. */
PyObject *searcher_boosts(Searcher *self, PyObject *args)
{
    PyObject *sources[4], *result = NULL;
    Py_buffer views[4];
    const int sizes[4] = {4, 8, 8, -8};
    if (!PyArg_ParseTuple(args, "OOOO", &sources[0], &sources[1], &sources[2], &sources[3]) ||
        get_arrays(sources, views, sizes, 4) < 0)
        return NULL;
    int64_t learned = views[1].len / 8;
    if (learned > LEARNED)
        PyErr_SetString(PyExc_ValueError, "too many learned terms");
    else {
        prefetch_docs(self, views[2].buf, views[2].len / 8);
        if (!find_boosts(self, views[0].buf, learned, views[1].buf, (int)learned, views[2].buf,
                         views[2].len / 8, views[3].buf))
            result = Py_NewRef(Py_None);
    }
    release_arrays(views, 4);
    return result;
}
