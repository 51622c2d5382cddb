/* The terms of a question, ready to be added up; see scoring.py. */
#include "searcher.h"

#define LONG 1024 /* postings of which it is sooner kept what they are than found */

/* The number of a length; ESCAPE where no code has it. */
static int number_of(const Searcher *self, int64_t length)
{
    const int64_t *lengths = self->views[OF_CODES].buf;
    for (int code = 0; code < ESCAPE; code++)
        if (lengths[code] == length)
            return self->lengths[code];
    return ESCAPE;
}

/* Of a term's list how often each code is there, and its highest share in documents of each length,
 * or a little more; for ESCAPE, of any length. */
static void find_known(const Searcher *self, const Term *term, Known *known)
{
    const double *shares = self->views[SHARES].buf, up = 1 + 1e-6; /* whatever the rounding */
    const int64_t *escaped = self->views[ESCAPED].buf, *tf = self->views[ESCAPED_TF].buf;
    const int32_t *lengths = self->views[LENGTHS].buf;
    double found[256] = {0};
    memset(known->often, 0, sizeof known->often);
    for (int64_t at = 0; at < term->count; at++)
        ITEM(known->often, 256, term->codes[at])++;
    for (int code = 0; code < ESCAPE; code++)
        if (known->often[code] && shares[code] > found[self->lengths[code]])
            ITEM(found, 256, self->lengths[code]) = shares[code];
    for (int64_t at = known->often[ESCAPE] ? escape_from(self, term->first) : INT64_MAX;
         at < self->views[ESCAPED].len / 8 && escaped[at] < term->first + term->count; at++) {
        int64_t length = lengths[term->docs[escaped[at] - term->first]];
        double share = share_of(self, tf[at], length);
        int number = number_of(self, length);
        if (share > found[number])
            ITEM(found, 256, number) = share;
    }
    for (int length = 0; length < ESCAPE; length++)
        if (found[length] > found[ESCAPE])
            ITEM(found, 256, ESCAPE) = found[length];
    for (int code = 0; code < 256; code++)
        ITEM(known->highest, 256, code) = (float)(found[self->lengths[code]] * up);
}

/* What is known of a term's list, found and kept; none without memory. */
static Known *kept(Searcher *self, int32_t number, const Term *term)
{
    int64_t windows = self->views[LENGTHS].len / 4 / WINDOW + 1, at = 0;
    Known *known = ALLOCATED(malloc(sizeof *known + sizeof *known->begins * (size_t)(windows + 1)));
    if (!known)
        return NULL;
    find_known(self, term, known);
    for (int64_t window = 0; window <= windows; window++) {
        at = sought(term, at, window * WINDOW);
        ITEM(known->begins, windows + 1, window) = (int32_t)at;
    }
    return ITEM(self->known, self->views[INDPTR].len / 8 - 1, number) = known;
}

/* What a term adds by each code, and at most. */
static void weigh(Searcher *self, int32_t number, Term *term)
{
    const double *shares = self->views[SHARES].buf;
    Known here, *known = self->known[number];
    if (!known && term->count >= LONG)
        known = kept(self, number, term);
    term->begins = known ? known->begins : NULL;
    if (!known)
        find_known(self, term, known = &here);
    for (int each = 0; each < 256; each++) {
        ITEM(term->table, 256, each) = term->weight * shares[each];
        ITEM(term->at_code, 256, each) = term->weight * known->highest[each];
    }
    term->most = term->at_code[ESCAPE];
    COPY(term->often, 256, 0, known->often, 256);
    memset(term->counts, 1, sizeof term->counts);
    term->counting = 1;
}

/* The terms with these numbers and weights; to be freed. */
Term *terms_of(Searcher *self, const int32_t *numbers, const double *weights, int count,
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
        int64_t first = indptr[numbers[each]];
        term->first = first;
        term->count = indptr[numbers[each] + 1] - first;
        term->docs = (const int32_t *)self->views[DOCS].buf + first;
        term->codes = (const uint8_t *)self->views[CODES].buf + first;
        term->at = term->begun = term->looked = 0;
        term->weight = weights[each];
        weigh(self, numbers[each], term);
        *total += term->count;
    }
    return terms;
}
