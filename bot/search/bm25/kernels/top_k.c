/* Finds the best k documents; see BM25.best in scoring.py.
 *
 * Uses MaxScore (Turtle and Flood, 1995, https://doi.org/10.1016/0306-4573(95)00020-H) over windows
 * of documents, like Lucene. Once k documents have a score that some terms cannot reach together,
 * these terms are only looked up for documents that other terms have found. Upper bounds depend on
 * the document's length, which each posting's code contains.
 */
#include "searcher.h"

#define SLACK 1e-9         /* more than the relative difference of sums in different orders */
#define SEARCHED 4         /* lookups in a window before the list is spread out into an array */
#define BOUNDED 1024       /* postings in a layer from which on bounds save more than they cost */
#define ADD 2              /* the cost of adding a posting, relative to skipping it */
#define LOOK 20            /* the cost of looking up a document in another list, likewise */
#define FURTHER .5         /* the share of lookups that also need the next list */
#define WORTH_SIFTING 1.01 /* how much `least` must grow before bounds are computed again */

/* Whether `one` ranks after `other`. Equal scores rank by document. */
static int is_worse(Scored one, Scored other)
{
    return one.score < other.score || (one.score == other.score && one.doc > other.doc);
}

/* Restore the heap of the first `count` items after the one at `at` was replaced. */
static void sink(Best *best, int64_t count, int64_t at)
{
    Scored *heap = best->heap, moved = heap[at];
    for (;;) {
        int64_t child = 2 * at + 1;
        if (child >= count)
            break;
        if (child + 1 < count && is_worse(heap[child + 1], heap[child]))
            child++;
        if (!is_worse(heap[child], moved))
            break;
        ITEM(heap, best->k, at) = heap[child];
        at = child;
    }
    ITEM(heap, best->k, at) = moved;
}

/* Move all documents to docs and scores, which have room for k, best first. Returns how many. */
int64_t drain(Best *best, int64_t *docs, double *scores)
{
    int64_t count = best->count;
    for (int64_t at = count - 1; at >= 0; at--) {
        ITEM(docs, best->k, at) = best->heap[0].doc;
        ITEM(scores, best->k, at) = best->heap[0].score;
        ITEM(best->heap, best->k, 0) = best->heap[at];
        sink(best, at, 0);
    }
    return count;
}

/* Insert a document if it is among the best. */
void offer(Best *best, double score, int64_t doc)
{
    Scored one = {score, doc};
    if (score < best->least)
        return;
    if (best->count < best->k) {
        int64_t at = best->count++;
        while (at && is_worse(one, best->heap[(at - 1) / 2])) {
            ITEM(best->heap, best->k, at) = best->heap[(at - 1) / 2];
            at = (at - 1) / 2;
        }
        ITEM(best->heap, best->k, at) = one;
    } else if (is_worse(best->heap[0], one)) {
        ITEM(best->heap, best->k, 0) = one;
        sink(best, best->count, 0);
    }
    if (best->count == best->k && best->heap[0].score > best->least)
        best->least = best->heap[0].score;
}

/* Return the score of `doc`, added in the order of the query's terms, which determines rounding. */
static double exact_score(const Layer *self, const Term *terms, int count, int64_t doc)
{
    double score = 0;
    for (int each = 0; each < count; each++) {
        int64_t at = seek(&terms[each], terms[each].begun, doc);
        if (at < terms[each].count && terms[each].docs[at] == doc)
            score += added_at(self, &terms[each], at);
    }
    return score;
}

/* Find the best documents for a single term. */
static void best_of_one(const Placed *placed, const Term *term, Best *best)
{
    for (int64_t at = 0; at < term->count; at++) {
        double added = term->table[term->codes[at]];
        if (term->codes[at] == ESCAPE)
            added = added_at(placed->layer, term, at);
        if (added > best->least && !is_gone(placed, term->docs[at]))
            offer(best, added, placed->start + term->docs[at]);
    }
}

