"""A layer: what it is built from, merged from, and read from."""

from __future__ import annotations

import weakref

import numpy as np
import pytest

from bot.library.snapshot import layer
from bot.library.snapshot.layer import Layer, merging
from bot.library.snapshot.origins import Origins
from tests.library.snapshot.shelf import CAFE, PORTS, RICE, Shelf, snapshot_of
from tests.strategies import families_of

NONE = Origins.of((), ())


def test_progress_is_told_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layer, "PROGRESS_EVERY", 2)
    told: list[int] = []
    Layer.build(families_of((PORTS, RICE, CAFE), first=10), NONE, told.append)
    assert told == [0, 2]


def test_a_layer_comes_back_from_its_arrays() -> None:
    shelf = Shelf()
    dump = shelf.add(PORTS, RICE)
    made = Layer.build(families_of((PORTS, RICE)), Origins.of([dump], [shelf.roots([dump])]))
    again = Layer.from_arrays(made.name, *made.to_arrays())
    assert again.name == made.name
    assert [*again.catalogue] == [*made.catalogue]
    assert [*again.words] == [*made.words]
    assert again.index.document_frequency("port") == 1
    assert again.filter_columns.has("from", "anna")
    assert again.names.folded[1] == made.names.folded[1]
    assert again.origins.are_of([dump]).tolist() == [True, True]


def test_each_term_of_merged_layers_keeps_the_word_of_the_first_that_has_it() -> None:
    one, other = (snapshot_of(each).parts[0].layer for each in (CAFE, PORTS))
    nothing_gone = [np.array([False])] * 2
    made = Layer.merged([one, other], nothing_gone, ())
    words = dict(zip(made.index.postings, made.words, strict=True))
    assert words["port"] == "port"  # the café's; the other layer has Ports
    assert words["tariff"] == "tariffs"
    left = Layer.merged([one, other], [np.array([True]), np.array([False])], ())
    assert dict(zip(left.index.postings, left.words, strict=True))["port"] == "Ports"
    assert "cafe" not in left.index.postings


def test_no_array_of_merged_layers_is_kept_while_the_others_are_made() -> None:
    layers = [snapshot_of(each).parts[0].layer for each in (CAFE, PORTS)]
    _, parts = merging(layers, [np.array([False])] * 2, ())
    known: list[list[weakref.ref[object]]] = [[], []]
    names: set[str] = set()
    for some in parts:
        # What a part was made from may serve for the next one, too.
        assert not any(each() is not None for each in known[-2])
        known.append([weakref.ref(each) for each in some.values()])
        names |= some.keys()
        del some
    assert names == layers[0].to_arrays()[1].keys()
