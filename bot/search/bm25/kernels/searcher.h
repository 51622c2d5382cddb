/* The types and inner loops that searching shares. */
#ifndef SEARCHER_H
#define SEARCHER_H
#include "kernels.h"

#define WINDOW 2048  /* documents to score at a time; their scores fit into the L1 cache */
#define ALONE 100000 /* postings from which on it is worth releasing the GIL */
#define UNKNOWN -2   /* the id of a term in a layer where it was not looked up */
#define LEARNED 64   /* terms that feedback learns at most */
#define PAGE 256     /* terms whose statistics are found through one pointer */
#define MOST .4      /* above this share of postings that count, add all without testing each */

/* `prefetch` loads memory that is needed soon. The tokens of documents are scattered, and waiting
 * for each in turn would dominate the time of a search. */
#if defined(_MSC_VER) && !defined(__clang__)
#include <intrin.h>
#define prefetch(place) ((void)(place))
static inline int lowest_bit(uint64_t word)
{
    unsigned long at;
    _BitScanForward64(&at, word);
    return (int)at;
}
#else
#define lowest_bit(word) __builtin_ctzll(word)
#define prefetch(place) __builtin_prefetch(place)
#endif

enum {
    INDPTR, DOCS, CODES, ESCAPED, ESCAPED_TF, LENGTHS, SHARES, OF_CODES, STARTS, TOKENS,
    STOPS, TERMS, TERM_STARTS, HASHES, NUMBERS, VIEWS
};

/* The statistics of a posting list. */
typedef struct {
    float highest[256]; /* by code: the list's highest share in documents of the code's length */
    int32_t often[256]; /* by code: how many postings have it */
    int32_t begins[];   /* where each window's postings start; only if the statistics are cached */
} ListStats;

/* The arrays of an index. */
typedef struct {
    PyObject_HEAD
    Py_buffer views[VIEWS];
    int has_arrays;
    double k1, b, avgdl;
    uint8_t lengths[256]; /* by code: the class of its length; ESCAPE stands for any length */
    uint8_t ranked[256];  /* the codes, highest share first */
    ListStats ***stats;   /* by page of terms, then by term: the cached statistics; NULL for short or
                             unused lists, and for pages without any */
    size_t kept;          /* the bytes that these take */
    int readers;          /* how many threads read them without the GIL */
} Layer;

enum { GONE, LOST, LOST_FROM, MASKS };

/* A layer of a stack. Its documents are numbered from `start` on; some may be masked. */
typedef struct {
    Layer *layer;
    int64_t start;
    Py_buffer views[MASKS]; /* which documents are masked, if any; and which terms those contain,
                               ascending, with the number of documents for each */
} Placed;

/* Searches a stack of layers as one index; mostly a stack of one. */
typedef struct {
    PyObject_HEAD
    int64_t documents; /* how many are not masked */
    int count;
    Placed *placed;
} Searcher;

/* A document with its score. */
typedef struct {
    double score;
    int64_t doc;
} Scored;

/* The best k documents so far: a heap with the worst of them first. */
typedef struct {
    Scored *heap;
    int64_t k, count;
    double least; /* the score that a document must reach to be among the best */
} Best;

/* A term of the query. */
typedef struct {
    int32_t id;
    const int32_t *docs;
    const uint8_t *codes;
    const int32_t *begins; /* where each window's postings start; NULL if not cached */
    int64_t count;         /* the length of its list */
    int64_t first;         /* the position of its list among all postings */
    int64_t at;            /* the next posting to read */
    int64_t begun;         /* the first posting in the window */
    int64_t ends;          /* the first posting after the window */
    double weight;         /* its idf, or its weight as a learned term */
    double most;           /* an upper bound of what it adds to any document */
    double table[256];     /* by code: what a posting adds */
    double at_code[256];   /* by code: an upper bound for documents of the code's length */
    int32_t often[256];    /* by code: how many postings have it */
    uint8_t counts[256];   /* by code: whether a document with it can be among the best */
    double counting;       /* the share of its postings whose code counts */
    int looked;            /* how many lookups this window had; negative once spread out */
    uint16_t *spread;      /* by document of the window: its code + 1; 0 if it has no posting */
} Term;

