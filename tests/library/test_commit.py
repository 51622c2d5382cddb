"""Commits: made on top of what other processes committed, and reported as one difference."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.errors import Overtaken, StoreError
from bot.library import changes
from bot.library.commit import ATTEMPTS, Change, commit
from bot.library.library import Library
from bot.library.next_generation import after_load
from bot.loader.files import take_in
from bot.loader.intake import Intake
from bot.loader.records import reply_chains
from bot.store.rows import Forgotten, Member, NewDump
from tests.conftest import SEED
from tests.databases import at

pytestmark = pytest.mark.usefixtures("each_database")


def dump(folder: Path, name: str) -> Path:
    """A file with one tweet, which no other file has."""
    path = folder / f"{name}.txt"
    path.write_text(f"A thread on the {name}", encoding="utf-8")
    return path


class Racing:
    """A change that loads files, and is overtaken while it is planned."""

    def __init__(self, data: Path, intake: Intake, rivals: Sequence[Path]) -> None:
        """Plan to load what was read; before each plan, another process loads the next rival."""
        self.planned = 0
        self.change = Change("me", "load", self.plan, intake)
        self._data = data
        self._rivals = iter(rivals)

    def plan(self, members: Sequence[Member]) -> tuple[Sequence[Member | NewDump], tuple[str, ...]]:
        """Return the next generation's dumps, once the rival has committed."""
        self.planned += 1
        rival = next(self._rivals, None)
        if rival is not None:
            with ThreadPoolExecutor() as pool:
                pool.submit(asyncio.run, _load(self._data, rival)).result()
        return after_load(members, self.change.intake.readings), ()


async def _load(data: Path, path: Path) -> None:
    async with Library.open(at(data), data / "none", may_be_empty=True) as library:
        await library.load([path], "rival")


async def files(library: Library) -> list[str]:
    """The names of the files that are served, without their folders."""
    return [Path(each.file).name for each in await library.dumps()]


async def test_a_change_that_is_overtaken_is_planned_again_on_top(
    tmp_path: Path, seeds: Path
) -> None:
    ours, theirs = dump(tmp_path, "okapi"), dump(tmp_path, "zebra")
    async with Library.open(at(tmp_path / "data"), seeds) as library:
        racing = Racing(tmp_path / "data", take_in([ours]), [theirs])
        async with library.current.exclusively("me"):
            report = await commit(library.current, racing.change)
        assert racing.planned == 2
        assert (report.generation, library.generation) == (3, 3)
        assert await files(library) == [SEED.name, "zebra.txt", "okapi.txt"]
        assert (await library.ask("okapi")).tweets == (await library.ask("zebra")).tweets == 1
        # What the rival loaded is no part of the difference.
        assert report.threads_added == ("A thread on the okapi",)
        assert (report.tweets_before, report.tweets_after) == (38, 39)


async def test_a_change_that_is_always_overtaken_gives_up_and_stores_nothing(
    tmp_path: Path, seeds: Path
) -> None:
    rivals = [dump(tmp_path, f"rival{number}") for number in range(ATTEMPTS)]
    async with Library.open(at(tmp_path / "data"), seeds) as library:
        racing = Racing(tmp_path / "data", take_in([dump(tmp_path, "okapi")]), rivals)
        with pytest.raises(Overtaken, match=f"changed the library first, {ATTEMPTS} times"):
            async with library.current.exclusively("me"):
                await commit(library.current, racing.change)
        assert racing.planned == ATTEMPTS
        await library.catch_up()
        assert library.generation == 1 + ATTEMPTS
        assert "okapi.txt" not in await files(library)
        assert (await library.load([tmp_path / "okapi.txt"], "me")).changed


