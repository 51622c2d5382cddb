"""The hits of an answer: passages and explanations."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.library.library import Library
from tests.databases import at

pytestmark = pytest.mark.usefixtures("each_database")


PORTS = """\
Ports grow quiet along the whole western coast this year
Pilots pilots pilots wait
Rice doubles at dawn in every market, as tariffs bite the ports
Nobody nobody nobody knows tariffs tariffs
"""


@asynccontextmanager
async def ports(folder: Path) -> AsyncIterator[Library]:
    """A library with one thread of four tweets."""
    seeds = folder / "seeds"
    seeds.mkdir()
    (seeds / "ports.txt").write_text(PORTS, encoding="utf-8")
    async with Library.open(at(folder / "data"), seeds) as library:
        yield library


async def test_the_best_tweets_of_a_thread_are_its_passages(tmp_path: Path) -> None:
    async with ports(tmp_path) as library:
        (hit,) = (await library.ask("tariffs", passages=2)).hits
        assert [each.position for each in (hit.best, *hit.more)] == [4, 3]
        assert hit.more_in_thread == 1
        assert hit.best.score > hit.more[0].score
        (alone,) = (await library.ask("tariffs", passages=1)).hits
        assert (alone.best.position, alone.more, alone.more_in_thread) == (4, (), 1)


async def test_an_explanation_names_words_that_only_the_first_tweet_has(tmp_path: Path) -> None:
    async with ports(tmp_path) as library:
        (hit,) = (await library.ask("coast tariffs", explain=True)).hits
        shown = {each.position: each for each in (hit.best, *hit.more)}
        told = shown[4].explanation
        assert told is not None
        assert [(each.word, each.from_first) for each in told.terms] == [
            ("coast", True),
            ("tariffs", False),
        ]
        assert sum(each.score for each in told.terms) + told.boost == pytest.approx(shown[4].score)


async def test_an_explanation_adds_up_to_the_score(tmp_path: Path) -> None:
    async with ports(tmp_path) as library:
        (plain,) = (await library.ask("tariffs dawn")).hits
        assert plain.best.explanation is None
        (hit,) = (await library.ask("tariffs dawn", explain=True)).hits
        for each in (hit.best, *hit.more):
            assert each.explanation is not None
            parts = sum(term.score for term in each.explanation.terms)
            assert parts + each.explanation.boost == pytest.approx(each.score)
        assert hit.best.explanation is not None
        assert [term.word for term in hit.best.explanation.terms] == ["tariffs", "dawn"]
