/* From the terms of a question to the ranked documents in one go; see Index.search in index.py. */
#include "searcher.h"

/* The CRC-32 of IEEE 802.3, as zlib has it. */
static uint32_t crc32_of(const uint8_t *bytes, Py_ssize_t size)
{
    static const uint32_t table[16] = {
        0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC, 0x76DC4190, 0x6B6B51F4,
        0x4DB26158, 0x5005713C, 0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C,
        0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C};
    uint32_t crc = 0xFFFFFFFF;
    for (; size--; bytes++) {
        crc ^= *bytes;
        crc = table[crc & 15] ^ (crc >> 4);
        crc = table[crc & 15] ^ (crc >> 4);
    }
    return ~crc;
}

/* The number of a term, as vocabulary.py finds it; -1 where there is none. */
static int32_t number_of_term(const Searcher *self, const uint8_t *bytes, Py_ssize_t size)
{
    const uint8_t *data = self->views[TERMS].buf;
    const int64_t *starts = self->views[TERM_STARTS].buf;
    const uint32_t *hashes = self->views[HASHES].buf, wanted = crc32_of(bytes, size);
    const int32_t *numbers = self->views[NUMBERS].buf;
    int64_t count = self->views[HASHES].len / 4, step = 1;
    int64_t low = (int64_t)((uint64_t)wanted * (uint64_t)count >> 32), high = low;
    /* Hashes are spread evenly: it is near here, and what is in between is in few lines of memory. */
    for (; low > 0 && hashes[low] >= wanted; step *= 2)
        low = low > step ? low - step : 0;
    for (step = 1; high < count && hashes[high] < wanted; step *= 2)
        high = high + step < count ? high + step : count;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (hashes[middle] < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < count && hashes[low] == wanted; low++) {
        int32_t number = numbers[low];
        if (starts[number + 1] - starts[number] == size &&
            !memcmp(data + starts[number], bytes, (size_t)size))
            return number;
    }
    return -1;
}

/* Fill numbers and weights, which have room for as many as terms, with those of the terms that are
 * there; how many, below 0 on failure. */
static int asked(const Searcher *self, PyObject *terms, int32_t *numbers, double *weights)
{
    Py_ssize_t room = PyTuple_Size(terms);
    const int64_t *indptr = self->views[INDPTR].buf;
    int count = 0;
    for (Py_ssize_t each = 0; each < room; each++) {
        PyObject *term = PyTuple_GetItem(terms, each);
        PyObject *bytes = PyUnicode_AsEncodedString(term, "utf-8", "surrogatepass");
        if (!bytes)
            return -1;
        int32_t number =
            number_of_term(self, (const uint8_t *)PyBytes_AsString(bytes), PyBytes_Size(bytes));
        Py_DECREF(bytes);
        if (number < 0)
            continue;
        ITEM(numbers, room, count) = number;
        ITEM(weights, room, count++) = idf_of(self, indptr[number + 1] - indptr[number]);
    }
    return count;
}

/* ranked(terms list of str, feedback, first, learned, least, depth, docs int64[k], scores float64[k])
 * -> how many are found. `feedback` is what the words that the first documents share count for the
 * best `depth`; 0 leaves it out. */
PyObject *searcher_ranked(Searcher *self, PyObject *args)
{
    PyObject *asked_terms, *sources[2], *made = NULL;
    Py_buffer views[2];
    const int sizes[2] = {-8, -8};
    double feedback, weights[LEARNED];
    int32_t numbers[LEARNED];
    Py_ssize_t first, learned, least, depth;
    if (!PyArg_ParseTuple(args, "OdnnnnOO", &asked_terms, &feedback, &first, &learned, &least, &depth,
                          &sources[0], &sources[1]) ||
        all_shown(sources, views, sizes, 2) < 0)
        return NULL;
    /* A copy that nothing changes meanwhile: encoding a term may let other threads run. */
    PyObject *terms = PySequence_Tuple(asked_terms);
    int64_t k = views[0].len / 8, found = -1, most = feedback && depth > k ? depth : k;
    Py_ssize_t count = terms ? PyTuple_Size(terms) : 0;
    int32_t *asked_for = ALLOCATED(malloc(sizeof *asked_for * (size_t)(count + 1)));
    double *idf = ALLOCATED(malloc(sizeof *idf * (size_t)(count + 1)));
    int64_t *docs = ALLOCATED(malloc(sizeof *docs * (size_t)(most + 1)));
    double *scores = ALLOCATED(malloc(sizeof *scores * (size_t)(most + 1)));
    double *added = ALLOCATED(malloc(sizeof *added * (size_t)(most + 1)));
    Best best = {ALLOCATED(malloc(sizeof *best.heap * (size_t)(k + 1))), k, 0, -INFINITY};
    if (!terms)
        goto end;
    if (learned < 0 || learned > LEARNED) {
        PyErr_SetString(PyExc_ValueError, "so many terms are never learned");
        goto end;
    }
    if (!asked_for || !idf || !docs || !scores || !added || !best.heap) {
        PyErr_NoMemory();
        goto end;
    }
    int there = asked(self, terms, asked_for, idf);
    if (there < 0)
        goto end;
    if (!feedback) {
        found = there ? find_best(self, asked_for, idf, there, k, views[0].buf, views[1].buf) : 0;
        goto end;
    }
    found = there ? find_best(self, asked_for, idf, there, most, docs, scores) : 0;
    if (found > 0 && k) {
        bring(self, docs, found);
        int64_t shared = find_shared(self, docs, scores, found < first ? found : first, least,
                                     learned, numbers, weights);
        if (shared < 0) {
            found = -1;
            goto end;
        }
        find_boosts(self, numbers, weights, (int)shared, docs, found, added);
        for (int64_t each = 0; each < found; each++)
            offer(&best, scores[each] + feedback * added[each], docs[each]);
        found = emptied(&best, views[0].buf, views[1].buf);
    }
end:
    if (found >= 0)
        made = PyLong_FromLongLong(k ? found : 0);
    Py_XDECREF(terms);
    free(asked_for);
    free(idf);
    free(docs);
    free(scores);
    free(added);
    free(best.heap);
    done_with(views, 2);
    return made;
}
