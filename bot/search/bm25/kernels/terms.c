/* Prepares the terms of a query: their weights and upper bounds; see scoring.py. */
#include "searcher.h"

#define LONG 1024        /* postings from which on a list's statistics are cached */
#define KEPT 1000000     /* bytes of these that are kept, and one for each document */
#define FREQUENT 16      /* terms in more than one document of so many keep theirs */

/* Return the class of a document length; ESCAPE if no code has that length. */
static int length_class(const Layer *self, int64_t length)
{
    const int64_t *lengths = self->views[OF_CODES].buf;
    for (int code = 0; code < ESCAPE; code++)
        if (lengths[code] == length)
            return self->lengths[code];
    return ESCAPE;
}

/* Compute the statistics of a term's list: how often each code occurs, and an upper bound of the
 * share in documents of each code's length; for ESCAPE, of any length. */
static void find_stats(const Layer *self, const Term *term, ListStats *stats)
{
    const double *shares = self->views[SHARES].buf, up = 1 + 1e-6; /* covers rounding */
    const int64_t *escaped = self->views[ESCAPED].buf, *tf = self->views[ESCAPED_TF].buf;
    const int32_t *lengths = self->views[LENGTHS].buf;
    double found[256] = {0};
    memset(stats->often, 0, sizeof stats->often);
    for (int64_t at = 0; at < term->count; at++)
        ITEM(stats->often, 256, term->codes[at])++;
    for (int code = 0; code < ESCAPE; code++)
        if (stats->often[code] && shares[code] > found[self->lengths[code]])
            ITEM(found, 256, self->lengths[code]) = shares[code];
    for (int64_t at = stats->often[ESCAPE] ? escape_from(self, term->first) : INT64_MAX;
         at < self->views[ESCAPED].len / 8 && escaped[at] < term->first + term->count; at++) {
        int64_t length = lengths[term->docs[escaped[at] - term->first]];
        double share = share_of(self, tf[at], length);
        int class = length_class(self, length);
        if (share > found[class])
            ITEM(found, 256, class) = share;
    }
    for (int length = 0; length < ESCAPE; length++)
        if (found[length] > found[ESCAPE])
            ITEM(found, 256, ESCAPE) = found[length];
    for (int code = 0; code < 256; code++)
        ITEM(stats->highest, 256, code) = (float)(found[self->lengths[code]] * up);
}

/* Compute and cache the statistics of a term's list. Returns NULL without memory. */
static ListStats *cached_stats(Layer *self, int32_t term_id, const Term *term)
{
    int64_t windows = self->views[LENGTHS].len / 4 / WINDOW + 1, at = 0;
    size_t size = sizeof(ListStats) + sizeof(int32_t) * (size_t)(windows + 1);
    ListStats **page = self->stats[term_id / PAGE];
    if (!page) {
        page = ALLOCATED(calloc(PAGE, sizeof *page));
        if (!page)
            return NULL;
        ITEM(self->stats, pages_of(self), term_id / PAGE) = page;
    }
    ListStats *stats = ALLOCATED(malloc(size));
    if (!stats)
        return NULL;
    self->kept += size;
    find_stats(self, term, stats);
    for (int64_t window = 0; window <= windows; window++) {
        at = seek(term, at, window * WINDOW);
        ITEM(stats->begins, windows + 1, window) = (int32_t)at;
    }
    return ITEM(page, PAGE, term_id % PAGE) = stats;
}

/* Forget the cached statistics, apart from those of frequent terms, which are few. */
static void forget(Layer *self)
{
    int64_t documents = self->views[LENGTHS].len / 4;
    for (int64_t page = 0; page < pages_of(self); page++)
        for (int each = 0; self->stats[page] && each < PAGE; each++)
            if (self->stats[page][each] &&
                listed(self, (int32_t)(page * PAGE + each)) * FREQUENT < documents) {
                free(self->stats[page][each]);
                ITEM(self->stats[page], PAGE, each) = NULL;
            }
    self->kept = 0;
}

/* Set what a term adds to a score, by code and, if `bounded`, at most. */
static void weigh(Layer *self, int32_t term_id, Term *term, int bounded)
{
    const double *shares = self->views[SHARES].buf;
    ListStats here, **page = self->stats[term_id / PAGE], *stats = page ? page[term_id % PAGE] : NULL;
    if (!stats && bounded && term->count >= LONG)
        stats = cached_stats(self, term_id, term);
    term->begins = stats ? stats->begins : NULL;
    memset(term->counts, 1, sizeof term->counts);
    term->counting = 1;
    term->most = 0;
    for (int each = 0; each < 256; each++)
        ITEM(term->table, 256, each) = term->weight * shares[each];
    if (!bounded)
        return;
    if (!stats)
        find_stats(self, term, stats = &here);
    for (int each = 0; each < 256; each++)
        ITEM(term->at_code, 256, each) = term->weight * stats->highest[each];
    term->most = term->at_code[ESCAPE];
    COPY(term->often, 256, 0, stats->often, 256);
}

/* Fill terms with those that the layer has, and set total to the length of their lists. Bounds are
 * computed if that is at least `bounded`. Returns how many there are. */
int terms_of(Layer *self, const int32_t *term_ids, const double *weights, int count,
             int64_t bounded, Term *terms, int64_t *total)
{
    const int64_t *indptr = self->views[INDPTR].buf;
    int found = 0;
    *total = 0;
    for (int each = 0; each < count; each++)
        *total += term_ids[each] < 0 ? 0 : listed(self, term_ids[each]);
    if (self->kept > KEPT + (size_t)self->views[LENGTHS].len / 4)
        if (!self->readers) /* GCOVR_EXCL_BR_WITHOUT_HIT: 1/2 for a thread that searches meanwhile */
            forget(self);
    for (int each = 0; each < count; each++) {
        if (term_ids[each] < 0)
            continue;
        Term *term = &ITEM(terms, count, found++);
        term->id = term_ids[each];
        term->first = indptr[term->id];
        term->count = listed(self, term->id);
        term->docs = (const int32_t *)self->views[DOCS].buf + term->first;
        term->codes = (const uint8_t *)self->views[CODES].buf + term->first;
        term->at = term->begun = term->looked = 0;
        term->weight = weights[each];
        weigh(self, term->id, term, *total >= bounded);
    }
    return found;
}

/* Release the GIL if a search that reads `total` postings takes long enough; `come_back` takes it
 * again. */
PyThreadState *let_others_run(Layer *self, int64_t total)
{
    if (total < ALONE)
        return NULL;
    self->readers++;
    return PyEval_SaveThread();
}

void come_back(Layer *self, PyThreadState *others)
{
    if (others) {
        PyEval_RestoreThread(others);
        self->readers--;
    }
}
