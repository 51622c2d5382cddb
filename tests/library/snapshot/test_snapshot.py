"""A generation, and finding threads in it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.library.snapshot import snapshot
from bot.library.snapshot.snapshot import Snapshot
from bot.library.snapshot.thread_merge import merge
from bot.models import Thread
from tests.strategies import any_text, families_of, thread, tweet, versions

PORTS = thread(
    tweet("Ports grow quiet as tariffs bite across three harbours", tweet_id="1900"),
    tweet("On Monday no ship came.", permalink="https://x.com/anna/status/1901"),
    author="anna",
    source_url="https://www.threads.example/thread/77.html",
)
RICE = thread("Rice prices double: “the queues begin at dawn”", "Nobody had seen the like.")
CAFE = thread("Café owners of the port await the ships", complete=False, file="b.txt")


def snapshot_of(*threads: Thread) -> Snapshot:
    """A generation that holds `threads`."""
    return Snapshot.build(1, families_of(threads, first=10))


@pytest.fixture(scope="module")
def library() -> Snapshot:
    return snapshot_of(PORTS, RICE, CAFE)


@pytest.mark.parametrize(
    ("reference", "found"),
    [
        (PORTS.id, 0),
        (f" {PORTS.id.upper()} ", 0),
        (sorted(PORTS.aliases - {PORTS.id})[0], 0),
        ("https://threads.example/thread/77.html/", 0),
        ("threads.example/thread/77.html?utm=1", 0),
        ("https://twitter.com/anna/status/1900", 0),
        ("https://x.com/anyone/status/1901?s=20", 0),
        ('rice prices double: "the queues begin at dawn"', 1),
        ("queues at dawn", 1),
        ("cafe owner", 2),
        ("nobody seen", 1),
        ("tariff harbours", 0),
        ("https://x.com/anna/status/1", None),
        ("zebra", None),
        ("https://[", None),
        ("[/]", None),
        ("🔥", None),
        ("", None),
    ],
)
def test_a_thread_is_found_by_id_link_title_or_words(
    library: Snapshot, reference: str, found: int | None
) -> None:
    assert library.lookup.find(reference) == found


@given(any_text)
def test_any_reference_names_a_thread_or_none(reference: str) -> None:
    assert FEW.lookup.find(reference) in (None, 0, 1, 2)


FEW = snapshot_of(PORTS, RICE, CAFE)


def test_a_thread_is_found_by_its_own_id_even_where_it_is_anothers_alias() -> None:
    said = "Ports grow quiet as tariffs bite across three harbours"
    anna, ben = thread(said, author="anna"), thread(said, author="ben", file="b.txt")
    unsigned = thread(said, file="c.txt")
    library = snapshot_of(anna, ben, unsigned)
    assert [library.lookup.find(each.id) for each in (anna, ben, unsigned)] == [0, 1, 2]
    assert library.with_ids(frozenset({unsigned.id})) == [0, 1, 2]
    assert library.with_ids(frozenset({"absent"})) == []


def test_an_address_that_is_none_does_not_keep_a_library_from_being_served() -> None:
    odd = replace(RICE, source_url="https://[threads.example/1")
    assert snapshot_of(odd).lookup.find(RICE.id) == 0


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", [PORTS, RICE, CAFE]),
        ("por", [PORTS, CAFE]),
        ("POR qui", [PORTS]),
        ("cafe", [CAFE]),
        ("queues, dawn", [RICE]),
        ("ort", []),
        ("port zebra", []),
        ("quiet rice", []),
    ],
)
def test_titles_are_offered_by_the_beginnings_of_their_words(
    library: Snapshot, typed: str, found: list[Thread]
) -> None:
    assert [each.id for each in library.lookup.titles(typed, 25)] == [each.id for each in found]


def test_no_more_titles_are_offered_than_asked_for(library: Snapshot) -> None:
    assert [each.id for each in library.lookup.titles("", 2)] == [PORTS.id, RICE.id]
    assert library.lookup.titles("", 0) == []


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


def test_each_term_keeps_the_word_it_was_first_written_as(library: Snapshot) -> None:
    assert library.words()["tariff"] == "tariffs"
    assert library.words()["cafe"] == "Café"
    assert all(library.index.document_frequency(term) for term in library.words())


def test_authors_whose_handle_begins_so_come_first() -> None:
    names = ("joanna", "anna_ports", "ben", "Hanna")
    library = snapshot_of(
        *(thread(f"{name} {PORTS.tweets[0].text}", author=name) for name in names)
    )
    assert library.lookup.authors("@ANNA", 9)[0] == "anna_ports"
    assert set(library.lookup.authors("@ANNA", 9)) == {"anna_ports", "joanna", "Hanna"}
    assert library.lookup.authors("anna", 1) == ["anna_ports"]
    assert library.lookup.authors("zebra", 9) == []


def test_examples_are_the_most_telling_words_of_titles() -> None:
    library = snapshot_of(
        thread("why ports of the north grow quiet as Beijing Tariffs Bite"),
        thread("“Rice”"),
        thread("and of the"),
        thread("Second Harbour Ships Late again today"),
    )
    assert library.lookup.examples(9) == ["Beijing Tariffs Bite", "Rice", "Harbour Ships Late"]
    assert library.lookup.examples(1) == ["Beijing Tariffs Bite"]


def test_a_title_with_all_the_words_goes_before_a_tweet_with_them() -> None:
    titled = thread("Nothing of it is said here", title="Cranes and ships of the north")
    tweeted = thread("Cranes, cranes, ships and cranes in the north", file="b.txt")
    partly = thread("Cranes alone", file="c.txt")
    library = snapshot_of(partly, tweeted, titled)
    assert library.lookup.find("ships cranes") in (1, 2)
    assert snapshot_of(partly, titled).lookup.find("ships of the north") == 1


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
