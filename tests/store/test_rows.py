"""Tests of the store's records."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.models import Metadata, Tweet
from bot.store.rows import COLUMNS, Roots, assemble, metadata_json, rows_of
from tests.strategies import extras, thread, tweet

numbers = st.integers(-(2**63), 2**63 - 1)
rows = st.lists(st.tuples(*[numbers] * 5, st.booleans(), st.lists(numbers, max_size=3)), max_size=5)


@given(st.lists(rows, max_size=5))
def test_what_versions_begin_with_is_filed_and_comes_back(
    dumps: list[list[tuple[Any, ...]]],
) -> None:
    parts = [
        Roots(
            rows=np.array([row[0] for row in dump], np.int64),
            roots=np.array([row[1] for row in dump], np.int64),
            authors=np.array([row[2] for row in dump], np.int64),
            tweets=np.array([row[3] for row in dump], np.int64),
            stems=np.array([row[4] for row in dump], np.int64),
            cut=np.array([row[5] for row in dump], np.bool_),
            counts=np.array([len(row[6]) for row in dump], np.int32),
            ids=np.array([each for row in dump for each in row[6]], np.int64),
        )
        for dump in dumps
    ]
    whole = Roots.together(parts)
    again = Roots.from_arrays(whole.to_arrays())
    for name in COLUMNS:
        assert getattr(again, name).tolist() == getattr(whole, name).tolist()
    assert len(whole.owners()) == len(whole.ids)
    every = [row for dump in parts for row in told(dump)]
    assert told(whole) == every
    places = np.arange(len(every))[::-2]
    assert told(whole.picked(places)) == [every[place] for place in places]


def told(roots: Roots) -> list[tuple[Any, ...]]:
    """Each version: its columns, and the ids of its tweets."""
    ends = np.cumsum(roots.counts).tolist()
    ids = [
        roots.ids[end - count : end].tolist() for end, count in zip(ends, roots.counts, strict=True)
    ]
    columns = [getattr(roots, name).tolist() for name in COLUMNS if name not in ("counts", "ids")]
    return list(zip(*columns, ids, strict=True))


tweets = st.builds(
    lambda author, name, found: tweet("Okapis", author=author, author_name=name, **found),
    st.sampled_from([None, "anna", "ben"]),
    st.sampled_from([None, "Anna", "Ben"]),
    extras,
)


@given(st.lists(tweets, min_size=1, max_size=4), st.sampled_from([None, "anna"]))
def test_a_thread_comes_back_from_its_rows(said: list[Tweet], author: str | None) -> None:
    made = thread(*said, author=author)
    heads, rows = rows_of([made], 1, 5, 0, "a.txt")
    (id_, dump, place, thread_id, aliases, title, by, complete, source, _, _, name, *_) = heads[0]
    head = (id_, dump, place, "a.txt", thread_id, aliases, title, by, complete, source, name)
    stored = [(version, *rest) for version, _, *rest in rows]
    (found,) = assemble([head], stored)
    assert found.thread == made


def test_a_tweet_without_extras_has_none_in_its_row() -> None:
    made = thread(tweet("Okapis", author="anna", author_name="Anna"), author="anna")
    heads, rows = rows_of([made], 1, 5, 0, "a.txt")
    assert heads[0][-3] == "Anna"
    assert rows[0][-1] is None


def test_metadata_without_columns_is_as_older_versions_wrote_it() -> None:
    plain = metadata_json(Metadata(author="anna"))
    assert plain == '{"author": "anna", "date": null, "source": null, "title": null}'
    named = Metadata(columns="text=Body")
    assert Metadata(**json.loads(metadata_json(named))) == named
