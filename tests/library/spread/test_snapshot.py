"""A snapshot that is divided into parts answers as one process does, to the last bit."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from typing import TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.library.answers import AnswerOptions, answer
from bot.library.hidden import may_be_in
from bot.library.page_links import page_question
from bot.library.snapshot.catalogue import Entry
from bot.library.snapshot.layer import analyzer
from bot.library.snapshot.links import references
from bot.library.snapshot.served import Served
from bot.library.snapshot.snapshot import Snapshot
from bot.library.snapshot.stacking import Contents, stacked
from bot.library.spread.part import Facts, LocalPart, Part, Pending, Request
from bot.library.spread.snapshot import SpreadSnapshot
from bot.library.stats import stats_of
from bot.library.suggestions import near_titles, suggestions
from bot.store.rows import Forgotten
from bot.thread_ids import key64
from tests.library.snapshot.shelf import Shelf
from tests.strategies import POSTS, versions

R = TypeVar("R")
AUTHOR = Forgotten("author", str(key64("anna_ports")), "@anna_ports")
QUESTIONS = (
    "ports",
    "the cranes stood",
    "rice queues dawn",
    "“no ship came”",
    "“no ship ever came” ports",
    "ports -tariffs",
    "-tariffs from:anna_ports",
    "from:anna_ports",
    "from:ann",
    "@zoe",
    "mentions:zoe ports",
    "from:ben_desk no ship monday",
    "ports since:2020",
    "has:link until:2026",
    "site:wsj.com",
    "prots tarifs",
    "tarif",
    "portsships crane",
    "zebra",
    "queu",
    "thread:rice queues",
    "thread:po",
    "rice*",
    "港",
)
NAMES = (
    "1900",
    "1903",
    "ports tariffs",
    "po",
    "prots",
    "rice",
    "a1b2",
    "00000",
    "queu dawn",
    *POSTS,
)


class Pickled:
    """A part that is asked and answers through pickles, as one in another process."""

    is_here = False
    dumps: frozenset[int] = frozenset()

    def __init__(self, part: LocalPart) -> None:
        self._part = part
        self.facts: Facts = pickle.loads(pickle.dumps(part.facts))  # noqa: S301
        self.rounds = 0

    def begin(self, request: Request[R]) -> Pending[R]:
        self.rounds += 1
        sent: Request[R] = pickle.loads(pickle.dumps(request))  # noqa: S301

        def result() -> R:
            found: R = pickle.loads(pickle.dumps(sent.on(self._part)))  # noqa: S301
            return found

        return result


def divided(snapshot: Snapshot, owners: Sequence[int]) -> SpreadSnapshot:
    """Divide a snapshot's layers: the first part is here, the others are not."""
    groups: dict[int, list[int]] = {}
    for place in range(len(snapshot.parts)):
        groups.setdefault(owners[place % len(owners)], []).append(place)
    parts: list[Part] = []
    for owner, places in groups.items():
        layers = [snapshot.parts[each] for each in places]
        part = LocalPart(layers, places, snapshot.dumps, snapshot.forgotten)
        parts.append(part if owner == 0 else Pickled(part))
    return SpreadSnapshot(parts, analyzer(), of=snapshot)


def answered(
    snapshot: Served, question: str, options: AnswerOptions, shelf: Shelf
) -> tuple[object, ...]:
    query, found, read = shelf.found(snapshot, question, options)
    return answer(snapshot, found, read, options), suggestions(query, snapshot), found.hints


def looked_up(snapshot: Served, reference: str) -> object:
    found = snapshot.lookup.matches(reference)
    if found is None:
        return str(snapshot.lookup.not_found(reference))
    return [snapshot.catalogue[each].summary.id for each in found.numbers], found.kind


def same(one: Served, other: Served, shelf: Shelf) -> None:
    """Check that all that can be asked of both has the same answer."""
    assert [*one.catalogue] == [*other.catalogue]
    assert (len(one.catalogue), len(one.index)) == (len(other.catalogue), len(other.index))
    assert one.catalogue.authors == other.catalogue.authors
    assert stats_of(one, 1) == stats_of(other, 1)
    assert one.lookup.examples(3) == other.lookup.examples(3)
    for typed in ("", "po", "ri pr", "zebra"):
        assert one.lookup.titles(typed, 9) == other.lookup.titles(typed, 9)
        assert one.lookup.authors(typed, 9) == other.lookup.authors(typed, 9)
        assert near_titles(typed, one.lookup.titles, 3) == near_titles(
            typed, other.lookup.titles, 3
        )
    for name in (*NAMES, *POSTS, *(each.summary.id for each in other.catalogue)):
        assert looked_up(one, name) == looked_up(other, name)
    for link in POSTS:
        posts = references(link)
        assert sorted(may_be_in(one, link, posts)) == sorted(may_be_in(other, link, posts))
        asked, expected = page_question(one, link), page_question(other, link)
        assert (asked is None) == (expected is None)
    for question in QUESTIONS:
        for options in (
            AnswerOptions(3, explain=True),
            AnswerOptions(2, page=2, newest=True),
            AnswerOptions(1, page=3, passages=1, exact=True),
        ):
            found = answered(one, question, options, shelf)
            assert found == answered(other, question, options, shelf)
    for entry in [*other.catalogue][:2]:
        some = [
            answered(each, "ports", AnswerOptions(2, only=_tweets(each, entry)), shelf)
            for each in (one, other)
        ]
        assert some[0] == some[1]


def _tweets(snapshot: Served, entry: Entry) -> tuple[int, ...]:
    """Return the documents of a thread."""
    number = snapshot.catalogue.known_as(entry.summary.id)[0]
    return tuple(range(*snapshot.documents(number)))


@settings(max_examples=15)
@given(st.data())
def test_parts_answer_as_one_process(data: st.DataObject) -> None:
    shelf = Shelf()
    dumps: list[int] = []
    own: list[int] = []
    forgotten: list[Forgotten] = []
    snapshot = stacked(Contents(0, [], []), shelf)
    for generation in range(1, data.draw(st.integers(2, 5))):
        dumps.append(shelf.add(*data.draw(st.lists(versions, min_size=1, max_size=3))))
        forgotten = data.draw(st.sampled_from([[], [], [AUTHOR]]))
        snapshot = stacked(Contents(generation, dumps, forgotten), shelf, snapshot)
    if data.draw(st.booleans()):
        own.append(shelf.add(*data.draw(st.lists(versions, max_size=3))))
        snapshot = stacked(Contents(1, own, []), shelf, below=snapshot)
    owners = data.draw(st.lists(st.integers(0, 3), min_size=1, max_size=5))
    same(divided(snapshot, owners), snapshot, shelf)
