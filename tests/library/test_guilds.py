"""Guilds are apart: what one has loaded is seen there alone, and ranked as if all were one."""

from __future__ import annotations

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import StoreError
from bot.library import guilds
from bot.library.guilds import GuildLibraries
from bot.library.library import Library
from bot.models import Answer
from tests.databases import at, change

pytestmark = pytest.mark.usefixtures("each_database")


GUILDS = (101, 102)
SUBJECTS = ("okapi", "tapir", "zebra", "heron")
TOPICS = ("harbour", "tariff", "strike")

shelves = st.dictionaries(
    st.tuples(st.sampled_from(GUILDS), st.sampled_from(SUBJECTS)),
    st.lists(st.sampled_from(TOPICS), min_size=1, max_size=3),
    max_size=6,
)

"""For guilds and files in them, what the tweets of each are on."""


def dump(guild: int, subject: str, topics: list[str]) -> str:
    """A thread that only one guild has."""
    head = f"---\nauthor: {subject}{guild}\n---\n"
    return head + "".join(
        f"{number}/ The {subject} of guild{guild} and the {topic}\n\n"
        for number, topic in enumerate(topics, start=1)
    )


def essence(answer: Answer) -> list[object]:
    """What an answer shows, and its scores."""
    return [
        (hit.thread.title, hit.best.position, round(hit.best.score, 9), hit.more_in_thread)
        for hit in answer.hits
    ]


@settings(max_examples=8)
@given(shelves, st.lists(st.sampled_from([*SUBJECTS, *TOPICS]), min_size=1, max_size=3))
def test_a_guild_sees_its_own_and_what_is_shared_as_one_library(
    made: dict[tuple[int, str], list[str]], words: list[str]
) -> None:
    asyncio.run(_apart(made, " ".join(words)))


async def _apart(made: dict[tuple[int, str], list[str]], question: str) -> None:
    with TemporaryDirectory() as place:
        folder = Path(place)
        seeds = folder / "seeds"
        seeds.mkdir()
        (seeds / "shared.txt").write_text(
            "1/ A strike in the harbour\n\n2/ The tariff is back\n", encoding="utf-8"
        )
        async with Library.open(at(folder / "data"), seeds) as shared:
            libraries = GuildLibraries(shared)
            for (guild, subject), topics in made.items():
                sent = folder / f"{guild}-{subject}"
                sent.mkdir()
                path = sent / f"{subject}.txt"
                path.write_text(dump(guild, subject, topics), encoding="utf-8")
                await (await libraries.own(guild)).load([sent], "me", below=sent)
            for guild in GUILDS:
                await _check(libraries, guild, question, folder, seeds, made)
            mine = await (await libraries.of(None)).ask(question, 9)
            assert all("guild" not in hit.thread.title for hit in mine.hits)
            await libraries.settled()


async def _check(
    libraries: GuildLibraries,
    guild: int,
    question: str,
    folder: Path,
    seeds: Path,
    made: dict[tuple[int, str], list[str]],
) -> None:
    library = await libraries.of(guild)
    other = f"guild{GUILDS[0] + GUILDS[1] - guild}"
    answer = await library.ask(question, 9)
    seen = [hit.thread.title for hit in answer.hits]
    seen += [each.title for each in await library.titles("", 99)]
    seen += [each.title for each in library.threads()]
    seen += await library.examples(99)
    seen += await library.authors("", 99)
    seen += answer.suggestions
    assert other not in " ".join(seen)
    own = [subject for at, subject in made if at == guild]
    assert sorted(each.file for each in await library.dumps() if not each.shared) == sorted(
        f"{subject}.txt" for subject in own
    )
    async with Library.open(at(folder / f"union-{guild}"), seeds) as union:
        for subject in own:
            sent = folder / f"{guild}-{subject}"
            await union.load([sent], "me", below=sent)
        assert essence(answer) == essence(await union.ask(question, 9))
        await union.settled()