/* The window of documents that is being scored. */
typedef struct {
    double scores[WINDOW];
    uint64_t touched[WINDOW / 64]; /* one bit for each document that has a posting */
    uint8_t codes[WINDOW];         /* for each document, a code of its length */
} Window;

/* Return how many pages the terms of a layer fill. */
static inline int64_t pages_of(const Layer *self)
{
    return self->views[INDPTR].len / 8 / PAGE + 1;
}

/* The part of BM25's denominator that depends on the document's length; see BM25.share. */
static inline double norm_of(const Layer *self, int64_t length)
{
    double average = self->avgdl ? self->avgdl : 1.0;
    return self->k1 * (1 - self->b + self->b * (double)length / average);
}

/* The part of BM25 that depends on the document; see BM25.share. */
static inline double share_by(const Layer *self, int64_t tf, double norm)
{
    return (double)tf * (self->k1 + 1) / ((double)tf + norm);
}

static inline double share_of(const Layer *self, int64_t tf, int64_t length)
{
    return share_by(self, tf, norm_of(self, length));
}

/* The weight of a term that `holding` documents contain; the same as in idf.py. */
static inline double idf_of(const Searcher *self, int64_t holding)
{
    return log(1 + ((double)(self->documents - holding) + 0.5) / ((double)holding + 0.5));
}

/* Return how many documents of a layer contain a term, masked or not. */
static inline int64_t listed(const Layer *self, int32_t term_id)
{
    const int64_t *indptr = self->views[INDPTR].buf;
    return indptr[term_id + 1] - indptr[term_id];
}

/* Whether a document of a layer is masked. */
static inline int is_gone(const Placed *placed, int64_t doc)
{
    return placed->views[GONE].len && ((const uint8_t *)placed->views[GONE].buf)[doc];
}

/* Return the length of a document of a layer, in tokens. */
static inline int32_t length_of(const Placed *placed, int64_t doc)
{
    return ((const int32_t *)placed->layer->views[LENGTHS].buf)[doc - placed->start];
}

/* Return the bytes of a term. */
static inline const uint8_t *bytes_of(const Layer *self, int32_t term_id)
{
    return (const uint8_t *)self->views[TERMS].buf +
           ((const int64_t *)self->views[TERM_STARTS].buf)[term_id];
}

/* Return where a term's hash is likely to be: hashes are distributed evenly, and ascend. */
static inline int64_t guess_place(const Layer *self, uint32_t hash)
{
    return (int64_t)((uint64_t)hash * (uint64_t)(self->views[HASHES].len / 4) >> 32);
}

/* Prefetch what `find_ids` reads first. */
static inline void prefetch_hash(const Layer *self, uint32_t hash)
{
    prefetch((const uint32_t *)self->views[HASHES].buf + guess_place(self, hash));
}

/* Return the layer of a document. */
static inline const Placed *layer_of(const Searcher *self, int64_t doc)
{
    const Placed *placed = self->placed + self->count - 1;
    while (placed->start > doc)
        placed--;
    return placed;
}

/* Return the index of the first escaped posting at position `place` or later. */
static inline int64_t escape_from(const Layer *self, int64_t place)
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

/* Return what the posting at `at` adds to its document's score. */
static inline double added_at(const Layer *self, const Term *term, int64_t at)
{
    if (term->codes[at] != ESCAPE)
        return term->table[term->codes[at]];
    const int64_t *tf = self->views[ESCAPED_TF].buf;
    const int32_t *lengths = self->views[LENGTHS].buf;
    int64_t escape = escape_from(self, term->first + at);
    return term->weight * share_of(self, tf[escape], lengths[term->docs[at]]);
}

/* Return the first posting, from `from` on, whose document is `doc` or later. */
static inline int64_t seek(const Term *term, int64_t from, int64_t doc)
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

/* Move a term to the window that starts at `base`. Returns how many postings it has in it. */
static inline int64_t open_window(Term *term, int64_t base)
{
    if (term->begins) {
        const int32_t *begins = term->begins + base / WINDOW;
        term->begun = begins[0];
        term->ends = begins[1];
    } else {
        term->begun = seek(term, term->at, base);
        term->ends = seek(term, term->begun, base + WINDOW);
    }
    term->at = term->begun;
    return term->ends - term->begun;
}

