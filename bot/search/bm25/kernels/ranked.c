/* Ranks documents for the terms of a question, in one call; see Index.search in index.py. */
#include "searcher.h"

/* The CRC-32 of IEEE 802.3, the same as zlib.crc32. */
uint32_t crc32_of(const uint8_t *bytes, int64_t size)
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

/* Return the place of a hash, the first one if it is there repeatedly; -1 if it is not there. */
static int64_t place_of(const Layer *self, uint32_t wanted)
{
    const uint32_t *hashes = self->views[HASHES].buf;
    int64_t count = self->views[HASHES].len / 4, step = 1;
    int64_t low = guess_place(self, wanted), high = low;
    /* The place is near `low`: few cache lines to read. */
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
    return low < count && hashes[low] == wanted ? low : -1;
}

/* Return the id of a term whose hash is at a place and maybe after it; -1 if there is none. */
static int32_t id_from(const Layer *self, int64_t place, const uint8_t *bytes, int64_t size)
{
    const int64_t *starts = self->views[TERM_STARTS].buf;
    const uint32_t *hashes = self->views[HASHES].buf, wanted = hashes[place];
    const int32_t *term_ids = self->views[NUMBERS].buf;
    int64_t count = self->views[HASHES].len / 4;
    for (; place < count && hashes[place] == wanted; place++) {
        int32_t term_id = term_ids[place];
        if (starts[term_id + 1] - starts[term_id] == size &&
            !memcmp(bytes_of(self, term_id), bytes, (size_t)size))
            return term_id;
    }
    return -1;
}

/* Look up a term in the layers where its id is UNKNOWN; it becomes -1 where it is not. `places` has
 * room for each layer. In steps for all layers, each of which prefetches what the next one reads. */
void find_ids(const Searcher *self, const uint8_t *bytes, int64_t size, uint32_t hash,
              int32_t *ids, int64_t *places)
{
    for (int at = 0; at < self->count; at++) {
        const Layer *layer = self->placed[at].layer;
        ITEM(places, self->count, at) = ids[at] == UNKNOWN ? place_of(layer, hash) : -1;
        if (places[at] >= 0)
            prefetch((const int32_t *)layer->views[NUMBERS].buf + places[at]);
        else if (ids[at] == UNKNOWN)
            ITEM(ids, self->count, at) = -1;
    }
    for (int step = 0; step < 2; step++)
        for (int at = 0; at < self->count; at++) {
            if (places[at] < 0)
                continue;
            const Layer *layer = self->placed[at].layer;
            int32_t term_id = ((const int32_t *)layer->views[NUMBERS].buf)[places[at]];
            if (step)
                prefetch(bytes_of(layer, term_id));
            else {
                prefetch((const int64_t *)layer->views[TERM_STARTS].buf + term_id);
                prefetch((const int64_t *)layer->views[INDPTR].buf + term_id);
            }
        }
    for (int at = 0; at < self->count; at++)
        if (places[at] >= 0)
            ITEM(ids, self->count, at) =
                id_from(self->placed[at].layer, places[at], bytes, size);
}