async def test_what_is_shared_is_seen_everywhere_and_a_restart_changes_nothing(
    tmp_path: Path, seeds: Path
) -> None:
    sent = tmp_path / "sent"
    sent.mkdir()
    (sent / "okapi.txt").write_text("Okapis, a thread\nThey are shy\n", encoding="utf-8")
    async with Library.open(at(tmp_path / "data"), seeds) as shared:
        libraries = GuildLibraries(shared)
        assert await libraries.of(7) is shared
        await (await libraries.own(7)).load([sent], "me", below=sent)
        (seeds / "tapir.txt").write_text("Tapirs, a thread\n", encoding="utf-8")
        await shared.reload("me")
        await libraries.catch_up()
        seven = await libraries.of(7)
        assert (await seven.ask("tapirs")).tweets == 1
        assert (await seven.ask("okapis")).tweets == 1
        before = seven.version
        await libraries.settled()
    async with Library.open(at(tmp_path / "data"), seeds) as shared:
        libraries = GuildLibraries(shared)
        seven = await libraries.of(7)
        assert seven.version == before
        assert (await seven.ask("okapis")).tweets == 1
        assert (await shared.ask("okapis")).tweets == 0
        assert (await (await libraries.of(8)).ask("okapis")).tweets == 0
        await libraries.settled()


async def test_guilds_that_are_opened_at_once_are_each_opened_once(
    tmp_path: Path, seeds: Path
) -> None:
    async with Library.open(at(tmp_path / "data"), seeds) as shared:
        libraries = GuildLibraries(shared)
        asked = [7, 8, 9, 10, 7, 8]
        opened = await asyncio.gather(*map(libraries.own, asked))
        assert [opened.index(each) for each in opened] == [0, 1, 2, 3, 0, 1]
        assert [await libraries.own(each) for each in asked] == opened
        await libraries.settled()


async def test_a_guild_that_could_not_be_opened_is_opened_later(
    tmp_path: Path, seeds: Path
) -> None:
    data = tmp_path / "data"
    async with Library.open(at(data), seeds) as shared:
        libraries = GuildLibraries(shared)
        await asyncio.to_thread(change, at(data), "ALTER TABLE generation RENAME TO hidden")
        with pytest.raises(StoreError):
            await libraries.own(7)
        await asyncio.to_thread(change, at(data), "ALTER TABLE hidden RENAME TO generation")
        assert (await libraries.own(7)).tweets == shared.tweets
        await libraries.settled()


async def test_only_some_guilds_are_kept_at_hand(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guilds, "MAX_OPEN", 3)
    async with Library.open(at(tmp_path / "data"), seeds) as shared:
        libraries = GuildLibraries(shared)
        first = await libraries.own(1)
        for guild in range(2, 5):
            await libraries.own(guild)
        assert await libraries.own(4) is await libraries.own(4)
        assert await libraries.own(1) is not first
        await libraries.settled()


async def test_what_another_process_loads_is_served_without_a_question(
    tmp_path: Path, seeds: Path
) -> None:
    (tmp_path / "okapi.txt").write_text("Okapis, a thread\nThey are shy\n", encoding="utf-8")
    async with (
        Library.open(at(tmp_path / "data"), seeds) as here,
        Library.open(at(tmp_path / "data"), seeds) as there,
    ):
        libraries, theirs = GuildLibraries(here), GuildLibraries(there)
        seven = await libraries.own(7)
        times = 0

        async def count() -> None:
            nonlocal times
            times += 1

        following = asyncio.create_task(libraries.follow(count))
        await (await theirs.own(7)).load([tmp_path / "okapi.txt"], "me")
        await there.load([tmp_path / "okapi.txt"], "me")
        async with asyncio.timeout(20):
            while (seven.generation, here.generation) != (1, 2):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        assert times
        assert not libraries.store_is_away
        following.cancel()
        await asyncio.wait({following})
        await libraries.settled()
        await theirs.settled()
