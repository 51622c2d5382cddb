"""Removing dumps, and hiding threads and authors."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import (
    DumpIsShared,
    NoSuchAuthor,
    NoSuchDump,
    NotHidden,
    NotTheSame,
    SeveralMatches,
    ThreadNotFound,
)
from bot.library.hidden import named_things
from bot.library.library import Library
from tests.conftest import SEED


async def test_forgetting_is_undone_and_survives_a_reload(tmp_path: Path, seeds: Path) -> None:
    async with Library.open(tmp_path / "data", seeds) as shared:
        report = await shared.forget("me", thread="suitcases")
        assert report.tweets_after == 18
        (seeds / "copy.txt").write_bytes(SEED.read_bytes() + b"\n")
        await shared.reload("me")
        assert (await shared.ask("suitcases")).tweets == 0
        await shared.undo("me")
        assert (await shared.ask("suitcases")).tweets == 0
        await shared.undo("me")
        assert (await shared.ask("suitcases")).tweets > 0


OKAPI = "---\nauthor: Xenia\n---\nOkapis are shy\n"


def file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


async def test_a_dump_is_removed_and_what_other_dumps_hold_stays(
    tmp_path: Path, seeds: Path
) -> None:
    lines = SEED.read_text(encoding="utf-8").split("\n")
    short = file(tmp_path, "short.txt", "\n".join(lines[:6]))
    async with Library.open(tmp_path / "data", seeds) as library:
        await library.load([short, file(tmp_path, "okapi.txt", OKAPI)], "me")
        report = await library.remove(SEED.name, "me")
        assert len(report.threads_removed) == 6
        assert len((await library.thread("suitcases")).tweets) == 5
        assert (await library.ask("okapis")).tweets == 1
        assert SEED.name not in [each.file for each in await library.dumps()]
        await library.undo("me")
        assert len((await library.thread("suitcases")).tweets) == 19


async def test_a_dump_that_is_not_there_cannot_be_removed(tmp_path: Path, seeds: Path) -> None:
    async with Library.open(tmp_path / "data", seeds) as library:
        with pytest.raises(NoSuchDump, match=r"zebra\.txt"):
            await library.remove("zebra.txt", "me")
        assert library.generation == 1
        assert not library.busy


async def test_a_guild_removes_its_own_dumps_and_no_shared_one(tmp_path: Path, seeds: Path) -> None:
    async with Library.open(tmp_path / "data", seeds) as shared:
        own = await shared.beside(7)
        okapi = file(tmp_path, "okapi.txt", OKAPI)
        await own.load([okapi], "me")
        with pytest.raises(NoSuchDump):
            await own.remove(SEED.name, "me")
        await own.remove(str(okapi), "me")
        assert (await own.ask("okapis")).tweets == 0
        assert (await own.ask("suitcases")).tweets > 0
        await own.settled()


@pytest.mark.parametrize("handle", ["xenia", "@XENIA", " @Xenia "])
async def test_an_author_is_hidden_by_their_handle_however_it_is_written(
    tmp_path: Path, seeds: Path, handle: str
) -> None:
    okapi = file(tmp_path, "okapi.txt", OKAPI)
    async with Library.open(tmp_path / "data", seeds) as library:
        await library.load([okapi], "me")
        assert (await library.forget("me", author=handle)).threads_removed == ("Okapis are shy",)
        await library.remove(str(okapi), "me")
        await library.load([file(tmp_path, "again.txt", f"{OKAPI}\nAnd more\n")], "me")
        assert (await library.ask("okapis")).tweets == 0


async def test_nobody_and_nothing_cannot_be_hidden(tmp_path: Path, seeds: Path) -> None:
    async with Library.open(tmp_path / "data", seeds) as library:
        with pytest.raises(NoSuchAuthor, match="@zebra"):
            await library.forget("me", author="@Zebra")
        with pytest.raises(ThreadNotFound, match="zebra"):
            await library.forget("me", thread="zebra")
        assert library.generation == 1
        assert not library.busy


async def test_what_a_guild_hides_others_see(tmp_path: Path, seeds: Path) -> None:
    async with Library.open(tmp_path / "data", seeds) as shared:
        own = await shared.beside(7)
        await own.forget("me", thread="suitcases")
        assert (await own.ask("suitcases")).tweets == 0
        assert (await shared.ask("suitcases")).tweets > 0
        await own.settled()


async def test_a_thread_and_an_author_are_hidden_at_once(tmp_path: Path, seeds: Path) -> None:
    async with Library.open(tmp_path / "data", seeds) as library:
        await library.load([file(tmp_path, "okapi.txt", OKAPI)], "me")
        report = await library.forget("me", thread="suitcases", author="xenia")
        assert report.generation == 3
        assert (await library.ask("okapis")).tweets == 0
        assert (await library.ask("suitcases")).tweets == 0


async def test_a_dump_is_named_by_its_path_its_file_name_or_its_row(
    tmp_path: Path, seeds: Path
) -> None:
    (tmp_path / "b").mkdir()
    one = file(tmp_path, "okapi.txt", OKAPI)
    async with Library.open(tmp_path / "data", seeds) as library:
        for name in (str(one), "okapi.txt", "OKAPI.TXT", " okapi.txt ", "#"):
            await library.load([one], "me")
            row = (await library.dumps())[-1].id
            report = await library.remove(f"#{row}" if name == "#" else name, "me")
            assert report.threads_removed == ("Okapis are shy",)
            assert report.action == "remove"
        other = file(tmp_path / "b", "okapi.txt", "Tapirs swim\n")
        await library.load([one, other], "me")
        with pytest.raises(SeveralMatches) as several:
            await library.remove("okapi.txt", "me")
        assert several.value.matches == (str(one), str(other))
        await library.remove(str(other), "me")
        with pytest.raises(NoSuchDump):
            await library.remove("", "me")


async def test_a_shared_dump_is_said_to_be_shared(tmp_path: Path, seeds: Path) -> None:
    async with Library.open(tmp_path / "data", seeds) as shared:
        own = await shared.beside(7)
        with pytest.raises(DumpIsShared, match="is shared by all servers"):
            await own.remove(SEED.name, "me")
        with pytest.raises(NoSuchDump) as unknown:
            await own.remove("zebra.txt", "me")
        assert not isinstance(unknown.value, DumpIsShared)
        await own.settled()


async def test_what_would_go_is_said_with_its_size(tmp_path: Path, seeds: Path) -> None:
    async with Library.open(tmp_path / "data", seeds) as library:
        await library.load([file(tmp_path, "okapi.txt", f"{OKAPI}They swim\n")], "me")
        (dump,) = (await library.removal.would_remove("okapi.txt")).going
        assert (dump.kind, dump.threads, dump.tweets, dump.shared) == ("dump", 1, 2, True)
        both = await library.removal.would_forget(thread="suitcases", author="@XENIA")
        thread, author = both.going
        assert (thread.kind, thread.threads, thread.tweets) == ("thread", 1, 19)
        assert (author.name, author.threads, author.tweets) == ("@xenia", 1, 2)
        report = await library.forget("me", thread=thread.key, author=author.key, seal=both.seal)
        assert len(report.threads_removed) == 2
        assert report.action == "forget"


async def test_what_has_changed_since_it_was_confirmed_stays(tmp_path: Path, seeds: Path) -> None:
    okapi = file(tmp_path, "okapi.txt", OKAPI)
    async with Library.open(tmp_path / "data", seeds) as library:
        await library.load([okapi], "me")
        removal = library.removal
        thread = await removal.would_forget(thread="okapis")
        author = await removal.would_forget(author="xenia")
        dump = await removal.would_remove("okapi.txt")
        await library.load([file(tmp_path, "okapi.txt", f"{OKAPI}They swim\n")], "me")
        with pytest.raises(NotTheSame, match="nothing was removed"):
            await library.forget("me", thread=thread.going[0].key, seal=thread.seal)
        with pytest.raises(NotTheSame):
            await library.forget("me", author=author.going[0].key, seal=author.seal)
        with pytest.raises(NotTheSame):
            await library.remove(dump.going[0].key, "me", dump.seal)
        await library.forget("me", author="xenia")
        with pytest.raises(NotTheSame):
            await library.forget("me", thread=thread.going[0].key, seal=thread.seal)
        with pytest.raises(NoSuchAuthor):
            await library.forget("me", author="#0123456789abcdef")
        assert library.generation == 4


async def test_the_ids_of_forgotten_threads_open_no_other(tmp_path: Path, seeds: Path) -> None:
    paths = [
        file(tmp_path, f"{n}.txt", f"Ship {n:02x} of {n * 7}, {n}e{n}, {n:x} and 8 ceb0e646c06\n")
        for n in range(50)
    ]
    async with Library.open(tmp_path / "data", seeds) as library:
        await library.load(paths, "me")
        ids = [each.id for each in await library.titles("ship", 50)]
        assert len(ids) == 50
        for each in ids[::2]:
            await library.forget("me", thread=each)
        for said in (f"{spelled}{each}" for each in ids[::2] for spelled in ("", "#", "id: ")):
            with pytest.raises(ThreadNotFound):
                await library.thread(said.upper())
            with pytest.raises(ThreadNotFound):
                await library.forget("me", thread=said)
            with pytest.raises(NoSuchDump):
                await library.remove(said, "me")
        assert [(await library.thread(f"#{each}")).id for each in ids[1::2]] == ids[1::2]


async def test_what_is_hidden_is_listed_and_shown_again_whatever_came_later(
    tmp_path: Path, seeds: Path
) -> None:
    async with Library.open(tmp_path / "data", seeds) as library:
        await library.load([file(tmp_path, "okapi.txt", OKAPI)], "me")
        assert await library.removal.hidden() == []
        await library.forget("me", author="Xenia")
        await library.forget("me", thread="suitcases")
        await library.load([file(tmp_path, "more.txt", "Tapirs swim\n")], "me")
        thread, author = await library.removal.hidden()
        assert (thread.kind, author.kind, author.name) == ("thread", "author", "@xenia")
        for name in ("@Xenia", "xenia", author.id):
            assert named_things([thread, author], name) == [author]
        assert named_things([thread, author], "SUITCASES drives") == [thread]
        assert named_things([thread, author], "zebra") == []
        report = await library.unhide("me", author.id)
        assert (report.action, report.threads_added) == ("unhide", ("Okapis are shy",))
        assert (await library.ask("okapis")).tweets > 0
        assert (await library.ask("suitcases")).tweets == 0
        (event,) = await library.history(1)
        assert (event.action, event.unhidden) == ("unhide", ("@xenia",))
        with pytest.raises(NotHidden, match="no longer hidden"):
            await library.unhide("me", author.id)
        undone = await library.undo("me")
        assert undone.threads_removed == ("Okapis are shy",)
        assert [each.name for each in await library.removal.hidden()] == [thread.name, "@xenia"]


async def test_a_guild_does_not_show_what_the_shared_library_hides(
    tmp_path: Path, seeds: Path
) -> None:
    async with Library.open(tmp_path / "data", seeds) as shared:
        await shared.forget("me", thread="suitcases")
        own = await shared.beside(7)
        assert await own.removal.hidden() == []
        (hidden,) = await shared.removal.hidden()
        with pytest.raises(NotHidden):
            await own.unhide("me", hidden.id)
        await own.settled()
