"""The catalogue of a layer's threads."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.library.snapshot.catalogue import Catalogue, alias_of, number_of
from bot.library.snapshot.snapshot import Snapshot
from tests.library.snapshot.shelf import CAFE, PORTS, RICE, snapshot_of
from tests.strategies import thread


def test_the_digest_is_other_when_anything_shown_is_other() -> None:
    shown = snapshot_of(RICE).catalogue[0].digest
    assert snapshot_of(replace(RICE)).catalogue[0].digest == shown
    for other in (
        replace(RICE, title="Rice"),
        replace(RICE, complete=False),
        replace(RICE, source_url="https://threads.example/1"),
        replace(RICE, tweets=RICE.tweets[:1]),
    ):
        assert snapshot_of(other).catalogue[0].digest != shown


@given(st.from_regex(r"[0-9a-f]{12}", fullmatch=True))
def test_an_id_comes_back_from_its_number(alias: str) -> None:
    assert alias_of(number_of(alias)) == alias


def test_each_entry_is_its_thread_in_short(library: Snapshot) -> None:
    first, _, last = library.catalogue
    assert first.summary.title == PORTS.title
    assert (first.summary.author, first.summary.tweets, first.summary.complete) == ("anna", 2, True)
    assert first.aliases == PORTS.aliases
    assert (last.summary.author, last.summary.complete) == (None, False)
    assert [each.versions for each in library.catalogue] == [(10,), (11,), (12,)]


def test_a_catalogue_is_a_sequence(library: Snapshot) -> None:
    catalogue = library.parts[0].layer.catalogue
    assert len(catalogue) == 3
    assert catalogue[-1] == catalogue[2]
    assert [*catalogue[1:]] == [catalogue[1], catalogue[2]]
    with pytest.raises(IndexError):
        catalogue[3]


def test_a_thread_is_known_by_each_of_its_ids(library: Snapshot) -> None:
    for number, each in enumerate((PORTS, RICE, CAFE)):
        for alias in each.aliases:
            assert number in library.catalogue.known_as(alias)
    for wrong in ("0" * 12, "ports", "", PORTS.id.upper() + "0"):
        assert library.catalogue.known_as(wrong) == []


def test_authors_are_listed_once_in_the_order_of_their_threads() -> None:
    made = snapshot_of(
        thread("Rice prices double within the year", author="ben"),
        thread("The queues begin at dawn"),
        thread("Ships come late to the harbour", author="anna"),
        thread("Cranes stand still on Monday", author="ben"),
    )
    assert made.catalogue.authors == ["ben", "anna"]
    assert [each.summary.author for each in made.catalogue] == ["ben", None, "anna", "ben"]


def test_whole_threads_are_counted(library: Snapshot) -> None:
    assert library.catalogue.complete == 2


def test_a_catalogue_comes_back_from_its_arrays(library: Snapshot) -> None:
    catalogue = library.parts[0].layer.catalogue
    again = Catalogue.from_arrays(*catalogue.to_arrays())
    assert [*again] == [*catalogue]
    assert again.authors == catalogue.authors
    assert again.known_as(PORTS.id) == [0]
    assert again.with_rows(np.array([12, 10, 12, 99])).tolist() == [0, 2]
