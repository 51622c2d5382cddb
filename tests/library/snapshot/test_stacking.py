"""Stacks of layers: they answer as one layer does that is built from all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from bot.library.answers import AnswerOptions, answer
from bot.library.changes import report
from bot.library.generations import forgotten_keys
from bot.library.snapshot import stacking
from bot.library.snapshot.layer import Layer
from bot.library.snapshot.layered import Part
from bot.library.snapshot.origins import Origins
from bot.library.snapshot.snapshot import Snapshot
from bot.library.snapshot.stacking import (
    Build,
    Contents,
    group_versions,
    merged,
    merges,
    stacked,
)
from bot.library.snapshot.thread_merge import versions_by_thread
from bot.library.stats import stats_of
from bot.library.suggestions import suggestions
from bot.models import Answer, Thread
from bot.search.query import parse
from bot.store.rows import Forgotten, ThreadVersions
from bot.thread_ids import key64
from tests.library.snapshot.shelf import CAFE, PORTS, RICE, Shelf
from tests.strategies import POSTS, thread, tweet, versions

QUESTIONS = (
    "ports",
    "the cranes stood",
    "rice queues dawn",
    "“no ship came”",
    "ports -tariffs",
    "from:anna_ports",
    "mentions:zoe ports",
    "from:ben_desk no ship monday",
    "prots tarifs",
    "zebra",
    "harbo",
    "thread:rice queues",
)
NAMES = ("1900", "1903", "ports tariffs", *POSTS)
"""By which a thread may be asked for."""
CHANGES = ("load", "load", "own", "remove", "hide", "tear")
AUTHOR = Forgotten("author", str(key64("anna_ports")), "@anna_ports")


def same(
    one: Snapshot,
    other: Snapshot,
    shelf: Shelf,
    questions: Sequence[str] = QUESTIONS,
    names: Sequence[str] = NAMES,
) -> None:
    """Check that all that can be asked of both snapshots has the same answer."""
    assert [*one.catalogue] == [*other.catalogue]
    assert (len(one.catalogue), len(one.index)) == (len(other.catalogue), len(other.index))
    assert one.catalogue.authors == other.catalogue.authors
    assert sorted(one.index.terms()) == sorted(other.index.terms())
    assert stats_of(one, 1) == stats_of(other, 1)
    for typed in ("", "po", "ri pr"):
        assert one.lookup.titles(typed, 9) == other.lookup.titles(typed, 9)
    assert one.lookup.examples(3) == other.lookup.examples(3)
    for name in names:
        assert threads_of(one, name) == threads_of(other, name)
    for entry in other.catalogue:
        assert threads_of(one, entry.summary.id) == threads_of(other, entry.summary.id)
    for asked in questions:
        first, second = (
            suggestions(parse(asked, each.index.analyzer), each) for each in (one, other)
        )
        assert first == second
        for options in (AnswerOptions(3, explain=True), AnswerOptions(2, page=2, newest=True)):
            assert answered(one, asked, options, shelf) == answered(other, asked, options, shelf)


def threads_of(snapshot: Snapshot, reference: str) -> list[str]:
    found = snapshot.lookup.matches(reference)
    return [snapshot.catalogue[each].summary.id for each in found.numbers] if found else []


def answered(snapshot: Snapshot, question: str, options: AnswerOptions, shelf: Shelf) -> Answer:
    _, found, read = shelf.found(snapshot, question, options)
    return replace(answer(snapshot, found, read, options), generation=0)


def in_parts(shelf: Shelf, number: int) -> Build:
    """Build `number` layers of what is to be built, each with a part of the versions."""

    def build(
        threads: ThreadVersions,
        sizes: NDArray[np.int64],
        origins: Origins,
        progress: Callable[[int], None] | None = None,
    ) -> list[Layer]:
        assert len(sizes) == len(threads)
        numbers = np.arange(len(threads))
        return [
            Layer.build(shelf.threads(threads.only(numbers % number == part)), each, progress)
            for part, each in enumerate(origins.divided(number))
        ]

    return build


@settings(max_examples=25)
@given(st.data())
def test_a_stack_answers_as_one_layer_does(data: st.DataObject) -> None:
    shelf = Shelf()
    dumps: list[int] = []
    own: list[int] = []
    forgotten: list[Forgotten] = []
    snapshot = stacked(Contents(0, [], []), shelf)
    guild = stacked(Contents(0, [], []), shelf, below=snapshot)
    for generation in range(1, data.draw(st.integers(2, 7))):
        match data.draw(st.sampled_from(CHANGES)):
            case "load":
                dumps.append(shelf.add(*data.draw(st.lists(versions, max_size=3))))
            case "own":
                own.append(shelf.add(*data.draw(st.lists(versions, max_size=3))))
            case "remove":
                for some in (dumps, own):
                    kept = data.draw(
                        st.lists(st.booleans(), min_size=len(some), max_size=len(some))
                    )
                    some[:] = [each for each, stays in zip(some, kept, strict=True) if stays]
            case "hide":
                numbers = guild.catalogue.numbers().tolist()
                forgotten = [AUTHOR] if data.draw(st.booleans()) else []
                if numbers:
                    forgotten += forgotten_keys(guild, data.draw(st.sampled_from(numbers)))
            case "tear":
                lost = data.draw(st.sampled_from(snapshot.parts)).layer.name
                snapshot = snapshot.without([lost])
        if len(snapshot.parts) > 1 and data.draw(st.booleans()):
            start = data.draw(st.integers(0, len(snapshot.parts) - 2))
            end = data.draw(st.integers(start + 1, len(snapshot.parts)))
            snapshot = snapshot.with_merged(merged(snapshot, start, end), start, end)
        contents = Contents(generation, dumps, [])
        build = in_parts(shelf, data.draw(st.integers(1, 3)))
        after = stacked(contents, shelf, snapshot, build=build)
        built = stacked(contents, shelf)
        questions = data.draw(st.permutations(QUESTIONS))
        names = data.draw(st.permutations(NAMES))
        same(after, built, shelf, questions[:3], names[:2])
        told, expected = (report(each, built, (), ()) for each in (snapshot, built))
        assert told.threads_changed == report(snapshot, after, (), ()).threads_changed
        assert set(told.threads_added) == set(report(snapshot, after, (), ()).threads_added)
        assert set(told.threads_removed) == set(report(snapshot, after, (), ()).threads_removed)
        assert not expected.threads_added
        snapshot = after
        guild = stacked(Contents(generation, own, forgotten), shelf, guild, snapshot)
        whole = stacked(Contents(generation, [*dumps, *own], forgotten), shelf)
        same(guild, whole, shelf, questions[-3:], names[-2:])


def test_a_load_reads_only_what_it_changes() -> None:
    shelf = Shelf()
    first = stacked(Contents(1, [shelf.add(PORTS, RICE)], []), shelf)
    shelf.read.clear()
    second = stacked(Contents(2, [*first.dumps, shelf.add(CAFE)], []), shelf, first)
    assert shelf.read == [2]
    assert second.parts[0] is first.parts[0]
    longer = thread(*RICE.tweets, "By noon it was gone.", file="c.txt")
    third = stacked(Contents(3, [*second.dumps, shelf.add(longer)], []), shelf, second)
    assert shelf.read == [2, 1, 3]
    assert third.parts[0].layer is first.parts[0].layer
    assert third.parts[1] is second.parts[1]
    assert [each.summary.tweets for each in third.catalogue] == [2, 3, 1]


def test_an_undone_load_is_loaded_again_without_reading() -> None:
    shelf = Shelf()
    one, two = shelf.add(PORTS), shelf.add(RICE)
    both = stacked(Contents(1, [one, two], []), shelf, stacked(Contents(0, [one], []), shelf))
    without = stacked(Contents(2, [one], []), shelf, both)
    assert [entry.summary.title for entry in without.catalogue] == [PORTS.title]
    shelf.read.clear()
    again = stacked(Contents(3, [one, two], []), shelf, without)
    assert not shelf.read
    assert [*again.catalogue] == [*both.catalogue]


def test_a_guild_shares_the_layers_below_its_own() -> None:
    shelf = Shelf()
    below = stacked(Contents(1, [shelf.add(PORTS, RICE)], []), shelf)
    longer = thread(*RICE.tweets, "By noon it was gone.", file="c.txt")
    guild = stacked(Contents(1, [shelf.add(longer)], []), shelf, below=below)
    assert guild.parts[0].layer is below.parts[0].layer
    assert [each.summary.tweets for each in guild.catalogue] == [2, 3]
    assert [each.summary.tweets for each in below.catalogue] == [2, 2]
    assert (guild.shared_generation, below.shared_generation) == (1, 0)


def test_what_a_lost_layer_had_is_built_again() -> None:
    shelf = Shelf()
    longer = thread(*RICE.tweets, "By noon it was gone.", file="c.txt")
    dumps = [shelf.add(PORTS, RICE), shelf.add(longer), shelf.add(CAFE)]
    stack = None
    for count in range(1, 4):
        stack = stacked(Contents(count, dumps[:count], []), shelf, stack)
    # Removing a dump puts the rest of a thread into a new layer, which has no dump of its own.
    left = [dumps[0], dumps[2]]
    whole = stacked(Contents(4, left, []), shelf, stack)
    for lost in range(len(whole.parts)):
        parts = [*whole.parts[:lost], *whole.parts[lost + 1 :]]
        torn = Snapshot(4, parts, dumps=left, is_torn=True)
        mended = stacked(Contents(4, left, []), shelf, torn)
        assert not mended.is_torn
        same(mended, stacked(Contents(4, left, []), shelf), shelf)


def test_a_lost_layer_had_a_part_of_a_dump() -> None:
    shelf = Shelf()
    contents = Contents(1, [shelf.add(PORTS, RICE, CAFE)], [])
    whole = stacked(contents, shelf, build=in_parts(shelf, 3))
    assert [len(each.layer.origins) for each in whole.parts] == [1, 1, 1]
    for part in whole.parts:
        shelf.read.clear()
        mended = stacked(contents, shelf, whole.without([part.layer.name]))
        assert len(shelf.read) == 1
        rows = [row for each in mended.parts for row in each.layer.origins.roots.rows.tolist()]
        assert sorted(rows) == [0, 1, 2]
        same(mended, stacked(contents, shelf), shelf)


def test_layers_are_merged_by_size() -> None:
    shelf = Shelf()
    stack = stacked(Contents(1, [shelf.add(PORTS)], []), shelf)
    assert merges(stack) is None
    for number in range(2, 12):
        dump = shelf.add(thread(tweet(f"Dispatch number {number} on the lakes and their ferries")))
        stack = stacked(Contents(number, [*stack.dumps, dump], []), shelf, stack)
        while chosen := merges(stack):
            stack = stack.with_merged(merged(stack, *chosen), *chosen)
        assert len(stack.parts) == 1
    assert len(stack.catalogue) == 11
    guild = stacked(Contents(1, [shelf.add(CAFE)], []), shelf, below=stack)
    assert merges(guild) is None


def test_a_layer_far_larger_than_the_next_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf()
    lower = stacked(Contents(1, [shelf.add(PORTS, RICE)], []), shelf)
    both = stacked(Contents(2, [*lower.dumps, shelf.add(CAFE)], []), shelf, lower)
    assert [len(each.layer.index) for each in both.parts] == [4, 1]
    assert merges(both) == (0, 2)
    monkeypatch.setattr(stacking, "SMALL", 1)
    assert merges(both) is None
    monkeypatch.setattr(stacking, "RATIO", 5)
    assert merges(both) == (0, 2)


def test_as_many_layers_are_merged_at_once_as_go_together(monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf()
    stack = stacked(Contents(1, [shelf.add(PORTS, RICE)], []), shelf)
    for number in range(2, 6):
        dump = shelf.add(thread(tweet(f"Dispatch number {number} on the lakes and their ferries")))
        stack = stacked(Contents(number, [*stack.dumps, dump], []), shelf, stack)
    assert [len(each.layer.index) for each in stack.parts] == [4, 1, 1, 1, 1]
    assert merges(stack) == (0, 5)
    monkeypatch.setattr(stacking, "LARGEST", 7)
    assert merges(stack) == (1, 5)
    monkeypatch.setattr(stacking, "LARGEST", 3)
    assert merges(stack) == (2, 5)
    monkeypatch.setattr(stacking, "LARGEST", 1)
    assert merges(stack) is None


def test_a_layer_that_is_mostly_masked_is_merged() -> None:
    shelf = Shelf()
    dumps = [shelf.add(PORTS), shelf.add(RICE), shelf.add(CAFE)]
    stack = stacked(Contents(1, dumps, []), shelf)
    less = stacked(Contents(2, dumps[:1], []), shelf, stack)
    chosen = merges(less)
    assert chosen == (0, 1)
    made = less.with_merged(merged(less, *chosen), *chosen)
    assert len(made.parts[0].layer.catalogue) == len(made.catalogue) == 1
    assert made.parts[0].layer.origins.dumps.tolist() == dumps[:1]
    assert merges(made) is None


def test_a_part_knows_what_is_masked_in_it() -> None:
    shelf = Shelf()
    part = stacked(Contents(1, [shelf.add(PORTS, RICE)], []), shelf).parts[0]
    assert (part.live, part.tweets_gone(), part.mask.tolist()) == (2, None, [False, False])
    masked = Part(part.layer, np.array([True, False]))
    gone = masked.tweets_gone()
    assert gone is not None
    assert (masked.live, gone.tolist()) == (1, [True, True, False, False])


@given(st.lists(versions, max_size=6))
def test_versions_are_grouped_as_in_memory(made: list[Thread]) -> None:
    assert grouped(made) == versions_by_thread(made)


@given(st.lists(versions, max_size=6), st.data())
def test_a_thread_is_left_out_whole_if_its_author_is_forgotten(
    made: list[Thread], data: st.DataObject
) -> None:
    authors = {each.author.lower() for each in made if each.author}
    gone = data.draw(st.sampled_from(sorted(authors) or ["nobody"]))
    forgotten = Forgotten("author", str(key64(gone)), f"@{gone}")
    assert grouped(made, forgotten) == [
        family
        for family in versions_by_thread(made)
        if gone not in {each.author.lower() for each in family if each.author}
    ]


def grouped(made: list[Thread], *forgotten: Forgotten) -> list[list[Thread]]:
    shelf = Shelf()
    found = group_versions(shelf.roots([shelf.add(*made)]), forgotten)
    return [[made[each.id] for each in family] for family in shelf.threads(found)]
