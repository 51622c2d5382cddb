/* The extension module. `bot/search/bm25/_kernels.pyi` documents it. */
#include "searcher.h"

#define VERSION 8 /* the same as in native.py, which says when to raise it */

static PyObject *layer_new(PyTypeObject *type, PyObject *args, PyObject *named)
{
    PyObject *sources[VIEWS];
    const int sizes[VIEWS] = {8, 4, 1, 8, 8, 4, 8, 8, 8, 4, 1, 1, 8, 4, 4};
    (void)named;
    Layer *self = (Layer *)ALLOCATED(PyType_GenericAlloc(type, 0));
    if (!self)
        return PyErr_NoMemory();
    if (!PyArg_ParseTuple(args, "OOOOOOOOOOOOOOOddd", &sources[0], &sources[1], &sources[2],
                          &sources[3], &sources[4], &sources[5], &sources[6], &sources[7],
                          &sources[8], &sources[9], &sources[10], &sources[11], &sources[12],
                          &sources[13], &sources[14], &self->k1, &self->b, &self->avgdl) ||
        get_arrays(sources, self->views, sizes, VIEWS) < 0) {
        Py_DECREF(self);
        return NULL;
    }
    self->has_arrays = 1;
    self->stats = ALLOCATED(calloc((size_t)pages_of(self), sizeof *self->stats));
    if (!self->stats) {
        Py_DECREF(self);
        return PyErr_NoMemory();
    }
    const int64_t *lengths = self->views[OF_CODES].buf;
    int known = 0;
    for (int code = 0; code < ESCAPE; code++) {
        int same = 0;
        while (same < code && lengths[same] != lengths[code])
            same++;
        ITEM(self->lengths, 256, code) = (uint8_t)(same < code ? self->lengths[same] : known++);
    }
    ITEM(self->lengths, 256, ESCAPE) = ESCAPE;
    const double *shares = self->views[SHARES].buf;
    for (int code = 0; code < 256; code++) {
        int at = code;
        for (; at && shares[self->ranked[at - 1]] < shares[code]; at--)
            ITEM(self->ranked, 256, at) = self->ranked[at - 1];
        ITEM(self->ranked, 256, at) = (uint8_t)code;
    }
    return (PyObject *)self;
}

static void layer_dealloc(Layer *self)
{
    PyTypeObject *type = Py_TYPE((PyObject *)self);
    for (int64_t page = 0; self->stats && page < pages_of(self); page++) {
        for (int each = 0; self->stats[page] && each < PAGE; each++)
            free(self->stats[page][each]);
        free(self->stats[page]);
    }
    free(self->stats);
    if (self->has_arrays)
        release_arrays(self->views, VIEWS);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    release(self);
    Py_DECREF(type);
}

static PyType_Slot layer_slots[] = {{Py_tp_doc, (void *)"The arrays of an index."},
                                    {Py_tp_new, (void *)layer_new},
                                    {Py_tp_dealloc, (void *)layer_dealloc},
                                    {0, NULL}};

static PyType_Spec layer_spec = {"bot.search.bm25._kernels.Layer", sizeof(Layer), 0, Py_TPFLAGS_DEFAULT,
                          layer_slots};

/* Put a layer, `item`, with its masks into a stack. Returns -1 with an exception set. */
static int place_layer(Searcher *self, PyObject *item)
{
    Placed *placed = &ITEM(self->placed, self->count + 1, self->count);
    const Placed *before = self->count ? placed - 1 : NULL;
    const int sizes[MASKS] = {1, 4, 8};
    PyObject *layer, *sources[MASKS];
    if (!PyTuple_Check(item) ||
        !PyArg_ParseTuple(item, "OOOO", &layer, &sources[0], &sources[1], &sources[2]) ||
        PyType_GetSlot(Py_TYPE(layer), Py_tp_dealloc) != (void *)layer_dealloc) {
        PyErr_SetString(PyExc_TypeError, "layers with their masks were expected");
        return -1;
    }
    if (get_arrays(sources, placed->views, sizes, MASKS) < 0)
        return -1;
    placed->layer = (Layer *)Py_NewRef(layer);
    placed->start = before ? before->start + before->layer->views[LENGTHS].len / 4 : 0;
    self->count++;
    return 0;
}