/* Add the posting at `at` to the scores of the window that starts at `base`; see `add_window`. */
static inline void add_posting(const Layer *self, const Term *term, Window *window,
                               int64_t base, int64_t at, int dense, int coded)
{
    uint8_t code = term->codes[at];
    int64_t place = term->docs[at] - base;
    ITEM(window->scores, WINDOW, place) +=
        code == ESCAPE ? added_at(self, term, at) : term->table[code];
    if (coded)
        ITEM(window->codes, WINDOW, place) = code;
    if (!dense)
        ITEM(window->touched, WINDOW / 64, place >> 6) |= (uint64_t)1 << (place & 63);
}

/* Add a term's postings in the window that starts at `base` to the scores. May skip postings of
 * documents that cannot be among the best.
 *
 * dense: the caller scans the whole window, so `touched` is not needed.
 * coded: the caller needs `codes`. */
static inline void add_window(const Layer *self, Term *term, Window *window, int64_t base,
                              int dense, int coded)
{
    int64_t begun = term->begun, stop = term->ends;
    term->at = stop;
    if (term->counting > MOST) { /* most count, so testing each does not pay */
        if (dense && !coded)
            for (int64_t at = begun; at < stop; at++)
                add_posting(self, term, window, base, at, 1, 0);
        else
            for (int64_t at = begun; at < stop; at++)
                add_posting(self, term, window, base, at, dense, coded);
        return;
    }
    /* A branch would be mispredicted often, so first select the postings without branches. */
    const uint8_t *codes = term->codes + begun, *counts = term->counts;
    uint16_t counting[WINDOW];
    int found = 0, postings = (int)(stop - begun);
    for (int each = 0; each < postings; each++) {
        ITEM(counting, WINDOW, found) = (uint16_t)each;
        found += counts[codes[each]];
    }
    for (int each = 0; each < found; each++)
        add_posting(self, term, window, base, begun + counting[each], dense, coded);
}

/* Return the tokens of a document; `lengths` has their number. */
static inline const int32_t *tokens_of(const Layer *self, int64_t doc)
{
    int64_t start = ((const int64_t *)self->views[STARTS].buf)[doc];
    return (const int32_t *)self->views[TOKENS].buf + start;
}

void find_ids(const Searcher *self, const uint8_t *bytes, int64_t size, uint32_t hash,
              int32_t *ids, int64_t *places);
uint32_t crc32_of(const uint8_t *bytes, int64_t size);
int64_t masked_holding(const Placed *placed, int32_t term_id);

/* Return how many documents of a layer that are not masked contain a term. */
static inline int64_t live_holding(const Placed *placed, int32_t term_id)
{
    return listed(placed->layer, term_id) - masked_holding(placed, term_id);
}

int terms_of(Layer *self, const int32_t *term_ids, const double *weights, int count,
             int64_t bounded, Term *terms, int64_t *total);
PyThreadState *let_others_run(Layer *self, int64_t total);
void come_back(Layer *self, PyThreadState *others);
void offer(Best *best, double score, int64_t doc);
int64_t drain(Best *best, int64_t *docs, double *scores);
int64_t find_best(Searcher *self, const int32_t *term_ids, int64_t stride, const double *weights,
                  int count, int64_t k, int64_t *docs, double *scores);
void prefetch_docs(const Searcher *self, const int64_t *docs, int64_t count);
int64_t find_shared(const Searcher *self, const int64_t *docs, const double *scores, int64_t count,
                    int64_t least, int64_t most, int32_t *term_ids, double *weights);
int find_boosts(const Searcher *self, const int32_t *term_ids, int64_t stride,
                const double *weights, int count, const int64_t *docs, int64_t documents,
                double *added);

PyObject *searcher_ranked(Searcher *self, PyObject *args);
PyObject *searcher_resolve(Searcher *self, PyObject *args);
PyObject *searcher_best(Searcher *self, PyObject *args);
PyObject *searcher_match(Searcher *self, PyObject *args);
PyObject *searcher_added(Searcher *self, PyObject *args);
PyObject *searcher_learn(Searcher *self, PyObject *args);
PyObject *searcher_boosts(Searcher *self, PyObject *args);

#endif
