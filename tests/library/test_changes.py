"""What a load changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.library import changes
from bot.library.changes import (
    MOST_ALIKE,
    Watched,
    count_brought,
    report,
    tweets_brought,
)
from bot.library.snapshot.snapshot import Snapshot
from bot.library.snapshot.thread_merge import MANY_VERSIONS, begins_like
from bot.loader.parser import read_dump
from bot.loader.records import reply_chains
from bot.models import Dump, Metadata, Thread
from bot.store.rows import Version
from tests.conftest import SEED
from tests.strategies import families_of, thread, tweet, versions

ROOT = "Ports grow quiet as tariffs bite across three harbours"
NEXT = "On Monday no ship came."


def snapshot_of(generation: int, *threads: Thread) -> Snapshot:
    """A generation that holds `threads`."""
    return Snapshot.build(generation, families_of(threads))


@pytest.mark.parametrize("each", read_dump(SEED.read_bytes(), SEED.name).threads)
def test_a_first_load_adds_everything_and_a_second_nothing(each: Thread) -> None:
    assert tweets_brought([], each) == (len(each.tweets), 0, 0)
    assert tweets_brought([each], each) == (0, 0, len(each.tweets))


@given(st.lists(versions, max_size=4), versions)
def test_every_tweet_of_a_dump_is_counted_once(known: list[Thread], brought: Thread) -> None:
    counts = tweets_brought(known, brought)
    assert sum(counts) == len(brought.tweets)
    assert min(counts) >= 0


@given(versions)
def test_what_the_library_has_just_so_is_unchanged(one: Thread) -> None:
    elsewhere = replace(
        one, dumps=("z.txt",), tweets=tuple(replace(t, file="z.txt") for t in one.tweets)
    )
    assert tweets_brought([one], elsewhere) == (0, 0, len(one.tweets))


@pytest.mark.parametrize(
    ("known", "brought", "counts"),
    [
        (thread(ROOT, "On Monday…"), thread(ROOT, NEXT), (0, 1, 1)),
        (thread(ROOT, NEXT), thread(ROOT, "On Monday…"), (0, 0, 2)),
        (thread(ROOT), thread(ROOT, NEXT), (1, 0, 1)),
        (thread(ROOT, NEXT), thread(ROOT), (0, 0, 1)),
        (thread(ROOT), thread(tweet(ROOT, mentions=("ben",))), (0, 1, 0)),
        (thread(ROOT), thread(ROOT, author="anna"), (0, 1, 0)),
        (thread(ROOT, author="anna"), thread(ROOT, author="ben"), (1, 0, 0)),
    ],
)
def test_what_a_dump_brings_beside_what_is_known(
    known: Thread, brought: Thread, counts: tuple[int, int, int]
) -> None:
    assert tweets_brought([known], brought) == counts


def test_an_unsigned_copy_beside_two_authors_is_a_thread_of_its_own() -> None:
    known = [thread(ROOT, author="anna"), thread(ROOT, author="ben")]
    assert tweets_brought(known, thread(ROOT)) == (1, 0, 0)
    assert tweets_brought([*known, thread(ROOT)], thread(ROOT)) == (0, 0, 1)


def test_a_load_is_reported_by_its_threads() -> None:
    kept, grown = thread("Rice prices double within a single year, and more"), thread(ROOT)
    gone, new = thread("A lighthouse is sold for one pound to nobody"), thread("Something new here")
    before = snapshot_of(1, kept, gone, grown)
    after = snapshot_of(2, new, kept, thread(ROOT, NEXT))
    made = report(before, after, (), (), ("odd.txt",))
    assert made.changed
    assert (made.generation, made.kept) == (2, ("odd.txt",))
    assert made.threads_added == (new.title,)
    assert made.threads_removed == (gone.title,)
    assert made.threads_changed == (ROOT,)
    assert (made.tweets_before, made.tweets_after, made.threads_after) == (3, 4, 3)


def test_a_check_changes_nothing() -> None:
    library = snapshot_of(3, thread(ROOT))
    made = report(library, library, (), ())
    assert (made.changed, made.generation) == (False, 3)
    assert (made.threads_added, made.threads_removed, made.threads_changed) == ((), (), ())


def test_a_thread_that_is_signed_now_is_the_same_thread_changed() -> None:
    made = report(snapshot_of(1, thread(ROOT)), snapshot_of(2, thread(ROOT, author="anna")), (), ())
    assert (made.threads_added, made.threads_removed) == ((), ())
    assert made.threads_changed == (ROOT,)


def test_threads_that_share_an_alias_are_not_taken_for_each_other() -> None:
    anna, ben = thread(ROOT, author="anna"), thread(ROOT, author="ben", title="By Ben")
    both = [anna, ben, thread(ROOT, title="Unsigned")]
    new = thread("Something new here, which is long enough to tell")
    made = report(snapshot_of(1, *both), snapshot_of(2, *both, new), (), ())
    assert made.threads_added == (new.title,)
    assert (made.threads_changed, made.threads_removed) == ((), ())
    made = report(snapshot_of(1, anna), snapshot_of(2, anna, ben), (), ())
    assert (made.threads_added, made.threads_changed) == (("By Ben",), ())


@given(st.lists(versions, max_size=4), st.lists(versions, max_size=4))
def test_added_and_removed_balance(some: list[Thread], others: list[Thread]) -> None:
    before, after = snapshot_of(1, *some), snapshot_of(2, *others)
    made = report(before, after, (), ())
    again = report(after, snapshot_of(3, *others), (), ())
    assert (again.threads_added, again.threads_removed, again.threads_changed) == ((), (), ())
    assert len(made.threads_added) <= len(after.catalogue)
    assert len(made.threads_added) + len(before.catalogue) >= len(after.catalogue) - len(
        made.threads_changed
    )


BEGINNING = "Plunging trade is leading to production halts of every kind"


@pytest.mark.parametrize(
    "said",
    [
        f"{BEGINNING} {{n}}",  # the same stem
        f"{BEGINNING} {{n}}…",  # and all of them cut
        f"{BEGINNING}",  # the same words
    ],
)
def test_threads_that_begin_alike_are_counted_in_linear_time(
    monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    compared = 0

    def counting(known: list[Thread], brought: Thread) -> tuple[int, int, int]:
        nonlocal compared
        compared += len(known)
        return tweets_brought(known, brought)

    monkeypatch.setattr("bot.library.changes.tweets_brought", counting)
    work = []
    for size in (3 * MOST_ALIKE, 6 * MOST_ALIKE):
        compared = 0
        dumps = [
            Dump(
                "a.txt",
                "text",
                f"{n}",
                Metadata(),
                (thread(said.format(n=n), file=f"{n}.txt"),),
                (),
            )
            for n in range(size)
        ]
        reports = count_brought(snapshot_of(0), dumps, lambda _: [])
        assert sum(each.added + each.changed + each.unchanged for each in reports) == size
        work.append(compared)
    assert work[1] <= 2.5 * work[0]


@given(st.lists(versions, max_size=3), st.lists(versions, min_size=1, max_size=4), st.data())
def test_a_load_is_counted_as_if_each_thread_were_compared_with_all_before_it(
    known: list[Thread], some: list[Thread], data: st.DataObject
) -> None:
    picked = data.draw(st.lists(st.sampled_from([*known, *some]), min_size=1, max_size=8))
    files = [f"{chr(97 + n % 3)}.txt" for n in range(len(picked))]
    brought = [
        replace(one, dumps=(file,), tweets=tuple(replace(t, file=file) for t in one.tweets))
        for one, file in zip(picked, files, strict=True)
    ]
    dump = Dump("z.txt", "text", "z", Metadata(), tuple(brought), ())
    (told,) = count_brought(
        snapshot_of(1, *known), [dump], lambda rows: [Version(row, known[row]) for row in rows]
    )
    each = [tweets_brought([*known, *brought[:n]], one) for n, one in enumerate(brought)]
    assert (told.added, told.changed, told.unchanged) == tuple(map(sum, zip(*each, strict=True)))


@pytest.mark.parametrize("said", ["Ports sleep.", "Ports sleep {n}."])
def test_very_many_versions_of_a_thread_are_counted_with_little_work(
    monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    compared: list[int] = []

    def counting(known: list[Thread], brought: Thread) -> tuple[int, int, int]:
        compared.append(sum(len(each.tweets) for each in known))
        return tweets_brought(known, brought)

    monkeypatch.setattr("bot.library.changes.tweets_brought", counting)
    threads = [
        thread(
            tweet(said.format(n=n), tweet_id="1900000000000000000"),
            tweet(said.format(n=f"again {n}"), tweet_id=f"19000000000000{n:05}"),
        )
        for n in range(1, 301)
    ]
    dump = Dump("a.txt", "text", "a", Metadata(), tuple(threads), ())
    (told,) = count_brought(snapshot_of(0), [dump], lambda _: [])
    assert (told.added, told.changed + told.unchanged) == (301, 299)
    assert len(compared) <= MANY_VERSIONS + 1
    assert sum(compared) <= 2 * (MANY_VERSIONS + 1) ** 2


def test_the_tweets_of_very_many_versions_are_compared_one_by_one() -> None:
    cut = f"{ROOT} and no fur…"
    whole = f"{ROOT} and no further."
    threads = [
        *(thread(tweet(f"{ROOT} {n}", tweet_id="1900"), tweet(cut)) for n in range(70)),
        thread(tweet(f"{ROOT} 69", tweet_id="1900"), tweet(whole)),
        thread(tweet(f"{ROOT} 69", tweet_id="1900"), tweet(cut), tweet(NEXT), author="anna"),
        thread(tweet(f"{ROOT} 69", tweet_id="1900"), tweet(whole), tweet(NEXT, author="anna")),
    ]
    dumps = [Dump(f"{n}", "text", f"{n}", Metadata(), (one,), ()) for n, one in enumerate(threads)]
    told = count_brought(snapshot_of(0), dumps, lambda _: [])
    counts = [(each.added, each.changed, each.unchanged) for each in told]
    assert counts[70:] == [(0, 1, 1), (1, 2, 0), (0, 0, 3)]


def test_tweets_that_were_cut_are_sought_with_little_work(monkeypatch: pytest.MonkeyPatch) -> None:
    sought = 0

    def counting(a: str, b: str) -> bool:
        nonlocal sought
        sought += 1
        return begins_like(a, b)

    monkeypatch.setattr("bot.library.changes.begins_like", counting)
    monkeypatch.setattr("bot.library.changes.MOST_SOUGHT", 5_000)
    whole = thread(ROOT, *(f"Port number {n} is quiet tonight" for n in range(200)))
    cut = thread(ROOT, *(f"Port number {n} is…" for n in range(200)))
    assert sum(tweets_brought([whole], cut)) == 201
    assert 4_000 < sought <= 5_000 + 201


TIDES = b'[{"id_str": "15", "full_text": "Low tide"}, {"id_str": "16", "full_text": "High tide"}]'


def test_a_survey_is_taken_once_and_not_kept_by_what_was_watched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reply_chains, "FEW", 0)
    monkeypatch.setattr(changes, "WORTH_WATCHING", 1)
    dump = read_dump(TIDES, "a.json")
    threads: Any = dump.threads
    watched = Watched([dump])
    for each in threads.outlines():
        threads.watch(each)
    survey = watched.survey_of(dump)
    assert survey is not None
    assert survey.tweets.tolist() == [1, 1]
    assert threads.watch is None
    assert watched.survey_of(dump) is None


def test_a_survey_of_some_threads_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reply_chains, "FEW", 0)
    monkeypatch.setattr(changes, "WORTH_WATCHING", 1)
    dump = read_dump(TIDES, "a.json")
    assert Watched([dump]).survey_of(dump) is None
