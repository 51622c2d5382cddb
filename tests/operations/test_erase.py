"""Erasing: afterwards the words are in no file of the data folder."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.errors import NoLongerThere, StoreError
from bot.library import generations
from bot.library.library import Library
from bot.operations import erase
from bot.store import erasing
from bot.store.integrity import damage
from bot.store.migrations import FILE
from tests.app.conftest import Scene
from tests.conftest import SEEDS

SECRETS = ("quagga", "dugong", "numbat", "anna_field")
"""Words of what is removed, replaced and hidden."""


@pytest.fixture(autouse=True)
def index_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Save the layers of the small libraries of these tests in files."""
    monkeypatch.setattr(generations, "WORTH_A_FILE", 0)


def written(folder: Path, name: str, text: str) -> list[Path]:
    """A file to load."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return [path]


def containing(data: Path, word: str) -> list[str]:
    """The files of the data folder that have a word, in any case."""
    return [
        str(each.relative_to(data))
        for each in data.rglob("*")
        if each.is_file() and word.encode() in each.read_bytes().lower()
    ]


async def changed(library: Library, folder: Path) -> None:
    """Load, replace, remove and hide what has SECRETS."""
    await library.load(written(folder, "a.txt", "The quagga is gone\n\n\n"), "ada")
    await library.remove("a.txt", "ada")
    await library.load(written(folder, "b.txt", "A dugong grazes"), "ada")
    await library.load(written(folder, "b.txt", "An okapi grazes"), "ada")
    anna = "---\nauthor: anna_field\n---\nThe numbat eats termites\n"
    await library.load(written(folder, "c.txt", anna), "ada")
    await library.forget("ada", author="anna_field")
    await library.settled()


async def test_words_that_are_no_longer_shown_are_in_no_file_beside_an_open_library(
    tmp_path: Path,
) -> None:
    data = tmp_path / "data"
    async with Library.open(data, SEEDS) as library:
        await changed(library, tmp_path)
        assert [
            each for each in SECRETS[:3] if not await asyncio.to_thread(containing, data, each)
        ] == []
        planned = await asyncio.to_thread(erase.plan, data, None)
        assert [Path(each).name for each in planned.erasable.files] == ["a.txt", "b.txt"]
        assert [Path(each).name for each in planned.erasable.parted] == ["c.txt"]
        assert planned.erasable.labels == ("@anna_field",)
        done = await asyncio.to_thread(erase.erase, planned, "ada")
        assert {Path(each).name for each in done.still_there} == {"a.txt", "b.txt", "c.txt"}
        await library.catch_up()  # as the bot does at the next question
        await library.settled()
        for word in SECRETS:
            assert await asyncio.to_thread(containing, data, word) == []
        assert (await library.ask("okapi")).tweets == 1
        assert (await library.ask("chip export controls")).tweets > 0
        assert [each.action for each in await library.history(2)] == ["erase", "forget"]
        assert await library.next_undo() is None
    assert (data / FILE).exists()


async def test_answers_are_the_same_after_erasing_and_a_new_start(tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with Library.open(data, SEEDS) as library:
        await changed(library, tmp_path)
        before = await library.ask("chips robots okapi")
    planned = await asyncio.to_thread(erase.plan, data, None)
    await asyncio.to_thread(erase.erase, planned, "ada")
    for word in SECRETS:
        assert await asyncio.to_thread(containing, data, word) == []
    async with Library.open(data, SEEDS) as library:
        after = await library.ask("chips robots okapi")
        assert after.hits == before.hits != ()
        report = await library.load([tmp_path / "c.txt"], "ada")  # it is hidden still
        assert (await library.ask("numbat")).tweets == 0
        assert report.hidden or not report.dumps[0].added


async def test_an_erase_that_fails_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise StoreError(tmp_path, "the disk is broken")

    data = tmp_path / "data"
    async with Library.open(data, SEEDS) as library:
        await library.load(written(tmp_path, "a.txt", "The quagga is gone\n\n\n"), "ada")
        await library.remove("a.txt", "ada")
        planned = await asyncio.to_thread(erase.plan, data, None)
        monkeypatch.setattr(erasing, "carry_out", broken)
        with pytest.raises(StoreError, match="broken"):
            await asyncio.to_thread(erase.erase, planned, "ada")
        monkeypatch.undo()
        await library.catch_up()
        assert library.generation == 3
        await library.undo("ada")
        assert (await library.ask("quagga")).tweets == 1


async def test_what_was_erased_is_shown_again_once_its_file_is_loaded(tmp_path: Path) -> None:
    data = tmp_path / "data"
    two = "The numbat eats termites\n\n---\n\nThe okapi browses\n"
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "s.txt").write_text("The dugong grazes\nIn the sea\n", encoding="utf-8")
    async with Library.open(data, seeds) as library:
        await library.load(written(tmp_path, "c.txt", two), "ada")
        for each in ("numbat", "dugong"):
            (hit,) = (await library.ask(each)).hits
            await library.forget("ada", thread=hit.thread.id)
        await asyncio.to_thread(erase.erase, erase.plan(data, None), "ada")
        await library.catch_up()
        for load in (library.load([tmp_path / "c.txt"], "ada"), library.reload("ada")):
            assert not (await load).changed  # as long as it is hidden
        assert containing(data, "numbat") == []
        first, second = await library.removal.hidden()
        assert (first.name, second.name) == ("", "")
        for thing in (first, second):
            report = await library.unhide("ada", thing.id)
            assert (report.changed, report.threads_added) == (True, ())
        assert (await library.history(1))[0].unhidden == ()
        assert (await library.load([tmp_path / "c.txt"], "ada")).changed
        assert (await library.ask("numbat")).tweets == 1
        assert (await library.reload("ada")).changed
        assert (await library.ask("dugong")).tweets == 1
        assert not (await library.load([tmp_path / "c.txt"], "ada")).changed
        await library.undo("ada")
        assert (await library.ask("dugong")).tweets == 0
        await library.settled()
    assert damage(data / FILE) == []
    async with Library.open(data, seeds) as library:
        assert (await library.ask("numbat")).tweets == 1


async def test_hidden_and_removed_again_is_erased_again(tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with Library.open(data, SEEDS) as library:
        await changed(library, tmp_path)
        await asyncio.to_thread(erase.erase, erase.plan(data, None), "ada")
        assert erase.plan(data, None).is_empty
        await library.remove("b.txt", "ada")
        planned = erase.plan(data, None)
        assert [Path(each).name for each in planned.erasable.files] == ["b.txt"]
        await asyncio.to_thread(erase.erase, planned, "ada")
        await library.catch_up()
        await library.settled()
        assert containing(data, "okapi") == []
        assert await library.next_undo() is None


async def test_a_bot_that_has_not_noticed_says_that_the_library_was_changed(
    tmp_path: Path,
) -> None:
    data = tmp_path / "data"
    async with Library.open(data, SEEDS) as library, Library.open(data, SEEDS) as other:
        await library.load(written(tmp_path, "a.txt", "The quagga is gone"), "ada")
        await other.catch_up()
        await library.remove("a.txt", "ada")
        await asyncio.to_thread(erase.erase, erase.plan(data, None), "ada")
        with pytest.raises(NoLongerThere):
            await other.ask("quagga")
        await other.catch_up()
        assert (await other.ask("quagga")).tweets == 0


async def test_a_preview_does_not_name_what_was_just_erased(tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with Library.open(data, SEEDS) as library:
        own = await library.beside(77)
        await changed(library, tmp_path)
        await own.catch_up()
        for each in (library, own):
            (named,) = (await each.preview([tmp_path / "c.txt"])).hidden
            assert named.name == "@anna_field"
        await asyncio.to_thread(erase.erase, erase.plan(data, None), "ada")
        for each in (library, own):  # neither has noticed
            (named,) = (await each.preview([tmp_path / "c.txt"])).hidden
            assert (named.name, named.threads) == ("", 1)
        await own.settled()


async def test_a_guild_s_layers_lose_what_the_shared_library_erased(tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with Library.open(data, SEEDS) as library:
        own = await library.beside(77)
        await own.load(written(tmp_path, "own.txt", "Aye-ayes are shy"), "ada")
        await changed(library, tmp_path)
        await own.catch_up()
        await own.settled()
        await asyncio.to_thread(erase.erase, erase.plan(data, None), "ada")
        await library.catch_up()
        await own.catch_up()
        await library.settled()
        await own.settled()
        for word in SECRETS:
            assert containing(data, word) == []
        assert (await own.ask("shy")).tweets == 1
        assert (await own.next_undo()) is not None


async def test_uploads_and_replaced_stores_go_too(tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with Library.open(data, SEEDS):
        pass
    for folder in ("uploads/abc/files", "replaced-20260101", ".restore-killed"):
        (data / folder).mkdir(parents=True)
        (data / folder / "x").write_text("quagga", encoding="utf-8")
    planned = erase.plan(data, None)
    assert (planned.uploads, planned.set_aside) == (1, ("replaced-20260101",))
    erase.erase(planned, "ada")
    assert containing(data, "quagga") == []
    assert erase.plan(data, None).is_empty


async def test_a_bot_on_discord_names_it_in_the_history_and_offers_no_undo(scene: Scene) -> None:
    data = scene.library.folder
    own = await scene.client.libraries.own(scene.guild.id)
    await own.load(written(data.parent, "a.txt", "The quagga is gone"), "ada")
    await own.remove("a.txt", "ada")
    before = await (await scene.grace.slash("library history")).reply()
    assert "quagga" not in before.text
    assert before.buttons != []
    planned = await asyncio.to_thread(erase.plan, data, scene.guild.id)
    await asyncio.to_thread(erase.erase, planned, "grace")
    await own.catch_up()
    after = await (await scene.grace.slash("library history")).reply()
    assert "grace erased for good what was removed or hidden" in after.text
    assert [each.label for each in after.buttons if each.label == "Undo"] == []
    answer = await (await scene.ada.slash("ask", question="quagga")).reply()
    assert "quagga is gone" not in answer.text
    assert await asyncio.to_thread(containing, data, "quagga") == []
