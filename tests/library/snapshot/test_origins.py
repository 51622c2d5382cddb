"""Which versions may be of the same thread."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.library.snapshot.origins import Origins, connected, hidden, keys_of
from bot.library.snapshot.thread_merge import versions_by_thread
from bot.models import Thread
from bot.store.rows import COLUMNS, Forgotten, Roots
from bot.thread_ids import key64, root_text
from tests.library.snapshot.shelf import CAFE, PORTS, RICE, Shelf
from tests.strategies import thread, tweet, versions

NONE = Roots.together([])


def origins_of(*dumps: list[Thread]) -> tuple[Origins, Shelf]:
    """The versions of dumps with these threads."""
    shelf = Shelf()
    rows = [shelf.add(*each) for each in dumps]
    return Origins.of(rows, [shelf.roots([each]) for each in rows]), shelf


@given(st.lists(versions, min_size=1, max_size=6), st.integers(1, 3), st.data())
def test_all_versions_of_a_thread_are_connected(
    made: list[Thread], parts: int, data: st.DataObject
) -> None:
    dumps = [made[part::parts] for part in range(parts)]
    shelf = Shelf()
    rows = [shelf.add(*each) for each in dumps]
    every = [Origins.of([each], [shelf.roots([each])]) for each in rows]
    order = [each for dump in dumps for each in dump]
    begin = data.draw(st.integers(0, len(order) - 1))
    touched = [np.zeros(len(each), np.bool_) for each in every]
    cuts = np.cumsum([0, *map(len, dumps)])
    part = int(cuts.searchsorted(begin, side="right")) - 1
    touched[part][begin - cuts[part]] = True
    reached = np.concatenate(connected(every, touched, NONE))
    family = next(
        each for each in versions_by_thread(order) if any(v is order[begin] for v in each)
    )
    assert all(
        reached[number] for number, each in enumerate(order) if any(v is each for v in family)
    )


def test_versions_are_connected_through_others() -> None:
    first, second, third = (
        thread(tweet(words, tweet_id=own), tweet("More of it.", tweet_id=shared))
        for words, own, shared in (
            ("Ports grow quiet", "1900", "1901"),
            ("On Monday no ship came", "1902", "1901"),
            ("The cranes stood still", "1902", "1903"),
        )
    )
    origins, shelf = origins_of([first, RICE], [second])
    added = shelf.roots([shelf.add(third)])
    nothing = [np.zeros(3, np.bool_)]
    assert connected([origins], nothing, added)[0].tolist() == [True, False, True]
    assert connected([origins], nothing, NONE)[0].tolist() == [False] * 3
    assert connected([], [], added) == []


@given(st.lists(st.lists(versions, max_size=4), max_size=4), st.integers(1, 5))
def test_divided_versions_are_the_same_together(dumps: list[list[Thread]], number: int) -> None:
    whole, _ = origins_of(*dumps)
    parts = [*whole.divided(number)]
    assert len(parts) == number
    assert max(map(len, parts)) - min(map(len, parts)) <= 1
    again = Roots.together([each.roots for each in parts])
    for name in COLUMNS:
        assert getattr(again, name).tolist() == getattr(whole.roots, name).tolist()
    owners = [each.dumps.repeat(each.counts) for each in parts]
    assert np.concatenate(owners).tolist() == whole.dumps.repeat(whole.counts).tolist()
    assert {dump for each in parts for dump in each.dumps.tolist()} == {*whole.dumps.tolist()}
    gathered = Origins.gathered(parts, whole.dumps.tolist())
    assert gathered.are_of([0]).tolist() == whole.are_of([0]).tolist()


def test_versions_are_gathered_of_the_dumps_that_stay() -> None:
    one, shelf = origins_of([PORTS, RICE], [CAFE])
    dump = shelf.add(CAFE, PORTS)
    other = Origins.of([dump], [shelf.roots([dump])])
    assert Origins.gathered([one, other], [0, 1, dump]).roots.rows.tolist() == [0, 1, 2, 3, 4]
    left = Origins.gathered([one, other], [1, dump])
    assert left.roots.rows.tolist() == [2, 3, 4]
    assert (left.dumps.tolist(), left.counts.tolist()) == ([1, 2], [1, 2])
    assert sorted(left.with_keys(keys_of(other.roots)).tolist())[-1] == 2
    assert left.are_of([dump]).tolist() == [False, True, True]
    again = Origins.from_arrays(left.to_arrays())
    assert again.roots.rows.tolist() == left.roots.rows.tolist()
    assert again.are_of([1]).tolist() == [True, False, False]


def test_what_is_hidden_is_known_by_its_root_and_author() -> None:
    signed, unsigned = PORTS, thread(*PORTS.tweets[:1])
    origins, _ = origins_of([signed, unsigned, RICE])
    root, anna = key64(root_text(PORTS.tweets)), key64("anna")
    for key, expected in (
        (f"{root}:0", [True, True, False]),
        (f"{root}:{anna}", [True, True, False]),
        (f"{root}:7", [False, True, False]),
    ):
        found = hidden(origins.roots, [Forgotten("thread", key, "Ports")])
        assert found.tolist() == expected
    found = hidden(origins.roots, [Forgotten("author", str(anna), "@anna")])
    assert found.tolist() == [True, False, False]
