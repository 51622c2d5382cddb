"""Tests of choosing the kernels, if they are built."""

from __future__ import annotations

import pytest

from bot.search.bm25 import native
from bot.search.index import Index
from tests.kernels import without_kernels


def test_an_index_is_searched_by_the_kernels_where_they_are_built() -> None:
    assert (Index([["ai"]]).searcher is None) is (native.kernels is None)


def test_without_kernels_there_is_no_searcher() -> None:
    with without_kernels():
        assert native.searcher([], 0) is None
        assert Index([["ai"]]).searcher is None


def test_the_kernels_that_were_built_are_of_this_version() -> None:
    built = pytest.importorskip("bot.search.bm25._kernels")
    assert built.VERSION == native.VERSION
    assert native.kernels is not None
