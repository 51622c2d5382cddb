/* What searching is done with. */
#ifndef SEARCHER_H
#define SEARCHER_H
#include "kernels.h"

#define WINDOW 2048  /* documents that are scored at a time: their scores stay in the first cache */
#define ALONE 100000 /* postings from which on other threads may run meanwhile */
#define LEARNED 64   /* terms that are learned at most */
#define MOST .4      /* share of a list from which on all of it is added up */

/* `fetch` has the processor bring memory that is soon needed, while it goes on: what documents say is
 * all over the place, and waiting for each in turn takes longer than all else. */
#if defined(_MSC_VER) && !defined(__clang__)
#include <intrin.h>
#define fetch(place) ((void)(place))
static inline int lowest_bit(uint64_t word)
{
    unsigned long at;
    _BitScanForward64(&at, word);
    return (int)at;
}
#else
#define lowest_bit(word) __builtin_ctzll(word)
#define fetch(place) __builtin_prefetch(place)
#endif

enum {
    INDPTR, DOCS, CODES, ESCAPED, ESCAPED_TF, LENGTHS, SHARES, OF_CODES, STARTS, TOKENS, LATER, STOPS,
    TERMS, TERM_STARTS, HASHES, NUMBERS, VIEWS
};

/* What is known of a list of postings. */
typedef struct {
    float highest[256];  /* of each code, the list's highest share in documents of its length */
    int32_t often[256];  /* how many postings have each code */
    int32_t begins[];    /* where those of each window begin, and the last ends; of kept ones only */
} Known;

typedef struct {
    PyObject_HEAD
    Py_buffer views[VIEWS];
    int shown;
    double k1, b, avgdl;
    uint8_t lengths[256]; /* which of the different lengths each code's is; ESCAPE's is any */
    uint8_t ranked[256];  /* the codes, those of the highest shares first */
    Known **known;        /* of each long list that was asked for */
} Searcher;

/* A document and what it scores. */
typedef struct {
    double score;
    int64_t doc;
} Scored;

/* The k best so far, the worst of them first. */
typedef struct {
    Scored *heap;
    int64_t k, count;
    double least; /* what must be reached */
} Best;

/* A term that is asked for. */
typedef struct {
    const int32_t *docs;
    const uint8_t *codes;
    const int32_t *begins; /* as its list's are known, if they are */
    int64_t count;
    int64_t first;  /* the place of its first posting among all */
    int64_t at;     /* the next one to be looked at */
    int64_t begun;  /* the first one in the window, or behind it */
    int64_t ends;   /* the first one behind the window */
    double weight;
    double most; /* no document gets more of it */
    double table[256];
    double at_code[256]; /* no document of this code's length does */
    int32_t often[256];  /* as its list's are known */
    uint8_t counts[256]; /* whether what a code adds can bring a document among the best */
    double counting;     /* the share of its postings that counts */
    int looked;            /* how often it was looked up in this window; below 0 once spread */
    uint16_t *spread;      /* of each document of the window 1 more than its code, else 0 */
} Term;

/* The window of documents that is looked at. */
typedef struct {
    double scores[WINDOW];
    uint64_t touched[WINDOW / 64];
    uint8_t codes[WINDOW]; /* one of the codes that have their lengths */
} Window;

static inline double norm_of(const Searcher *self, int64_t length)
{
    double average = self->avgdl ? self->avgdl : 1.0;
    return self->k1 * (1 - self->b + self->b * (double)length / average);
}

static inline double share_by(const Searcher *self, int64_t tf, double norm)
{
    return (double)tf * (self->k1 + 1) / ((double)tf + norm);
}

static inline double share_of(const Searcher *self, int64_t tf, int64_t length)
{
    return share_by(self, tf, norm_of(self, length));
}

/* The weight of a term that so many documents hold; as idf.py has it. */
static inline double idf_of(const Searcher *self, int64_t holding)
{
    int64_t documents = self->views[LENGTHS].len / 4;
    return log(1 + ((double)(documents - holding) + 0.5) / ((double)holding + 0.5));
}