/* Return a score that k documents are sure to reach with one term alone; -1 if no list has k. */
static double lower_bound(const Placed *placed, const Term *terms, int count, int64_t k)
{
    double least = -1;
    for (int each = 0; each < count; each++) {
        int64_t seen = 0, needed = k + masked_holding(placed, terms[each].id);
        for (int at = 0; at < 256 && terms[each].count >= needed; at++) {
            int code = placed->layer->ranked[at];
            if (code == ESCAPE)
                continue; /* its share is not in the table */
            double score = terms[each].table[code] * (1 - SLACK);
            if (score <= least)
                break;
            seen += terms[each].often[code];
            if (seen >= needed)
                least = score;
        }
    }
    return least;
}

/* Determine which codes count: those with which a document can be among the best, if all other
 * terms add their most. A document with a code that does not count may still be found by its other
 * postings. Its score is then too low, but its full score would not be among the best either. */
static void sift(Term *terms, int count, double least)
{
    double all[256] = {0};
    for (int each = 0; each < count; each++)
        for (int code = 0; code < 256; code++)
            ITEM(all, 256, code) += terms[each].at_code[code];
    for (int each = 0; each < count; each++) {
        Term *term = &ITEM(terms, count, each);
        int64_t counting = term->often[ESCAPE];
        for (int code = 0; code < ESCAPE; code++) {
            double others = (all[code] - term->at_code[code]) * (1 + SLACK);
            ITEM(term->counts, 256, code) = term->table[code] + others >= least * (1 - SLACK);
            counting += term->counts[code] ? term->often[code] : 0;
        }
        term->counting = (double)counting / fmax(1, (double)term->count);
    }
}

/* Return what a term that is only looked up adds to the document at `place` of the window. Searches
 * its list the first SEARCHED times, then spreads the list out into an array. */
static double look_up(const Layer *self, Term *term, int64_t base, int place)
{
    if (term->looked >= 0 && term->looked < SEARCHED) {
        term->looked++;
        term->at = seek(term, term->at, base + place);
        if (term->at < term->count && term->docs[term->at] == base + place)
            return added_at(self, term, term->at);
        return 0;
    }
    if (term->looked >= 0) {
        for (int64_t at = term->begun; at < term->ends; at++)
            ITEM(term->spread, WINDOW, term->docs[at] - base) = (uint16_t)(term->codes[at] + 1);
        term->looked = -1;
    }
    int code = term->spread[place];
    if (code <= ESCAPE)
        return code ? term->table[code - 1] : 0;
    return added_at(self, term, seek(term, term->begun, base + place));
}

/* The state of a search. */
typedef struct {
    const Placed *placed;
    Term *terms;
    int count;
    int is_bounded;      /* whether the terms have bounds; else all postings are added */
    int *ordered;        /* the terms' indexes, lowest bound first */
    int idle;            /* how many of these are only looked up */
    double idle_at[256]; /* by code: what these add at most to documents of its length */
    Window *window;
    int64_t base; /* the first document of the window */
    Best *best;
} Search;

/* Offer a document of the window, unless it cannot be among the best. */
static void consider(Search *search, int place)
{
    Window *window = search->window;
    Best *best = search->best;
    double score = window->scores[place];
    int64_t doc = search->base + place;
    const Layer *layer = search->placed->layer;
    if (is_gone(search->placed, doc))
        return;
    if (!search->idle) {
        offer(best, score, search->placed->start + doc);
        return;
    }
    double needed = best->least * (1 - SLACK);
    int code = window->codes[place], each = search->idle;
    double left = search->idle_at[code] * (1 + SLACK); /* rounding must not make it negative */
    while (score + left >= needed && each > 0) {
        Term *term = &ITEM(search->terms, search->count, search->ordered[--each]);
        left -= term->at_code[code];
        score += look_up(layer, term, search->base, place);
    }
    if (score + left >= needed)
        offer(best, exact_score(layer, search->terms, search->count, doc),
              search->placed->start + doc);
}

