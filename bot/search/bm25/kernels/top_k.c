/* The best of what matches; see BM25.best in scoring.py.
 *
 * After MaxScore (Turtle and Flood, 1995, https://doi.org/10.1016/0306-4573(95)00020-H), a window
 * of documents at a time, as Lucene has it: terms that together are not worth what k documents
 * reach are only looked up, for documents that others brought. What a document can reach is known
 * by its length, which its posting tells.
 */
#include "searcher.h"

#define SLACK 1e-9         /* share by which a sum in another order may differ, and more */
#define SEARCHED 4         /* times that a list is searched in a window before it is spread out */
#define ADD 2              /* what adding a posting costs, of what passing it over costs */
#define LOOK 20            /* what a look for a document in another list costs */
#define FURTHER .5         /* what one in a further list costs, of that: not all come to it */
#define WORTH_SIFTING 1.01 /* so many times what was needed before */

/* Whether a document is to stand behind another; of those of one score the later one is. */
static int is_worse(Scored one, Scored other)
{
    return one.score < other.score || (one.score == other.score && one.doc > other.doc);
}

/* Have what stands at `at` sink to its place among the first `count` of the heap. */
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

/* Take all out, the best first, into docs and scores with room for k; how many they are. */
int64_t emptied(Best *best, int64_t *docs, double *scores)
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

/* Take a document in, if it is among the best. */
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
    if (best->count == best->k)
        best->least = best->heap[0].score;
}

/* The score of `doc`, summed up in the order in which the terms were asked for. */
static double exact_score(const Searcher *self, const Term *terms, int count, int64_t doc)
{
    double score = 0;
    for (int each = 0; each < count; each++) {
        int64_t at = sought(&terms[each], terms[each].begun, doc);
        if (at < terms[each].count && terms[each].docs[at] == doc)
            score += added_at(self, &terms[each], at);
    }
    return score;
}

static void best_of_one(const Searcher *self, const Term *term, Best *best)
{
    for (int64_t at = 0; at < term->count; at++) {
        double added = term->table[term->codes[at]];
        if (term->codes[at] == ESCAPE)
            added = added_at(self, term, at);
        if (added > best->least)
            offer(best, added, term->docs[at]);
    }
}

/* A little less than k documents reach by one term alone; below 0 if no term has so many. */
static double reached(const Searcher *self, const Term *terms, int count, int64_t k)
{
    double least = -1;
    for (int each = 0; each < count; each++) {
        int64_t seen = 0;
        for (int at = 0; at < 256 && terms[each].count >= k; at++) {
            int code = self->ranked[at];
            if (code == ESCAPE)
                continue; /* its share is whatever it is */
            double score = terms[each].table[code] * (1 - SLACK);
            if (score <= least)
                break;
            seen += terms[each].often[code];
            if (seen >= k)
                least = score;
        }
    }
    return least;
}

/* Tell of each code whether a document can be among the best with it, and all that others add at
 * most to one of its length. A document's other postings may go on bringing it: with less than it
 * has, but it is out of reach with that, too. */
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
        term->counting = term->count ? (double)counting / (double)term->count : 0;
    }
}

/* What a term that is only looked up adds to the document at `place` of the window from `base`. It
 * is searched for it, and from some times on spread out. */
