"""Long work stands still while anybody waits for an answer, and goes on all the same."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.background import priority
from bot.background.priority import give_way, politely, waited_for
from bot.library.guilds import GuildLibraries
from bot.library.library import Library
from tests.conftest import SEEDS
from tests.threads import A_WHILE, LONG, SOON, begun


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who stands still does so for as long as anybody waits."""
    monkeypatch.setattr(priority, "MOST_WAITED", LONG)


@pytest.fixture
async def library(tmp_path: Path) -> AsyncIterator[Library]:
    """A library of the seeds."""
    async with Library.open(tmp_path, SEEDS) as opened:
        yield opened


def test_work_stands_still_until_nobody_waits() -> None:
    with waited_for():
        with waited_for():
            done = begun(lambda: list(politely("ab")))
        assert not done.wait(A_WHILE)
    assert done.wait(SOON)


def test_work_goes_on_however_long_others_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(priority, "MOST_WAITED", 0.001)
    with waited_for():
        assert begun(lambda: list(politely(range(5)))).wait(SOON)


async def test_neither_the_event_loop_nor_what_is_waited_for_stands_still() -> None:
    started = time.monotonic()
    with waited_for():
        give_way()
        await asyncio.to_thread(give_way)
    assert time.monotonic() - started < SOON


@pytest.mark.parametrize(
    "asked",
    [
        lambda library: library.ask("Dalai Lama"),
        lambda library: library.thread("Dalai Lama"),
        lambda library: library.titles("Dalai", 5),
        lambda library: library.authors("a", 5),
    ],
    ids=["ask", "thread", "titles", "authors"],
)
async def test_whoever_asks_is_waited_for(
    library: Library, asked: Callable[[Library], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    stood: list[bool] = []
    to_thread = asyncio.to_thread

    async def watched(work: Callable[..., object], /, *given: object) -> object:
        stood.append(not begun(give_way).wait(A_WHILE))
        return await to_thread(work, *given)

    monkeypatch.setattr(asyncio, "to_thread", watched)
    await asked(library)  # type: ignore[misc]
    assert stood
    assert all(stood)
    assert begun(give_way).wait(SOON)


async def test_a_load_stands_still_while_anybody_waits(tmp_path: Path) -> None:
    dump = tmp_path / "more.txt"
    dump.write_text("A tweet\n\nAnother tweet", encoding="utf-8")

    async def loaded() -> None:
        async with Library.open(tmp_path, SEEDS) as library:
            await library.load([dump], "ada")

    with waited_for():
        done = begun(lambda: asyncio.run(loaded()))
        assert not done.wait(A_WHILE * 4)
    assert done.wait(SOON)


async def test_the_library_of_a_guild_that_asks_is_made_at_once(library: Library) -> None:
    own = await GuildLibraries(library).own(7)
    await own.load([*SEEDS.iterdir()], "ada")
    enough = asyncio.Event()

    async def wait() -> None:
        with waited_for():
            await enough.wait()

    started = time.monotonic()
    another = asyncio.create_task(wait())
    opened = await GuildLibraries(library).own(7)
    enough.set()
    await another
    assert time.monotonic() - started < SOON
    assert opened.tweets == own.tweets