/* Return how many masked documents of a layer contain a term. */
int64_t masked_holding(const Placed *placed, int32_t term_id)
{
    const int32_t *lost = placed->views[LOST].buf;
    int64_t low = 0, high = placed->views[LOST].len / 4, all = high;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (lost[middle] < term_id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < all && lost[low] == term_id ? ((const int64_t *)placed->views[LOST_FROM].buf)[low]
                                             : 0;
}

/* Look up terms, and fill term_ids and weights for those that documents contain; term_ids has room
 * for each in all layers. Adds the length of their lists to total. Returns how many they are; -1
 * with an exception set. */
static int resolve_terms(const Searcher *self, PyObject *terms, int32_t *term_ids, double *weights,
                         int64_t *total)
{
    Py_ssize_t room = PyTuple_Size(terms);
    size_t layers = (size_t)self->count;
    int32_t *ids = ALLOCATED(malloc(sizeof *ids * (layers + 1)));
    int64_t *places = ALLOCATED(malloc(sizeof *places * (layers + 1)));
    int count = 0;
    if (!ids || !places)
        PyErr_NoMemory();
    for (Py_ssize_t each = 0; ids && places && each < room; each++) {
        PyObject *term = PyTuple_GetItem(terms, each);
        PyObject *encoded = PyUnicode_AsEncodedString(term, "utf-8", "surrogatepass");
        if (!encoded)
            break;
        const uint8_t *bytes = (const uint8_t *)PyBytes_AsString(encoded);
        int64_t size = PyBytes_Size(encoded), holding = 0;
        for (int at = 0; at < self->count; at++)
            ITEM(ids, self->count, at) = UNKNOWN;
        find_ids(self, bytes, size, crc32_of(bytes, size), ids, places);
        for (int at = 0; at < self->count; at++) {
            ITEM(term_ids, self->count * room, at * room + count) = ids[at];
            if (ids[at] >= 0) {
                holding += live_holding(&self->placed[at], ids[at]);
                *total += listed(self->placed[at].layer, ids[at]);
            }
        }
        Py_DECREF(encoded);
        if (holding)
            ITEM(weights, room, count++) = idf_of(self, holding);
    }
    free(ids);
    free(places);
    return PyErr_Occurred() ? -1 : count;
}

/* resolve(terms tuple[str], term_ids int32[layers, n], weights float64[n])
 *
 * Looks up n terms. Fills the first columns of term_ids, and weights, for those that documents
 * contain. Returns how many they are, and the length of their lists in total. */
PyObject *searcher_resolve(Searcher *self, PyObject *args)
{
    PyObject *terms, *sources[2];
    Py_buffer views[2];
    const int sizes[2] = {-4, -8};
    int64_t total = 0;
    if (!PyArg_ParseTuple(args, "O!OO", &PyTuple_Type, &terms, &sources[0], &sources[1]) ||
        get_arrays(sources, views, sizes, 2) < 0)
        return NULL;
    int count = resolve_terms(self, terms, views[0].buf, views[1].buf, &total);
    release_arrays(views, 2);
    return count < 0 ? NULL : Py_BuildValue("iL", count, (long long)total);
}

/* ranked(terms list[str], feedback, first, learned, least, depth, docs int64[k], scores float64[k])
 *
 * Fills docs and scores with the best k documents. Returns how many were found. `feedback` is the
 * weight of feedback; 0 turns it off. It learns up to `learned` terms from the best `first`
 * documents, each in at least `least` documents, and adds to the best max(k, depth) scores. */
PyObject *searcher_ranked(Searcher *self, PyObject *args)
{
    PyObject *asked_terms, *sources[2], *result = NULL;
    Py_buffer views[2];
    const int sizes[2] = {-8, -8};
    double feedback, weights[LEARNED];
    Py_ssize_t first, learned, least, depth;
    if (!PyArg_ParseTuple(args, "OdnnnnOO", &asked_terms, &feedback, &first, &learned, &least,
                          &depth, &sources[0], &sources[1]) ||
        get_arrays(sources, views, sizes, 2) < 0)
        return NULL;
    /* Copy the list: another thread could change it while a term is encoded. */
    PyObject *terms = PySequence_Tuple(asked_terms);
    int64_t k = views[0].len / 8, found = -1, total = 0, most = feedback && depth > k ? depth : k;
    Py_ssize_t count = terms ? PyTuple_Size(terms) : 0;
    size_t layers = (size_t)self->count;
    int32_t *asked_for = ALLOCATED(malloc(sizeof *asked_for * layers * (size_t)(count + 1)));
    int32_t *term_ids = ALLOCATED(malloc(sizeof *term_ids * layers * LEARNED));
    double *idf = ALLOCATED(malloc(sizeof *idf * (size_t)(count + 1)));
    int64_t *docs = ALLOCATED(malloc(sizeof *docs * (size_t)(most + 1)));
    double *scores = ALLOCATED(malloc(sizeof *scores * (size_t)(most + 1)));
    double *added = ALLOCATED(malloc(sizeof *added * (size_t)(most + 1)));
    Best best = {ALLOCATED(malloc(sizeof *best.heap * (size_t)(k + 1))), k, 0, -INFINITY};
    if (!terms)
        goto end;
    if (learned < 0 || learned > LEARNED) {
        PyErr_SetString(PyExc_ValueError, "too many learned terms");
        goto end;
    }
    if (!asked_for || !term_ids || !idf || !docs || !scores || !added || !best.heap) {
        PyErr_NoMemory();
        goto end;
    }
    int there = resolve_terms(self, terms, asked_for, idf, &total);
    if (there < 0)
        goto end;
    if (!feedback) {
        found = find_best(self, asked_for, count, idf, there, k, views[0].buf, views[1].buf);
        goto end;
    }
    found = find_best(self, asked_for, count, idf, there, most, docs, scores);
    if (found > 0 && k) {
        prefetch_docs(self, docs, found);
        int64_t shared = find_shared(self, docs, scores, found < first ? found : first, least,
                                     learned, term_ids, weights);
        if (shared < 0 || find_boosts(self, term_ids, learned, weights, (int)shared, docs, found,
                                      added) < 0) {
            found = -1;
            goto end;
        }
        for (int64_t each = 0; each < found; each++)
            offer(&best, scores[each] + feedback * added[each], docs[each]);
        found = drain(&best, views[0].buf, views[1].buf);
    }
end:
    if (found >= 0)
        result = PyLong_FromLongLong(k ? found : 0);
    Py_XDECREF(terms);
    free(asked_for);
    free(term_ids);
    free(idf);
    free(docs);
    free(scores);
    free(added);
    free(best.heap);
    release_arrays(views, 2);
    return result;
}
