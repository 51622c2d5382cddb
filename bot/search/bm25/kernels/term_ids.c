/* Turns texts into term ids, with a cache of chunks; see term_ids.py. */
#include "kernels.h"

#define LONGEST_CHUNK 64 /* bytes of the longest chunk to cache */

typedef struct {
    uint32_t hash;
    uint32_t text;  /* where its bytes start in `text` */
    uint32_t size;  /* how many bytes it has */
    uint32_t first; /* where its term ids start in `cached` */
    uint32_t count; /* how many term ids it has */
} Chunk;

typedef struct {
    PyObject_HEAD
    PyObject *read; /* the callable that analyzes a chunk */
    size_t most;    /* the most chunks to cache */
    Chunk *chunks;  /* the cached chunks */
    size_t chunks_room, chunk_count;
    uint32_t *slots; /* hash table: the chunk's index + 1; 0 if empty */
    size_t slot_count;
    char *text; /* the bytes of the cached chunks */
    size_t text_room, text_size;
    int32_t *cached; /* the term ids of the cached chunks */
    size_t cached_room, cached_count;
    int32_t *ids; /* the term ids to return from `take` */
    size_t ids_room, id_count;
} TermIds;

static uint32_t hash_of(const char *bytes, size_t size)
{
    uint64_t hash = 0x9E3779B97F4A7C15u ^ size, word;
    while (size >= 8) {
        memcpy(&word, bytes, 8);
        hash = (hash ^ word) * 0xD6E8FEB86659FD93u;
        hash ^= hash >> 32;
        bytes += 8;
        size -= 8;
    }
    word = 0;
    memcpy(&word, bytes, size);
    hash = (hash ^ word) * 0xD6E8FEB86659FD93u;
    hash ^= hash >> 32;
    hash *= 0xD6E8FEB86659FD93u;
    return (uint32_t)(hash >> 32);
}

/* Return the size in bytes of the white space at `at`, by str.split's definition; 0 if it is none.
 * The text is valid UTF-8, so characters are complete. */
static int space_at(const unsigned char *at)
{
    unsigned char first = at[0];
    if (first < 0x80)
        return first == ' ' || (first >= 9 && first <= 13) || (first >= 28 && first <= 31);
    if (first == 0xC2)
        return at[1] == 0x85 || at[1] == 0xA0 ? 2 : 0;
    if (first < 0xE1 || first > 0xE3)
        return 0;
    if (first == 0xE1)
        return at[1] == 0x9A && at[2] == 0x80 ? 3 : 0;
    if (first == 0xE3)
        return at[1] == 0x80 && at[2] == 0x80 ? 3 : 0;
    if (at[1] == 0x80)
        return at[2] <= 0x8A || at[2] == 0xA8 || at[2] == 0xA9 || at[2] == 0xAF ? 3 : 0;
    return at[1] == 0x81 && at[2] == 0x9F ? 3 : 0;
}

static PyObject *term_ids_new(PyTypeObject *type, PyObject *args, PyObject *named)
{
    PyObject *read;
    Py_ssize_t most;
    (void)named;
    if (!PyArg_ParseTuple(args, "On", &read, &most))
        return NULL;
    if (most < 1 || most > (1 << 26)) {
        PyErr_SetString(PyExc_ValueError, "chunks to remember: 1 to 67,108,864");
        return NULL;
    }
    TermIds *self = (TermIds *)ALLOCATED(PyType_GenericAlloc(type, 0));
    if (!self)
        return PyErr_NoMemory();
    Py_INCREF(read);
    self->read = read;
    self->most = (size_t)most;
    self->slot_count = 2;
    while (self->slot_count < 2 * self->most)
        self->slot_count *= 2;
    self->slots = ALLOCATED(calloc(self->slot_count, sizeof *self->slots));
    if (!self->slots) {
        Py_DECREF(self);
        return PyErr_NoMemory();
    }
    return (PyObject *)self;
}

static void term_ids_dealloc(TermIds *self)
{
    PyTypeObject *type = Py_TYPE((PyObject *)self);
    PyObject_GC_UnTrack(self);
    Py_XDECREF(self->read);
    free(self->chunks);
    free(self->slots);
    free(self->text);
    free(self->cached);
    free(self->ids);
    PyObject_GC_Del(self);
    Py_DECREF(type);
}

static int term_ids_traverse(TermIds *self, visitproc visit, void *arg)
{
    PyObject *type = (PyObject *)Py_TYPE((PyObject *)self);
    Py_VISIT(self->read); /* GCOVR_EXCL_BR_WITHOUT_HIT: 1/4 for NULL, which is only after a clear */
    Py_VISIT(type); /* GCOVR_EXCL_BR_WITHOUT_HIT: 1/4 for NULL, and every object has a type */
    return 0;
}

static int term_ids_clear(TermIds *self)
{
    Py_CLEAR(self->read); /* GCOVR_EXCL_BR_WITHOUT_HIT: 1/2 the collector clears nothing twice */
    return 0;
}

static void forget_chunks(TermIds *self)
{
    memset(self->slots, 0, self->slot_count * sizeof *self->slots);
    self->chunk_count = self->text_size = self->cached_count = 0;
}

