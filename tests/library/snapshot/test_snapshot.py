"""A generation, and finding threads in it."""

from __future__ import annotations

import gc
import weakref

from hypothesis import given
from hypothesis import strategies as st

from bot.library.snapshot.snapshot import Snapshot
from bot.library.snapshot.thread_merge import merge
from bot.library.snapshot.views import Choice, Paging
from bot.models import Thread
from bot.search.query import parse
from tests.library.snapshot.shelf import PORTS, RICE, snapshot_of
from tests.strategies import thread, versions


def test_a_thread_is_found_by_its_own_id_even_where_it_is_anothers_alias() -> None:
    said = "Ports grow quiet as tariffs bite across three harbours"
    anna, ben = thread(said, author="anna"), thread(said, author="ben", file="b.txt")
    unsigned = thread(said, file="c.txt")
    library = snapshot_of(anna, ben, unsigned)
    assert [library.lookup.find(each.id) for each in (anna, ben, unsigned)] == [0, 1, 2]
    assert library.with_ids(frozenset({unsigned.id})) == [0, 1, 2]
    assert library.with_ids(frozenset({"absent"})) == []


def test_a_snapshot_that_nobody_uses_is_gone_at_once() -> None:
    gc.disable()  # it would find what keeps itself, some time later
    try:
        library = snapshot_of(PORTS)
        assert library.lookup.find("1900") == 0
        known = weakref.ref(library)
        del library
        assert known() is None
    finally:
        gc.enable()


def test_an_empty_library_is_one() -> None:
    nothing = snapshot_of()
    assert (len(nothing.catalogue), len(nothing.index), nothing.catalogue.first(5)) == (0, 0, [])
    assert nothing.lookup.find("ports") is None
    assert nothing.lookup.titles("", 5) == []


@given(st.lists(versions, max_size=5))
def test_a_generation_holds_the_merged_threads_in_their_order(made: list[Thread]) -> None:
    snapshot = snapshot_of(*made)
    merged = merge(made)
    assert [entry.summary.id for entry in snapshot.catalogue] == [each.id for each in merged]
    assert len(snapshot.index) == sum(len(each.tweets) for each in merged)
    rows = sorted(row for entry in snapshot.catalogue for row in entry.versions)
    assert rows == list(range(10, 10 + len(made)))
    numbers = snapshot.catalogue.numbers().tolist()
    for entry, number, each in zip(snapshot.catalogue, numbers, merged, strict=True):
        start, end = snapshot.documents(number)
        assert end - start == len(each.tweets)
        assert entry.summary.tweets == len(each.tweets)
        first = snapshot.index.analyzer.terms(each.tweets[0].text)
        assert start in snapshot.index.match(first).docs


def test_each_term_keeps_the_word_it_was_first_written_as(library: Snapshot) -> None:
    assert library.words()["tariff"] == "tariffs"
    assert library.words()["cafe"] == "Café"
    assert all(library.index.document_frequency(term) for term in library.words())


def test_the_number_of_what_is_served_grows_with_each_change() -> None:
    none, shared, later = (Snapshot(number, ()) for number in (0, 1, 2))
    stamps = [
        Snapshot(1, (), below=none).version,
        Snapshot(1, (), below=shared).version,
        later.version,
    ]
    assert stamps == sorted(set(stamps))


def test_a_choice_leaves_tweets_out_whatever_the_question_says() -> None:
    snapshot = snapshot_of(PORTS, RICE)
    query = parse("ports ship -monday", snapshot.index.analyzer)
    assert snapshot.rank(query, 0).tweets_found == 2  # all that match
    assert snapshot.rank(query, 0, Choice()).tweets_found == 1
    assert snapshot.rank(query, 0, Choice(only=(1,))).tweets_found == 0
    assert snapshot.rank(query, 0, Choice(threads=((0, 2),), undated=True)).tweets_found == 1
    assert snapshot.restricts(query, Choice())
    plain = parse("ports ship", snapshot.index.analyzer)
    assert not snapshot.restricts(plain, Choice())
    assert snapshot.restricts(plain, Choice(only=()))
    assert snapshot.rank(plain, 1, Choice(), Paging(page=2)).page == 2
