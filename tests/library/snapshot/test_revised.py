"""A snapshot made of another: it is what one is that is built."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.library.snapshot.snapshot import Snapshot
from bot.models import Thread
from bot.search.query import parse
from bot.search.ranking import rank
from bot.store.rows import ThreadVersions, Version
from tests.strategies import families_of, thread, versions


class Rows:
    """Families as rows of a store, and their versions."""

    def __init__(self, threads: Sequence[Thread], rows: dict[int, int]) -> None:
        made = families_of(threads)
        self._versions = {}
        every = []
        for family in made:
            for each in family:
                row = rows[id(each.thread)]
                self._versions[row] = Version(row, each.thread)
                every.append(row)
        ends = np.cumsum([0, *(len(family) for family in made)])
        self.threads = ThreadVersions(np.array(every, np.int64), ends)
        self.read: list[int] = []

    def versions(self, families: ThreadVersions) -> Iterator[list[Version]]:
        for start, end in zip(families.starts[:-1], families.starts[1:], strict=True):
            rows = families.rows[start:end].tolist()
            self.read += rows
            yield [self._versions[row] for row in rows]


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
            rank(each.index, query, each.starts, 5, mask)
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