static PyObject *searcher_new(PyTypeObject *type, PyObject *args, PyObject *named)
{
    PyObject *layers;
    long long documents;
    (void)named;
    if (!PyArg_ParseTuple(args, "O!L", &PyTuple_Type, &layers, &documents))
        return NULL;
    Searcher *self = (Searcher *)ALLOCATED(PyType_GenericAlloc(type, 0));
    if (!self)
        return PyErr_NoMemory();
    Py_ssize_t count = PyTuple_Size(layers);
    self->documents = documents;
    self->placed = ALLOCATED(calloc((size_t)count + 1, sizeof *self->placed));
    if (!self->placed)
        PyErr_NoMemory();
    for (Py_ssize_t at = 0; self->placed && at < count; at++)
        if (place_layer(self, PyTuple_GetItem(layers, at)) < 0)
            break;
    if (PyErr_Occurred()) {
        Py_DECREF(self);
        return NULL;
    }
    return (PyObject *)self;
}

static void searcher_dealloc(Searcher *self)
{
    PyTypeObject *type = Py_TYPE((PyObject *)self);
    while (self->count-- > 0) {
        release_arrays(self->placed[self->count].views, MASKS);
        Py_DECREF(self->placed[self->count].layer);
    }
    free(self->placed);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    release(self);
    Py_DECREF(type);
}

static PyMethodDef searcher_methods[] = {
    {"ranked", (PyCFunction)searcher_ranked, METH_VARARGS, "Rank documents by BM25 and feedback."},
    {"resolve", (PyCFunction)searcher_resolve, METH_VARARGS, "Look up terms."},
    {"best", (PyCFunction)searcher_best, METH_VARARGS, "Find the best documents."},
    {"match", (PyCFunction)searcher_match, METH_VARARGS, "Find all documents that contain a term."},
    {"added", (PyCFunction)searcher_added, METH_VARARGS, "Score a term in documents."},
    {"learn", (PyCFunction)searcher_learn, METH_VARARGS, "Learn the terms that documents share."},
    {"boosts", (PyCFunction)searcher_boosts, METH_VARARGS, "Score learned terms."},
    {NULL, NULL, 0, NULL}};

static PyType_Slot searcher_slots[] = {
    {Py_tp_doc, (void *)"Searches a stack of layers; see layered.py and feedback.py."},
    {Py_tp_new, (void *)searcher_new},
    {Py_tp_dealloc, (void *)searcher_dealloc},
    {Py_tp_methods, (void *)searcher_methods},
    {0, NULL}};

static PyType_Spec searcher_spec = {"bot.search.bm25._kernels.Searcher", sizeof(Searcher), 0,
                             Py_TPFLAGS_DEFAULT, searcher_slots};

static PyMethodDef functions[] = {
    {"term_starts", term_starts, METH_VARARGS, "Compute where each term's posting list starts."},
    {"inverted", inverted, METH_VARARGS, "Build posting lists."},
#ifdef KERNELS_CHECKED
    {"refuse", refuse, METH_O, "Make an allocation fail; see checked.c."},
#endif
    {NULL, NULL, 0, NULL}};

static int add_type(PyObject *module, const char *name, PyType_Spec *spec)
{
    PyObject *type = ALLOCATED(PyType_FromSpec(spec));
    if (!type) {
        PyErr_NoMemory();
        return -1;
    }
    int added = PyModule_AddObjectRef(module, name, type);
    Py_DECREF(type);
    return added;
}

static int exec_module(PyObject *module)
{
    if (add_type(module, "TermIds", &term_ids_spec) < 0 ||
        add_type(module, "Layer", &layer_spec) < 0 ||
        add_type(module, "Searcher", &searcher_spec) < 0)
        return -1;
    return PyModule_AddIntConstant(module, "VERSION", VERSION);
}

static PyModuleDef_Slot module_slots[] = {{Py_mod_exec, (void *)exec_module}, {0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_kernels", "The kernels of the index.", 0, functions, module_slots,
    NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__kernels(void) { return PyModuleDef_Init(&definition); }