async def test_two_commits_at_once_both_take_place(tmp_path: Path, seeds: Path) -> None:
    data = tmp_path / "data"
    async with Library.open(at(data), seeds) as here, Library.open(at(data), seeds) as there:
        await asyncio.gather(
            here.load([dump(tmp_path, "okapi")], "me"),
            there.load([dump(tmp_path, "zebra")], "you"),
        )
        for library in (here, there):
            await library.catch_up()
            assert library.generation == 3
            assert {"okapi.txt", "zebra.txt"} <= set(await files(library))
        assert {each.actor for each in await here.history(2)} == {"me", "you"}


async def test_a_change_of_nothing_makes_no_generation(tmp_path: Path, seeds: Path) -> None:
    async with Library.open(at(tmp_path / "data"), seeds) as library:
        async with library.current.exclusively("me"):
            report = await commit(library.current, Change("me", "load", lambda now: (now, ())))
        assert (report.changed, report.generation, library.generation) == (False, 1, 1)
        assert (report.tweets_before, report.tweets_after) == (37, 37)


async def test_what_is_forgotten_adds_to_what_was_and_is_kept_once(
    tmp_path: Path, seeds: Path
) -> None:
    one, other = Forgotten("author", "1", "@anna"), Forgotten("author", "2", "@ben")
    async with Library.open(at(tmp_path / "data"), seeds) as library:
        current = library.current
        for more in ([one], [one, other]):
            change = Change("me", "forget", lambda now: (now, ()), forget=more)
            async with current.exclusively("me"):
                await commit(current, change)
        assert library.generation == 3
        assert sorted(each.key for each in await current.store.forgotten(0, 3)) == ["1", "2"]


def tides(folder: Path, name: str, numbers: range) -> Path:
    """A file of tweets, three in each thread, which is read lazily if FEW is 0."""
    posts = [
        {
            "id_str": str(number),
            "full_text": f"Tide {number // 3}",
            "in_reply_to_status_id_str": str(number - 1) if number % 3 else None,
            "in_reply_to_screen_name": "anna" if number % 3 else None,
            "user": {"screen_name": "anna"},
        }
        for number in numbers
    ]
    path = folder / f"{name}.json"
    path.write_text(json.dumps(posts), encoding="utf-8")
    return path


def _fail(*_: object) -> None:
    raise StoreError(Path("a"), "the disk is gone")


async def counts(folder: Path, seeds: Path) -> list[tuple[int, ...]]:
    """What is counted of two loads, the second of which brings some threads once more."""
    found: list[tuple[int, ...]] = []
    async with Library.open(at(folder / "data"), seeds) as library:
        for name, numbers in (("bay", range(300, 330)), ("sea", range(315, 360))):
            (dump,) = (await library.load([tides(folder, name, numbers)], "me")).dumps
            found.append((dump.added, dump.changed, dump.unchanged, dump.threads, dump.tweets))
    return found


async def test_what_is_compared_while_it_is_stored_is_counted_the_same(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reply_chains, "FEW", 0)
    folders = [tmp_path / each for each in ("before", "beside")]
    for each in folders:
        each.mkdir()
    expected = await counts(folders[0], seeds)
    assert expected == [(30, 0, 0, 10, 30), (30, 0, 15, 15, 45)]
    monkeypatch.setattr(changes, "WORTH_WATCHING", 1)
    monkeypatch.setattr(reply_chains.Threads, "outlines", _fail)  # only while it is stored
    assert await counts(folders[1], seeds) == expected


async def test_a_comparison_that_fails_takes_back_what_was_stored(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reply_chains, "FEW", 0)
    monkeypatch.setattr(changes, "WORTH_WATCHING", 1)

    async with Library.open(at(tmp_path / "data"), seeds) as library:
        with monkeypatch.context() as patch:
            patch.setattr(changes, "_repeated", _fail)
            with pytest.raises(StoreError, match="disk is gone"):
                await library.load([tides(tmp_path, "bay", range(300, 330))], "me")
        assert await files(library) == [SEED.name]
        report = await library.load([tides(tmp_path, "bay", range(300, 330))], "me")
        assert (report.generation, report.dumps[0].added) == (2, 30)