/* Append to the ids that `take` will return. Returns -1 with an exception set. */
static int append_ids(TermIds *self, const int32_t *ids, size_t count)
{
    if (ensure_room((void **)&self->ids, &self->ids_room, self->id_count + count, sizeof *ids))
        return -1;
    if (count)
        COPY(self->ids, self->ids_room, self->id_count, ids, count);
    self->id_count += count;
    return 0;
}

/* Analyze a chunk that is not in the cache, append its term ids, and cache it if it is short. */
static int read_chunk(TermIds *self, const char *bytes, size_t size, uint32_t hash)
{
    PyObject *found = PyObject_CallFunction(self->read, "s#", bytes, (Py_ssize_t)size);
    if (!found)
        return -1;
    Py_ssize_t count = PySequence_Size(found);
    size_t before = self->id_count;
    for (Py_ssize_t at = 0; at < count; at++) {
        PyObject *each = PySequence_GetItem(found, at);
        long id = each ? PyLong_AsLong(each) : -1;
        Py_XDECREF(each);
        int32_t term_id = (int32_t)id;
        if (PyErr_Occurred() || append_ids(self, &term_id, 1) < 0) {
            Py_DECREF(found);
            return -1;
        }
    }
    Py_DECREF(found);
    if (count < 0)
        return -1;
    if (size > LONGEST_CHUNK)
        return 0;
    if (self->chunk_count >= self->most)
        forget_chunks(self); /* frequent chunks are soon cached again */
    if (ensure_room((void **)&self->chunks, &self->chunks_room, self->chunk_count + 1,
                    sizeof(Chunk)) ||
        ensure_room((void **)&self->text, &self->text_room, self->text_size + size, 1) ||
        ensure_room((void **)&self->cached, &self->cached_room, self->cached_count + (size_t)count,
                    sizeof(int32_t)))
        return -1;
    COPY(self->text, self->text_room, self->text_size, bytes, size);
    if (count)
        COPY(self->cached, self->cached_room, self->cached_count, self->ids + before, count);
    ITEM(self->chunks, self->chunks_room, self->chunk_count++) =
        (Chunk){hash, (uint32_t)self->text_size, (uint32_t)size, (uint32_t)self->cached_count,
                (uint32_t)count};
    self->text_size += size;
    self->cached_count += (size_t)count;
    size_t slot = hash & (self->slot_count - 1);
    while (self->slots[slot])
        slot = (slot + 1) & (self->slot_count - 1);
    ITEM(self->slots, self->slot_count, slot) = (uint32_t)self->chunk_count;
    return 0;
}

/* Append the term ids of a chunk, from the cache if possible. */
static int append_chunk(TermIds *self, const char *bytes, size_t size)
{
    uint32_t hash = hash_of(bytes, size);
    size_t slot = hash & (self->slot_count - 1);
    for (; self->slots[slot]; slot = (slot + 1) & (self->slot_count - 1)) {
        const Chunk *known = &self->chunks[self->slots[slot] - 1];
        if (known->hash == hash && known->size == size &&
            !memcmp(self->text + known->text, bytes, size))
            return append_ids(self, self->cached + known->first, known->count);
    }
    return read_chunk(self, bytes, size, hash);
}

static PyObject *term_ids_add(TermIds *self, PyObject *text)
{
    Py_ssize_t size;
    const char *bytes = PyUnicode_AsUTF8AndSize(text, &size);
    if (!bytes)
        return NULL;
    size_t before = self->id_count;
    const unsigned char *at = (const unsigned char *)bytes, *end = at + size;
    while (at < end) {
        int space = space_at(at);
        if (space) {
            at += space;
            continue;
        }
        const unsigned char *begin = at++;
        while (at < end && !space_at(at))
            at++;
        if (append_chunk(self, (const char *)begin, (size_t)(at - begin)) < 0)
            return NULL;
    }
    return PyLong_FromSize_t(self->id_count - before);
}

static PyObject *term_ids_take(TermIds *self, PyObject *nothing)
{
    (void)nothing;
    Py_ssize_t size = (Py_ssize_t)(self->id_count * sizeof(int32_t));
    PyObject *ids = ALLOCATED(PyBytes_FromStringAndSize((const char *)self->ids, size));
    if (!ids)
        return PyErr_NoMemory();
    self->id_count = 0;
    return ids;
}

static PyMethodDef term_ids_methods[] = {
    {"add", (PyCFunction)term_ids_add, METH_O, "Add a text. Returns how many terms it has."},
    {"take", (PyCFunction)term_ids_take, METH_NOARGS, "Return the ids since the last call: int32."},
    {NULL, NULL, 0, NULL}};

static PyType_Slot term_ids_slots[] = {
    {Py_tp_doc, (void *)"Turns texts into term ids; see term_ids.py."},
    {Py_tp_new, (void *)term_ids_new},
    {Py_tp_dealloc, (void *)term_ids_dealloc},
    {Py_tp_traverse, (void *)term_ids_traverse},
    {Py_tp_clear, (void *)term_ids_clear},
    {Py_tp_methods, (void *)term_ids_methods},
    {0, NULL}};

PyType_Spec term_ids_spec = {"bot.search.bm25._kernels.TermIds", sizeof(TermIds), 0,
                              Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC, term_ids_slots};