/* Where in what is escaped the first posting is that stands at `place` or later. */
static inline int64_t escape_from(const Searcher *self, int64_t place)
{
    const int64_t *escaped = self->views[ESCAPED].buf;
    int64_t low = 0, high = self->views[ESCAPED].len / 8;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (escaped[middle] < place)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* What the posting at `at` adds to its document's score. */
static inline double added_at(const Searcher *self, const Term *term, int64_t at)
{
    if (term->codes[at] != ESCAPE)
        return term->table[term->codes[at]];
    const int64_t *tf = self->views[ESCAPED_TF].buf;
    const int32_t *lengths = self->views[LENGTHS].buf;
    int64_t escape = escape_from(self, term->first + at);
    return term->weight * share_of(self, tf[escape], lengths[term->docs[at]]);
}

/* The first place from `from` on whose document is `doc` or later. */
static inline int64_t sought(const Term *term, int64_t from, int64_t doc)
{
    int64_t step = 1, low = from;
    while (low + step < term->count && term->docs[low + step] < doc) {
        low += step;
        step *= 2;
    }
    int64_t high = low + step < term->count ? low + step : term->count;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (term->docs[middle] < doc)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Have terms go on to the window that begins at `base`; how many postings they have in it. */
static inline int64_t opened(Term *term, int64_t base)
{
    if (term->begins) {
        const int32_t *begins = term->begins + base / WINDOW;
        term->begun = begins[0];
        term->ends = begins[1];
    } else {
        term->begun = sought(term, term->at, base);
        term->ends = sought(term, term->begun, base + WINDOW);
    }
    term->at = term->begun;
    return term->ends - term->begun;
}

/* Add the posting at `at` to the scores of the window that begins at `base`. */
static inline void put(const Searcher *self, const Term *term, Window *window, int64_t base,
                       int64_t at, int dense, int coded)
{
    uint8_t code = term->codes[at];
    int64_t place = term->docs[at] - base;
    ITEM(window->scores, WINDOW, place) += code == ESCAPE ? added_at(self, term, at) : term->table[code];
    if (coded)
        ITEM(window->codes, WINDOW, place) = code;
    if (!dense)
        ITEM(window->touched, WINDOW / 64, place >> 6) |= (uint64_t)1 << (place & 63);
}

/* Add a term's postings in the window that begins at `base` to the scores; those of documents that
 * cannot be among the best may be left out. `dense` where all of the window is looked at after,
 * `coded` where lengths are. */
static inline void summed(const Searcher *self, Term *term, Window *window, int64_t base, int dense,
                          int coded)
{
    int64_t begun = term->begun, stop = term->ends;
    term->at = stop;
    if (term->counting > MOST) { /* then a look at whether one counts is not worth it */
        if (dense && !coded)
            for (int64_t at = begun; at < stop; at++)
                put(self, term, window, base, at, 1, 0);
        else
            for (int64_t at = begun; at < stop; at++)
                put(self, term, window, base, at, dense, coded);
        return;
    }
    /* Which ones count cannot be foreseen: they are taken out with no branch, and then added. */
    const uint8_t *codes = term->codes + begun, *counts = term->counts;
    uint16_t counting[WINDOW];
    int found = 0, postings = (int)(stop - begun);
    for (int each = 0; each < postings; each++) {
        ITEM(counting, WINDOW, found) = (uint16_t)each;
        found += counts[codes[each]];
    }
    for (int each = 0; each < found; each++)
        put(self, term, window, base, begun + counting[each], dense, coded);
}

/* What a document says; how much that is, its length tells. */
static inline const int32_t *said_by(const Searcher *self, int64_t doc)
{
    int64_t start = ((const int64_t *)self->views[STARTS].buf)[doc];
    int64_t before = self->views[TOKENS].len / 4;
    if (start < before)
        return (const int32_t *)self->views[TOKENS].buf + start;
    return (const int32_t *)self->views[LATER].buf + (start - before);
}

Term *terms_of(Searcher *self, const int32_t *numbers, const double *weights, int count,
               int64_t *total);
void offer(Best *best, double score, int64_t doc);
int64_t emptied(Best *best, int64_t *docs, double *scores);
int64_t find_best(Searcher *self, const int32_t *numbers, const double *weights, int count,
                  int64_t k, int64_t *docs, double *scores);
void bring(const Searcher *self, const int64_t *docs, int64_t count);
int64_t find_shared(const Searcher *self, const int64_t *docs, const double *scores, int64_t count,
                    int64_t least, int64_t most, int32_t *numbers, double *weights);
void find_boosts(const Searcher *self, const int32_t *numbers, const double *weights, int count,
                 const int64_t *docs, int64_t documents, double *added);

PyObject *searcher_ranked(Searcher *self, PyObject *args);
PyObject *searcher_best(Searcher *self, PyObject *args);
PyObject *searcher_match(Searcher *self, PyObject *args);
PyObject *searcher_learn(Searcher *self, PyObject *args);
PyObject *searcher_boosts(Searcher *self, PyObject *args);

#endif
