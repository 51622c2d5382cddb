/* Prepares the terms of a query: their weights and upper bounds; see scoring.py. */
#include "searcher.h"

#define LONG 1024 /* postings from which on a list's statistics are cached */

/* Return the class of a document length; ESCAPE if no code has that length. */
static int length_class(const Searcher *self, int64_t length)
{
    const int64_t *lengths = self->views[OF_CODES].buf;
    for (int code = 0; code < ESCAPE; code++)
        if (lengths[code] == length)
            return self->lengths[code];
    return ESCAPE;
}

/* Compute the statistics of a term's list: how often each code occurs, and an upper bound of the
 * share in documents of each code's length; for ESCAPE, of any length. */
static void find_stats(const Searcher *self, const Term *term, ListStats *stats)
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
static ListStats *cached_stats(Searcher *self, int32_t term_id, const Term *term)
{
    int64_t windows = self->views[LENGTHS].len / 4 / WINDOW + 1, at = 0;
    ListStats *stats =
        ALLOCATED(malloc(sizeof *stats + sizeof *stats->begins * (size_t)(windows + 1)));
    if (!stats)
        return NULL;
    find_stats(self, term, stats);
    for (int64_t window = 0; window <= windows; window++) {
        at = seek(term, at, window * WINDOW);
        ITEM(stats->begins, windows + 1, window) = (int32_t)at;
    }
    return ITEM(self->stats, self->views[INDPTR].len / 8 - 1, term_id) = stats;
}

/* Set what a term adds to a score, by code and at most. */
static void weigh(Searcher *self, int32_t term_id, Term *term)
{
    const double *shares = self->views[SHARES].buf;
    ListStats here, *stats = self->stats[term_id];
    if (!stats && term->count >= LONG)
        stats = cached_stats(self, term_id, term);
    term->begins = stats ? stats->begins : NULL;
    if (!stats)
        find_stats(self, term, stats = &here);
    for (int each = 0; each < 256; each++) {
        ITEM(term->table, 256, each) = term->weight * shares[each];
        ITEM(term->at_code, 256, each) = term->weight * stats->highest[each];
    }
    term->most = term->at_code[ESCAPE];
    COPY(term->often, 256, 0, stats->often, 256);
    memset(term->counts, 1, sizeof term->counts);
    term->counting = 1;
}

/* Return the terms with these ids and weights, and set total to the length of their lists. The
 * caller frees the result. Returns NULL with an exception set. */
Term *terms_of(Searcher *self, const int32_t *term_ids, const double *weights, int count,
               int64_t *total)
{
    const int64_t *indptr = self->views[INDPTR].buf;
    Term *terms = ALLOCATED(malloc(sizeof *terms * (size_t)(count + 1)));
    *total = 0;
    if (!terms) {
        PyErr_NoMemory();
        return NULL;
    }
    for (int each = 0; each < count; each++) {
        Term *term = &ITEM(terms, count, each);
        int64_t first = indptr[term_ids[each]];
        term->first = first;
        term->count = indptr[term_ids[each] + 1] - first;
        term->docs = (const int32_t *)self->views[DOCS].buf + first;
        term->codes = (const uint8_t *)self->views[CODES].buf + first;
        term->at = term->begun = term->looked = 0;
        term->weight = weights[each];
        weigh(self, term_ids[each], term);
        *total += term->count;
    }
    return terms;
}
