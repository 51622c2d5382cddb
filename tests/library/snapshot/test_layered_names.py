"""The names of the threads of a stack, seen as one."""

from __future__ import annotations

import numpy as np
import pytest

from bot.library.snapshot.layered import LayeredCatalogue
from bot.library.snapshot.layered_names import LayeredNames
from bot.thread_ids import key64, normalised
from tests.library.snapshot.shelf import PORTS, RICE
from tests.library.snapshot.test_layered import stack


def names(gone: tuple[bool, bool] | None = None) -> LayeredNames:
    parts = stack(gone)
    return LayeredNames(LayeredCatalogue(parts), parts)


def test_threads_are_found_by_links_and_titles() -> None:
    assert names().linked(key64("x:1900")) == [0]
    assert names().titled(key64(normalised(RICE.title))) == [1]
    assert names().titled(key64("zebra")) == []
    assert names().may_know(np.array([key64("x:1900"), 5])).tolist() == [True, False]


def test_threads_whose_titles_have_beginnings_of_words_are_in_order() -> None:
    assert names().holding("po", None) == [0, 2]  # ports, then the café of the port
    assert names().holding("po", 1) == [0]
    assert names().holding("po zebra", None) == []


def test_titles_have_all_the_words() -> None:
    assert sorted(names().with_words(["port"])) == [0, 2]
    assert names().with_words(["port", "tariff"]) == [0]
    assert names().with_words(["zebra"]) == []


@pytest.mark.parametrize("typed", ["po", "ports quiet"])
def test_masked_threads_are_not_found(typed: str) -> None:
    masked = names((True, False))
    assert 0 not in masked.holding(typed, None)
    assert masked.linked(key64("x:1900")) == []
    assert masked.titled(key64(normalised(PORTS.title))) == []
