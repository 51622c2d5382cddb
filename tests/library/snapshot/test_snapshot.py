"""A generation, and finding threads in it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.library.snapshot import snapshot
from bot.library.snapshot.snapshot import Snapshot
from bot.library.snapshot.thread_merge import merge
from bot.models import Thread
from bot.search.query import parse
from bot.search.ranking import rank
from bot.store.rows import ThreadVersions
from tests.library.snapshot.shelf import CAFE, PORTS, RICE, Rows, snapshot_of
from tests.strategies import families_of, thread, versions


def test_a_thread_is_found_by_its_own_id_even_where_it_is_anothers_alias() -> None:
    said = "Ports grow quiet as tariffs bite across three harbours"
    anna, ben = thread(said, author="anna"), thread(said, author="ben", file="b.txt")
    unsigned = thread(said, file="c.txt")
    library = snapshot_of(anna, ben, unsigned)
    assert [library.lookup.find(each.id) for each in (anna, ben, unsigned)] == [0, 1, 2]
    assert library.with_ids(frozenset({unsigned.id})) == [0, 1, 2]
    assert library.with_ids(frozenset({"absent"})) == []


def test_an_empty_library_is_one() -> None:
    nothing = snapshot_of()
    assert (len(nothing.catalogue), len(nothing.index), nothing.starts.tolist()) == (0, 0, [])
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
    for entry, start, each in zip(snapshot.catalogue, snapshot.starts, merged, strict=True):
        assert entry.summary.tweets == len(each.tweets)
        first = snapshot.index.analyzer.terms(each.tweets[0].text)
        assert start in snapshot.index.match(first).docs


def test_each_term_keeps_the_word_it_was_first_written_as(library: Snapshot) -> None:
    assert library.words()["tariff"] == "tariffs"
    assert library.words()["cafe"] == "Café"
    assert all(library.index.document_frequency(term) for term in library.words())


def test_terms_that_a_revision_adds_keep_the_words_of_their_tweets() -> None:
    threads = [PORTS, CAFE, thread("Zeppelins hover")]
    rows = {id(each): row for row, each in enumerate(threads, start=5)}
    before, after = Rows(threads[:2], rows), Rows(threads, rows)
    old = Snapshot.build(1, before.versions(before.threads))
    revised = old.revised(2, after.threads, after.versions)
    assert revised is not None
    words = revised.words()
    assert (words["zeppelin"], words["hover"]) == ("Zeppelins", "hover")
    assert {term: words[term] for term in old.words()} == old.words()


@given(
    st.lists(st.tuples(versions, st.sampled_from(["kept", "kept", "gone", "fresh"])), max_size=9),
    st.sampled_from(["ports", "the cranes stood", "rice queues dawn", "anna", "zebra"]),
)
def test_a_revised_snapshot_is_what_a_built_one_is(
    made: list[tuple[Thread, str]], question: str
) -> None:
    rows = {id(each): row for row, (each, _) in enumerate(made, start=5)}
    before = Rows([each for each, part in made if part != "fresh"], rows)
    after = Rows([each for each, part in made if part != "gone"], rows)
    old = Snapshot.build(1, before.versions(before.threads))
    revised = old.revised(2, after.threads, after.versions)
    if revised is None:
        return
    read = list(after.read)
    built = Snapshot.build(2, after.versions(after.threads))
    same = set(map(tuple, _rows(before.threads))) & set(map(tuple, _rows(after.threads)))
    assert not {row for family in same for row in family} & set(read)
    assert [*revised.catalogue] == [*built.catalogue]
    assert revised.catalogue.authors == built.catalogue.authors
    assert revised.starts.tolist() == built.starts.tolist()
    assert revised.words().keys() == built.words().keys()
    for typed in ("", "po", "ri pr"):
        assert revised.lookup.titles(typed, 9) == built.lookup.titles(typed, 9)
    for each, _ in made:
        for name in (each.id, each.title, each.tweets[-1].text, each.tweets[0].tweet_id):
            assert revised.lookup.find(name or "") == built.lookup.find(name or "")
    for asked in (question, f"{question} from:anna_ports", f"from:ben_desk {question}"):
        query = parse(asked, built.index.analyzer)
        masks = [each.filter_columns.allowed(query.filters, []) for each in (revised, built)]
        assert (masks[0] is None) == (masks[1] is None)
        if masks[0] is not None and masks[1] is not None:
            assert masks[0].tolist() == masks[1].tolist()
        one, other = (
            rank(each.index, query, each.catalogue.threads, 5, mask)
            for each, mask in zip((revised, built), masks, strict=True)
        )
        assert [each.positions for each in one.threads] == [
            each.positions for each in other.threads
        ]
        for mine, theirs in zip(one.threads, other.threads, strict=True):
            np.testing.assert_allclose(mine.scores, theirs.scores)
    thawed = Snapshot.from_arrays(*revised.to_arrays())
    assert [*thawed.catalogue] == [*built.catalogue]


def _rows(families: ThreadVersions) -> list[list[int]]:
    pairs = zip(families.starts[:-1], families.starts[1:], strict=True)
    return [families.rows[start:end].tolist() for start, end in pairs]


def test_what_is_in_another_order_is_built_anew() -> None:
    texts = ["Ports grow quiet as tariffs bite.", "Rice prices double within the year."]
    threads = [thread(each) for each in texts]
    rows = {id(each): row for row, each in enumerate(threads)}
    before, after = Rows(threads, rows), Rows(threads[::-1], rows)
    old = Snapshot.build(1, before.versions(before.threads))
    assert old.revised(2, after.threads, after.versions) is None
    again = old.revised(2, before.threads, before.versions)
    assert again is not None
    assert [*again.catalogue] == [*old.catalogue]


def test_the_number_of_what_is_served_grows_with_each_change() -> None:
    one = snapshot_of(PORTS)
    stamps = [
        one.version,
        replace(one, shared_generation=1).version,
        replace(one, generation=2).version,
    ]
    assert stamps == sorted(set(stamps))


def test_progress_is_told_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "PROGRESS_EVERY", 2)
    told: list[int] = []
    Snapshot.build(1, families_of((PORTS, RICE, CAFE), first=10), progress=told.append)
    assert told == [0, 2]
