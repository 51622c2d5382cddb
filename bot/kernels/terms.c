/* The terms of a question, ready to be added up; see bm25.py. */
#include "searcher.h"

#define LONG 4096 /* postings whose highest shares are sooner kept than found */

/* The number of a length; ESCAPE where no code has it. */
static int number_of(const Searcher *self, int64_t length)
{
    const int64_t *lengths = self->views[OF_CODES].buf;
    for (int code = 0; code < ESCAPE; code++)
        if (lengths[code] == length)
            return self->lengths[code];
    return ESCAPE;
}

/* The highest share of a term in documents of each length, by its number, or a little more; for
 * ESCAPE, of any length. */
static void find_highest(const Searcher *self, const Term *term, float *highest)
{
    const double *shares = self->views[SHARES].buf, up = 1 + 1e-6; /* whatever the rounding */
    const int64_t *escaped = self->views[ESCAPED].buf, *tf = self->views[ESCAPED_TF].buf;
    const int32_t *lengths = self->views[LENGTHS].buf;
    uint8_t there[256] = {0};
    double found[256] = {0};
    for (int64_t at = 0; at < term->count; at++)
        there[term->codes[at]] = 1;
    for (int code = 0; code < ESCAPE; code++)
        if (there[code] && shares[code] > found[self->lengths[code]])
            found[self->lengths[code]] = shares[code];
    for (int64_t at = there[ESCAPE] ? escape_from(self, term->first) : INT64_MAX;
         at < self->views[ESCAPED].len / 8 && escaped[at] < term->first + term->count; at++) {
        int64_t length = lengths[term->docs[escaped[at] - term->first]];
        double share = share_of(self, tf[at], length);
        int number = number_of(self, length);
        if (share > found[number])
            found[number] = share;
    }
    for (int length = 0; length < ESCAPE; length++)
        if (found[length] > found[ESCAPE])
            found[ESCAPE] = found[length];
    for (int length = 0; length < 256; length++)
        highest[length] = (float)(found[length] * up);
}

/* What a term adds by each code, and at most. */
static void weigh(Searcher *self, int32_t number, Term *term)
{
    const double *shares = self->views[SHARES].buf;
    float here[256], *highest = self->highest[number];
    if (!highest) {
        find_highest(self, term, highest = here);
        if (term->count >= LONG && (self->highest[number] = malloc(sizeof here)))
            memcpy(self->highest[number], here, sizeof here);
    }
    for (int each = 0; each < 256; each++) {
        term->table[each] = term->weight * shares[each];
        term->at_length[each] = term->weight * highest[each];
    }
    term->most = term->at_length[ESCAPE];
    memset(term->counts, 1, sizeof term->counts);
    term->counting = 1;
}

/* The terms with these numbers and weights; to be freed. */
Term *terms_of(Searcher *self, const int32_t *numbers, const double *weights, int count,
                      int64_t *total)
{
    const int64_t *indptr = self->views[INDPTR].buf;
    Term *terms = malloc(sizeof *terms * (size_t)(count + 1));
    *total = 0;
    if (!terms) {
        PyErr_NoMemory();
        return NULL;
    }
    for (int each = 0; each < count; each++) {
        Term *term = &terms[each];
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