/* Whether any of 16 scores is above `limit`. */
static inline int any_above(const double *scores, double limit)
{
#ifdef __GNUC__
    typedef double Two __attribute__((vector_size(16), aligned(8), may_alias));
    const Two *two = (const Two *)scores, limits = {limit, limit};
    __auto_type above = two[0] > limits;
    for (int each = 1; each < 8; each++)
        above |= two[each] > limits;
    return (above[0] | above[1]) != 0;
#else
    int above = 0;
    for (int each = 0; each < 16; each++)
        above |= scores[each] > limit;
    return above;
#endif
}

/* Offer the documents of the window, and clear it. Scans all of it if it is `dense`. */
static void collect(Search *search, int dense)
{
    Window *window = search->window;
    if (!dense) {
        for (int word = 0; word < WINDOW / 64; word++) {
            uint64_t touched = window->touched[word];
            ITEM(window->touched, WINDOW / 64, word) = 0;
            for (; touched; touched &= touched - 1) {
                int place = word * 64 + lowest_bit(touched);
                consider(search, place);
                ITEM(window->scores, WINDOW, place) = 0;
            }
        }
        return;
    }
    double *scores = window->scores, above = search->best->least;
    if (search->idle)
        above = above * (1 - SLACK) - search->idle_at[ESCAPE] * (1 + SLACK);
    if (above < 0)
        above = 0;
    for (int place = 0; place < WINDOW; place += 16)
        if (any_above(scores + place, above))
            for (int each = place; each < place + 16; each++)
                if (scores[each] > above)
                    consider(search, each);
    memset(scores, 0, sizeof window->scores);
}

/* Choose the terms that are only looked up: as many as together cannot reach the least score; none
 * if adding all postings is estimated to be faster. */
static void choose_lookups(Search *search)
{
    Term *terms = search->terms;
    double bound = 0, looking = 0, adding = 0;
    int count = search->count, reach = 0;
    for (int each = 0; each < count; each++) {
        const Term *term = &terms[search->ordered[each]];
        double left = (double)(term->count - term->at), counting = left * term->counting;
        double here = term->counting > MOST ? left * ADD : left + counting * ADD;
        bound += term->most;
        if (reach == each && bound * (1 + SLACK) <= search->best->least)
            reach++;
        else
            looking += here + counting * LOOK * (1 + FURTHER * (reach - 1));
        adding += here;
    }
    search->idle = looking < adding ? reach : 0;
    memset(search->idle_at, 0, sizeof search->idle_at);
    for (int each = 0; each < search->idle; each++)
        for (int code = 0; code < 256; code++)
            ITEM(search->idle_at, 256, code) += terms[search->ordered[each]].at_code[code];
}

/* Find the best documents for several terms. */
static void best_of_many(Search *search)
{
    const Layer *self = search->placed->layer;
    Term *terms = search->terms;
    double sifted = search->is_bounded ? -1 : INFINITY;
    for (;;) {
        if (search->best->least > sifted) {
            sift(terms, search->count, search->best->least);
            choose_lookups(search);
            sifted = search->best->least * WORTH_SIFTING;
        }
        search->base = INT64_MAX;
        for (int each = search->idle; each < search->count; each++) {
            const Term *term = &terms[search->ordered[each]];
            if (term->at < term->count && term->docs[term->at] < search->base)
                search->base = term->docs[term->at];
        }
        if (search->base == INT64_MAX)
            return;
        search->base -= search->base % WINDOW;
        double here = 0;
        for (int each = 0; each < search->count; each++) {
            Term *term = &ITEM(terms, search->count, search->ordered[each]);
            int64_t postings = open_window(term, search->base);
            here += each >= search->idle ? (double)postings * term->counting : 0;
            if (term->looked < 0)
                memset(term->spread, 0, WINDOW * sizeof *term->spread);
            term->looked = 0;
        }
        int dense = here > WINDOW / 8;
        if (!search->idle) /* added in the query's order, so scores are exact */
            for (int each = 0; each < search->count; each++)
                add_window(self, &ITEM(terms, search->count, each), search->window, search->base,
                       dense, 0);
        for (int each = search->idle; search->idle && each < search->count; each++)
            add_window(self, &ITEM(terms, search->count, search->ordered[each]), search->window,
                   search->base, dense, 1);
        collect(search, dense);
        /* Move these terms past the window too: in the next one they may find documents. */
        for (int each = 0; each < search->idle; each++)
            ITEM(terms, search->count, search->ordered[each]).at =
                terms[search->ordered[each]].ends;
    }
}

