"""The threads of a stack, seen as one; `test_stacking.py` compares them with a single layer."""

from __future__ import annotations

import numpy as np
import pytest

from bot.library.snapshot.catalogue import number_of
from bot.library.snapshot.layered import LayeredCatalogue, LayeredFilterColumns, Part
from bot.library.snapshot.snapshot import Snapshot
from bot.search.analyzer import Analyzer
from bot.search.query import Filters, parse
from bot.thread_ids import key64
from tests.library.snapshot.shelf import CAFE, PORTS, RICE, snapshot_of
from tests.strategies import families_of, thread


def stack(gone: tuple[bool, bool] | None = None) -> list[Part]:
    """Two layers: ports and rice, and between them in order the café; with the first masked."""
    lower = Snapshot.build(1, families_of((PORTS,), 10) + families_of((RICE,), 12)).parts[0].layer
    upper = Snapshot.build(1, families_of((CAFE,), 11)).parts[0].layer
    return [Part(lower, None if gone is None else np.array(gone)), Part(upper)]


def columns_of(parts: list[Part]) -> LayeredFilterColumns:
    pairs = ((each.layer.filter_columns, each.tweets_gone()) for each in parts)
    return LayeredFilterColumns(list(pairs))


def filters(question: str) -> Filters:
    return parse(question, Analyzer()).filters


def test_threads_are_in_the_order_of_their_rows_whatever_their_layers() -> None:
    catalogue = LayeredCatalogue(stack())
    assert catalogue.numbers().tolist() == [0, 2, 1]
    assert [each.summary.title for each in catalogue] == [PORTS.title, CAFE.title, RICE.title]
    assert (catalogue.first(2), catalogue.in_order([1, 2, 1])) == ([0, 2], [2, 1])
    assert [catalogue.order_of(each) for each in range(3)] == [10, 12, 11]
    assert catalogue.documents(2) == (4, 5)
    assert (catalogue.at(2), list(catalogue.by_part(1, [0]))) == ((1, 0), [2])


def test_a_masked_thread_is_nowhere() -> None:
    catalogue = LayeredCatalogue(stack((True, False)))
    assert len(catalogue) == 2
    assert catalogue.first(9) == [2, 1]
    assert (catalogue.known_as(PORTS.id), catalogue.by_author("anna")) == ([], [])
    assert (catalogue.authors, catalogue.complete) == ([], 1)
    assert catalogue.may_know(np.array([number_of(PORTS.id), 5])).tolist() == [True, False]
    assert LayeredCatalogue(stack()).by_author("ANNA", 1) == [0]


def test_authors_are_in_the_order_of_their_first_threads() -> None:
    made = Snapshot.build(1, families_of((thread("Cranes stand still", author="ben"),), 3))
    assert LayeredCatalogue([*stack(), *made.parts]).authors == ["ben", "anna"]


def test_filters_go_through_all_layers() -> None:
    columns = columns_of(stack((False, True)))
    assert columns.allowed(filters("ports"), []) is None
    mask = columns.allowed(filters("thread:x"), [(2, 4), (4, 5)])
    assert mask is not None
    assert mask.tolist() == [False, False, False, False, True]
    assert columns.has("from", "anna")
    assert not columns_of(stack((True, False))).has("from", "anna")
    assert (columns.tally("from"), columns.undated, len(columns.days)) == ([("anna", 2)], 3, 5)
    assert columns_of(stack((True, False))).tally("from") == []


@pytest.mark.parametrize("gone", [None, (True, False), (False, True), (True, True)])
def test_a_library_of_layers_knows_its_links(gone: tuple[bool, bool] | None) -> None:
    library = Snapshot(1, stack(gone))
    expected = [] if gone and gone[0] else [0]
    assert library.lookup.linked("x:1900") == expected
    assert library.lookup.with_tweets([key64("x:1901")]) == set(expected)
    assert library.lookup.may_know(np.array([key64("x:1900")])).tolist() == [True]
    assert snapshot_of().lookup.linked("x:1900") == []
