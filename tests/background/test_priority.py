"""Background work pauses while a request waits, but never for too long."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.background import priority
from bot.background.priority import interactive, yield_to_requests, yielding
from bot.library.guilds import GuildLibraries
from bot.library.library import Library
from tests.conftest import SEEDS
from tests.threads import A_WHILE, LONG, SOON, begun


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pauses last as long as a request waits."""
    monkeypatch.setattr(priority, "MOST_WAITED", LONG)


@pytest.fixture
async def library(tmp_path: Path) -> AsyncIterator[Library]:
    """A library of the seeds."""
    async with Library.open(tmp_path, SEEDS) as opened:
        yield opened


def test_work_pauses_until_no_request_waits() -> None:
    with interactive():
        with interactive():
            done = begun(lambda: list(yielding("ab")))
        assert not done.wait(A_WHILE)
    assert done.wait(SOON)


def test_work_continues_however_long_requests_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(priority, "MOST_WAITED", 0.001)
    with interactive():
        assert begun(lambda: list(yielding(range(5)))).wait(SOON)


async def test_neither_the_event_loop_nor_interactive_work_pauses() -> None:
    started = time.monotonic()
    with interactive():
        yield_to_requests()
        await asyncio.to_thread(yield_to_requests)
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
async def test_background_work_pauses_for_every_question(
    library: Library, asked: Callable[[Library], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    stood: list[bool] = []
    to_thread = asyncio.to_thread

    async def watched(work: Callable[..., object], /, *given: object) -> object:
        stood.append(not begun(yield_to_requests).wait(A_WHILE))
        return await to_thread(work, *given)

    monkeypatch.setattr(asyncio, "to_thread", watched)
    await asked(library)  # type: ignore[misc]
    assert stood
    assert all(stood)
    assert begun(yield_to_requests).wait(SOON)


async def test_a_load_pauses_while_a_request_waits(tmp_path: Path) -> None:
    dump = tmp_path / "more.txt"
    dump.write_text("A tweet\n\nAnother tweet", encoding="utf-8")

    async def loaded() -> None:
        async with Library.open(tmp_path, SEEDS) as library:
            await library.load([dump], "ada")

    with interactive():
        done = begun(lambda: asyncio.run(loaded()))
        assert not done.wait(A_WHILE * 4)
    assert done.wait(SOON)


async def test_a_guild_s_library_is_opened_at_once_for_a_request(library: Library) -> None:
    own = await GuildLibraries(library).own(7)
    await own.load([*SEEDS.iterdir()], "ada")
    enough = asyncio.Event()

    async def wait() -> None:
        with interactive():
            await enough.wait()

    started = time.monotonic()
    another = asyncio.create_task(wait())
    opened = await GuildLibraries(library).own(7)
    enough.set()
    await another
    assert time.monotonic() - started < SOON
    assert opened.tweets == own.tweets