/* Find the best documents of a layer. */
static void search_layer(Search *search)
{
    const Term *terms = search->terms;
    for (int each = 0; each < search->count; each++) {
        int at = each;
        for (; at && terms[search->ordered[at - 1]].most > terms[each].most; at--)
            ITEM(search->ordered, search->count, at) = search->ordered[at - 1];
        ITEM(search->ordered, search->count, at) = each;
    }
    if (search->is_bounded) {
        double least = lower_bound(search->placed, terms, search->count, search->best->k);
        if (least > search->best->least)
            search->best->least = least;
    }
    if (search->count == 1)
        best_of_one(search->placed, terms, search->best);
    else if (search->count)
        best_of_many(search);
}

/* Fill docs and scores with the best k documents, best first. The ids of the terms in the layer
 * `each` begin at term_ids[each * stride]. Returns how many there are; -1 with an exception set. */
int64_t find_best(Searcher *self, const int32_t *term_ids, int64_t stride, const double *weights,
                  int count, int64_t k, int64_t *docs, double *scores)
{
    int64_t total, found = -1;
    Best best = {NULL, k, 0, -1};
    Term *terms = ALLOCATED(malloc(sizeof *terms * (size_t)(count + 1)));
    Window *window = ALLOCATED(calloc(1, sizeof *window));
    uint16_t *spread = ALLOCATED(calloc((size_t)count + 1, WINDOW * sizeof *spread));
    int *ordered = ALLOCATED(malloc(sizeof *ordered * (size_t)(count + 1)));
    best.heap = ALLOCATED(malloc(sizeof *best.heap * (size_t)(best.k + 1)));
    if (terms && window && spread && ordered && best.heap) {
        for (int at = 0; k && at < self->count; at++) {
            const Placed *placed = &self->placed[at];
            int here = terms_of(placed->layer, term_ids + at * stride, weights, count, BOUNDED, terms,
                                &total);
            for (int each = 0; each < here; each++)
                ITEM(terms, count, each).spread = spread + (size_t)each * WINDOW;
            Search search = {placed, terms, here, total >= BOUNDED, ordered, 0, {0}, window, 0, &best};
            PyThreadState *others = let_others_run(placed->layer, total);
            search_layer(&search);
            come_back(placed->layer, others);
            for (int each = 0; each < here; each++)
                if (terms[each].looked < 0)
                    memset(terms[each].spread, 0, WINDOW * sizeof *spread);
        }
        found = drain(&best, docs, scores);
    } else
        PyErr_NoMemory();
    free(terms);
    free(window);
    free(spread);
    free(ordered);
    free(best.heap);
    return found;
}

/* best(term_ids int32[layers, n], weights float64[n], docs int64[k], scores float64[k])
 *
 * Fills docs and scores with the best k documents, best first. Returns how many there are. */
PyObject *searcher_best(Searcher *self, PyObject *args)
{
    PyObject *sources[4];
    Py_buffer views[4];
    const int sizes[4] = {4, 8, -8, -8};
    if (!PyArg_ParseTuple(args, "OOOO", &sources[0], &sources[1], &sources[2], &sources[3]) ||
        get_arrays(sources, views, sizes, 4) < 0)
        return NULL;
    int64_t count = views[1].len / 8;
    int64_t found = find_best(self, views[0].buf, count, views[1].buf, (int)count,
                              views[2].len / 8, views[2].buf, views[3].buf);
    release_arrays(views, 4);
    return found < 0 ? NULL : PyLong_FromLongLong(found);
}