static double looked_up(const Searcher *self, Term *term, int64_t base, int place)
{
    if (term->looked >= 0 && term->looked < SEARCHED) {
        term->looked++;
        term->at = sought(term, term->at, base + place);
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
    return added_at(self, term, sought(term, term->begun, base + place));
}

/* What is sought, and how far it is. */
typedef struct {
    const Searcher *self;
    Term *terms;
    int count;
    const int *ordered; /* the terms, least first */
    int idle;           /* so many of these are only looked up */
    double idle_at[256]; /* what these add at most, by a code of a document's length */
    Window *window;
    int64_t base;
    Best *best;
} Search;

/* Offer a document of the window, if it can be among the best. */
static void considered(Search *search, int place)
{
    Window *window = search->window;
    Best *best = search->best;
    double score = window->scores[place];
    int64_t doc = search->base + place;
    if (!search->idle) {
        offer(best, score, doc);
        return;
    }
    double needed = best->least * (1 - SLACK);
    int code = window->codes[place], each = search->idle;
    double left = search->idle_at[code] * (1 + SLACK); /* stays above 0, whatever the rounding */
    while (score + left >= needed && each > 0) {
        Term *term = &ITEM(search->terms, search->count, search->ordered[--each]);
        left -= term->at_code[code];
        score += looked_up(search->self, term, search->base, place);
    }
    if (score + left >= needed)
        offer(best, exact_score(search->self, search->terms, search->count, doc), doc);
}

/* Whether any of 16 scores is above a limit. */
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

/* Go through the window; one that is `dense` as a whole. */
static void harvested(Search *search, int dense)
{
    Window *window = search->window;
    if (!dense) {
        for (int word = 0; word < WINDOW / 64; word++) {
            uint64_t touched = window->touched[word];
            ITEM(window->touched, WINDOW / 64, word) = 0;
            for (; touched; touched &= touched - 1) {
                int place = word * 64 + lowest_bit(touched);
                considered(search, place);
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
                    considered(search, each);
    memset(scores, 0, sizeof window->scores);
}

/* Tell which terms need only be looked up: those that all together are not worth what k documents
 * reach; none where adding up all is sooner done. */
static void parted(Search *search)
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

static void best_of_many(Search *search)
{
    const Searcher *self = search->self;
    Term *terms = search->terms;
    double sifted = -1;
    for (;;) {
        if (search->best->least > sifted) {
            sift(terms, search->count, search->best->least);
            parted(search);
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
            int64_t postings = opened(term, search->base);
            here += each >= search->idle ? (double)postings * term->counting : 0;
            if (term->looked < 0)
                memset(term->spread, 0, WINDOW * sizeof *term->spread);
            term->looked = 0;
        }
        int dense = here > WINDOW / 8;
        if (!search->idle) /* in the question's order: exact */
            for (int each = 0; each < search->count; each++)
                summed(self, &ITEM(terms, search->count, each), search->window, search->base,
                       dense, 0);
        for (int each = search->idle; search->idle && each < search->count; each++)
            summed(self, &ITEM(terms, search->count, search->ordered[each]), search->window,
                   search->base, dense, 1);
        harvested(search, dense);
        /* Behind the window, as those that were summed up: any may bring documents from here on. */
        for (int each = 0; each < search->idle; each++)
            ITEM(terms, search->count, search->ordered[each]).at =
                terms[search->ordered[each]].ends;
    }
}

/* Fill docs and scores with the k best, the best first; how many there are, below 0 without memory. */
int64_t find_best(Searcher *self, const int32_t *numbers, const double *weights, int count,
                  int64_t k, int64_t *docs, double *scores)
{
    int64_t total = 0, found = -1;
    Best best = {NULL, k, 0, -1};
    Term *terms = terms_of(self, numbers, weights, count, &total);
    Window *window = ALLOCATED(calloc(1, sizeof *window));
    uint16_t *spread = ALLOCATED(calloc((size_t)count + 1, WINDOW * sizeof *spread));
    int *ordered = ALLOCATED(malloc(sizeof *ordered * (size_t)(count + 1)));
    best.heap = ALLOCATED(malloc(sizeof *best.heap * (size_t)(best.k + 1)));
    Search search = {self, terms, count, ordered, 0, {0}, window, 0, &best};
    if (terms && window && spread && ordered && best.heap) {
        PyThreadState *others = total >= ALONE ? PyEval_SaveThread() : NULL;
        for (int each = 0; each < count; each++) {
            int at = each;
            for (; at && terms[ordered[at - 1]].most > terms[each].most; at--)
                ITEM(ordered, count, at) = ordered[at - 1];
            ITEM(ordered, count, at) = each;
            ITEM(terms, count, each).spread = spread + (size_t)each * WINDOW;
        }
        best.least = reached(self, terms, count, k);
        if (count == 1 && best.k)
            best_of_one(self, terms, &best);
        else if (count && best.k)
            best_of_many(&search);
        found = emptied(&best, docs, scores);
        if (others)
            PyEval_RestoreThread(others);
    } else
        PyErr_NoMemory();
    free(terms);
    free(window);
    free(spread);
    free(ordered);
    free(best.heap);
    return found;
}

/* best(numbers int32[n], weights float64[n], docs int64[k], scores float64[k]) -> how many */
PyObject *searcher_best(Searcher *self, PyObject *args)
{
    PyObject *sources[4];
    Py_buffer views[4];
    const int sizes[4] = {4, 8, -8, -8};
    if (!PyArg_ParseTuple(args, "OOOO", &sources[0], &sources[1], &sources[2], &sources[3]) ||
        all_shown(sources, views, sizes, 4) < 0)
        return NULL;
    int64_t found = find_best(self, views[0].buf, views[1].buf, (int)(views[0].len / 4),
                              views[2].len / 8, views[2].buf, views[3].buf);
    done_with(views, 4);
    return found < 0 ? NULL : PyLong_FromLongLong(found);
}
