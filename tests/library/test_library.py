"""The library: loading, reloading, undoing and asking, on a real store."""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import DumpError, NothingToUndo, NotTheLatest, SeedsMissing, ThreadNotFound
from bot.library import generations
from bot.library.library import Library
from bot.models import Answer, Metadata, Step, Thread
from bot.store.migrations import FILE
from tests.conftest import SEED, SEEDS


async def test_an_empty_library_loads_the_seeds_first(tmp_path: Path) -> None:
    async with Library.open(tmp_path, SEEDS) as library:
        assert library.first_load is not None
        assert (library.generation, library.tweets, len(library.threads())) == (1, 37, 7)
    async with Library.open(tmp_path, tmp_path / "nowhere") as library:
        assert library.first_load is None
        assert library.tweets == 37


async def test_the_same_seeds_again_change_nothing(tmp_path: Path, seeds: Path) -> None:
    async with Library.open(tmp_path / "data", seeds) as library:
        report = await library.reload("me")
        assert not report.changed
        assert report.generation == 1
        (dump,) = report.dumps
        assert (dump.added, dump.changed, dump.unchanged) == (0, 0, 37)


async def test_the_same_bytes_by_another_name_change_nothing(tmp_path: Path, seeds: Path) -> None:
    copy = tmp_path / "copy.txt"
    copy.write_bytes(SEED.read_bytes())
    async with Library.open(tmp_path / "data", seeds) as library:
        assert not (await library.load([copy], "me")).changed


async def test_a_seed_that_is_gone_takes_only_what_no_other_dump_has(
    tmp_path: Path, seeds: Path
) -> None:
    lines = SEED.read_text(encoding="utf-8").split("\n")
    (seeds / "short.txt").write_text("\n".join(lines[:6]), encoding="utf-8")
    async with Library.open(tmp_path / "data", seeds) as library:
        whole = await library.thread("suitcases")
        assert set(whole.dumps) == {SEED.name, "short.txt"}
        assert len(whole.tweets) == 19
        (seeds / SEED.name).unlink()
        report = await library.reload("me")
        assert len(report.threads_removed) == 6
        left = await library.thread("suitcases")
        assert [tweet.text for tweet in left.tweets] == [t.text for t in whole.tweets[:5]]
        assert left.id == whole.id


async def test_what_was_loaded_by_hand_outlives_a_reload(tmp_path: Path, seeds: Path) -> None:
    more = tmp_path / "more.txt"
    more.write_text("Okapis are shy\n", encoding="utf-8")
    async with Library.open(tmp_path / "data", seeds) as library:
        await library.load([more], "me")
        (seeds / "other.txt").write_text("Zebras are not\n", encoding="utf-8")
        await library.reload("me")
        assert (await library.ask("okapi")).tweets == 1
        assert (await library.ask("zebra")).tweets == 1


async def test_a_file_loaded_again_replaces_its_earlier_content(
    tmp_path: Path, seeds: Path
) -> None:
    more = tmp_path / "more.txt"
    async with Library.open(tmp_path / "data", seeds) as library:
        more.write_text("Okapis are shy\n", encoding="utf-8")
        await library.load([more], "me")
        more.write_text("Zebras are not\n", encoding="utf-8")
        await library.load([more], "me")
        assert (await library.ask("okapi")).tweets == 0
        await library.undo("me")
        assert (await library.ask("okapi")).tweets == 1


async def test_load_then_undo_is_where_it_began_and_undo_goes_further_back(
    tmp_path: Path, seeds: Path
) -> None:
    async with Library.open(tmp_path / "data", seeds) as library:
        before = [await library.thread(each.id) for each in library.threads()]
        for name in ("aardvark", "bushbaby"):
            (tmp_path / name).write_text(f"This is dump {name}", encoding="utf-8")
            await library.load([tmp_path / name], "me")
        await library.undo("me")
        assert (await library.ask("bushbaby")).tweets == 0
        assert (await library.ask("aardvark")).tweets == 1
        await library.undo("me")
        assert [await library.thread(each.id) for each in library.threads()] == before
        assert library.generation == 5
        with pytest.raises(NothingToUndo):
            await library.undo("me")


async def test_a_folder_can_be_loaded_and_its_faults_are_named(tmp_path: Path, seeds: Path) -> None:
    folder = tmp_path / "dumps"
    folder.mkdir()
    (folder / "fine.txt").write_text("Okapis are shy\n", encoding="utf-8")
    (folder / "bad.txt").write_bytes(bytes(100))
    async with Library.open(tmp_path / "data", seeds) as library:
        report = await library.load([folder, tmp_path / "nowhere.txt"], "me")
        assert [dump.dump.file.rsplit("/")[-1] for dump in report.dumps] == ["fine.txt"]
        assert sorted(error.file.rsplit("/")[-1] for error in report.errors) == [
            "bad.txt",
            "nowhere.txt",
        ]
        assert library.tweets == 38


async def test_seeds_that_all_fail_are_an_error_that_names_one(tmp_path: Path) -> None:
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / "empty.txt").touch()
    with pytest.raises(DumpError, match=r"empty\.txt: the file is empty"):
        async with Library.open(tmp_path / "data", folder):
            pass
    (folder / "empty.txt").unlink()
    with pytest.raises(SeedsMissing):
        async with Library.open(tmp_path / "data", folder):
            pass


async def test_another_process_s_load_is_noticed(tmp_path: Path, seeds: Path) -> None:
    (tmp_path / "more.txt").write_text("Okapis are shy\n", encoding="utf-8")
    async with Library.open(tmp_path / "data", seeds) as here:
        async with Library.open(tmp_path / "data", seeds) as there:
            await there.load([tmp_path / "more.txt"], "you")
        while (await here.ask("okapi")).tweets == 0:
            pass
        assert here.generation == 2


async def test_what_an_older_loader_read_is_read_anew(tmp_path: Path, seeds: Path) -> None:
    data = tmp_path / "data"
    async with Library.open(data, seeds):
        pass
    with sqlite3.connect(data / FILE) as connection:
        connection.execute("UPDATE dump SET parser_version = 0")
        connection.execute("UPDATE tweet SET text = 'garbled'")
    connection.close()
    async with Library.open(data, seeds) as library:
        assert (await library.ask("suitcases")).tweets > 0
        assert (await library.ask("garbled")).tweets == 0
        assert (await library.reload("me")).changed is False


async def test_an_answer_says_how_thin_its_evidence_is(tmp_path: Path) -> None:
    async with Library.open(tmp_path, SEEDS) as library:
        answer = await library.ask("Malaysian robots")
        assert answer.words_matched == 1
        assert answer.tweets_with_most == answer.tweets
        assert [(word.word, word.tweets > 0) for word in answer.words] == [
            ("Malaysian", True),
            ("robots", True),
        ]


QUESTIONS = ["", "   ", "?!", "the", "@", "#", "\x00", "👩\u200d👩\u200d👧", "a" * 5000]


@pytest.mark.parametrize("question", QUESTIONS)
async def test_no_question_breaks_it(tmp_path: Path, question: str) -> None:
    async with Library.open(tmp_path, SEEDS) as library:
        answer = await library.ask(question)
        assert all(hit.best.sources for hit in answer.hits)
        if question == "the":
            assert answer.hits


@pytest.mark.parametrize("reference", ["", "zebra", "https://x.com/a/status/1", "0" * 12, "//["])
async def test_no_reference_breaks_it(tmp_path: Path, reference: str) -> None:
    async with Library.open(tmp_path, SEEDS) as library:
        with pytest.raises(ThreadNotFound):
            await library.thread(reference)


async def test_a_reader_is_not_disturbed_by_a_newer_program(tmp_path: Path, seeds: Path) -> None:
    data = tmp_path / "data"
    async with Library.open(data, seeds) as older:
        with sqlite3.connect(data / FILE) as connection:
            connection.execute("UPDATE dump SET parser_version = 0")
        connection.close()
        async with Library.open(data, seeds) as newer:
            assert newer.generation == 2
            assert (await older.ask("suitcases")).tweets > 0
            with pytest.raises(NothingToUndo):
                await newer.undo("me")


async def test_undo_takes_back_what_another_process_did(tmp_path: Path, seeds: Path) -> None:
    (tmp_path / "more.txt").write_text("Okapis are shy\n", encoding="utf-8")
    data = tmp_path / "data"
    async with Library.open(data, seeds) as here, Library.open(data, seeds) as there:
        await there.load([tmp_path / "more.txt"], "you")
        with pytest.raises(NotTheLatest):
            await here.undo("me", generation=1)
        assert (await here.undo("me")).tweets_after == 37


async def test_a_file_that_becomes_a_copy_takes_its_old_words_with_it(
    tmp_path: Path, seeds: Path
) -> None:
    mine = tmp_path / "mine.txt"
    mine.write_text("Okapis are shy\n", encoding="utf-8")
    async with Library.open(tmp_path / "data", seeds) as library:
        await library.load([mine], "me")
        mine.write_bytes(SEED.read_bytes())
        await library.load([mine], "me")
        assert (await library.ask("okapi")).tweets == 0
        assert library.tweets == 37


async def test_remembering_and_loading_do_not_get_in_each_other_s_way(
    tmp_path: Path, seeds: Path
) -> None:
    (tmp_path / "more.txt").write_text("Okapis are shy\n", encoding="utf-8")
    async with Library.open(tmp_path / "data", seeds) as library:
        writes = [library.remember("key", str(number)) for number in range(20)]
        await asyncio.gather(library.load([tmp_path / "more.txt"], "me"), *writes)
        assert await library.setting("key") == "19"
        assert library.tweets == 38


async def test_a_load_that_is_stopped_leaves_nothing(tmp_path: Path, seeds: Path) -> None:
    made = "\n\n".join(f"{n}/ Okapis are shy, as I said before" for n in range(1, 3000))
    (tmp_path / "many.txt").write_text(made, encoding="utf-8")
    records = ({"id_str": str(n), "full_text": f"Okapi {n}"} for n in range(1, 6000))
    (tmp_path / "many.json").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    every: set[str] = set()
    async with Library.open(tmp_path / "data", seeds) as library:
        before = await library.ask("okapi")
        loop = asyncio.get_running_loop()
        for stop_at in ("reading", "comparing", "saving", "indexing"):
            reached = asyncio.Event()

            def tell(step: Step, at: str = stop_at, reached: asyncio.Event = reached) -> None:
                every.add(str(step.doing).split()[0])
                if str(step.doing).startswith(at):
                    loop.call_soon_threadsafe(reached.set)

            files = [tmp_path / "many.txt", tmp_path / "many.json"]
            loading = asyncio.create_task(library.load(files, "me", progress=tell))
            await reached.wait()
            loading.cancel()
            with suppress(asyncio.CancelledError):
                await loading
            if stop_at != "indexing":  # by then it is stored whole
                assert library.generation == 1
                assert (await library.ask("okapi")).tweets == before.tweets
                assert not library.busy
        async with Library.open(tmp_path / "data", seeds) as again:
            assert again.generation == 2
            assert (await again.ask("okapi")).tweets > before.tweets
    assert {"reading", "comparing", "saving", "indexing"} <= every


async def test_what_is_said_of_seeds_holds_of_all(tmp_path: Path, seeds: Path) -> None:
    answer = {"id_str": "2", "full_text": "@ben No.", "in_reply_to_status_id_str": "1"}
    (seeds / "a.json").write_text(json.dumps([answer]), encoding="utf-8")
    async with Library.open(tmp_path / "data", seeds) as library:
        assert library.tweets == 37
    kept = Metadata(keep_replies=True)
    async with Library.open(tmp_path / "data", seeds, seeds_metadata=kept) as library:
        assert (await library.reload("me")).tweets_after == 38


async def _asked(data: Path, seeds: Path) -> tuple[Answer, Thread]:
    async with Library.open(data, seeds) as library:
        answer = await library.ask('chip "export controls" curbs thread:15e2ef4b6f90 suitcaze')
        return replace(answer, took_ms=0.0), await library.thread("flying suitcases")


async def test_a_library_starts_from_its_filed_index(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot.library.generations")
    unfiled = await _asked(tmp_path / "data", seeds)
    assert list((tmp_path / "data").glob("index*")) == []  # too small to be worth it
    monkeypatch.setattr(generations, "WORTH_A_FILE", 1)
    assert await _asked(tmp_path / "data", seeds) == unfiled
    path = tmp_path / "data" / "index-0.bin"
    written = path.stat().st_mtime_ns
    assert await _asked(tmp_path / "data", seeds) == unfiled
    assert path.stat().st_mtime_ns == written
    assert caplog.text == ""

    path.write_bytes(path.read_bytes()[:-9])
    assert await _asked(tmp_path / "data", seeds) == unfiled
    assert "cannot use index-0.bin: it is damaged; rebuilding the index" in caplog.text
    assert path.stat().st_mtime_ns != written


async def test_an_index_of_an_earlier_file_version_is_built_anew(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot.library.generations")
    monkeypatch.setattr(generations, "WORTH_A_FILE", 1)
    with monkeypatch.context() as earlier:
        earlier.setattr(generations, "FILE_VERSION", generations.FILE_VERSION - 1)
        filed = await _asked(tmp_path / "data", seeds)
    path = tmp_path / "data" / "index-0.bin"
    before = path.read_bytes()
    assert await _asked(tmp_path / "data", seeds) == filed
    assert "cannot use index-0.bin: it was made from other data" in caplog.text
    assert path.read_bytes() != before


async def test_loads_and_the_filing_of_earlier_ones_do_not_get_in_each_other_s_way(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generations, "WORTH_A_FILE", 1)
    path = tmp_path / "often.txt"
    async with Library.open(tmp_path / "data", seeds) as library:
        for number in range(25):  # each takes the place of what is just being filed
            path.write_text(f"{'word ' * number}is what number {number} says.", encoding="utf-8")
            await library.load([path], "me")
        assert (await library.ask("number 24")).hits
    async with Library.open(tmp_path / "data", seeds) as again:
        assert (await again.ask("number 24")).hits
        assert again.tweets == library.tweets


async def test_an_index_filed_for_another_generation_is_not_used(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generations, "WORTH_A_FILE", 1)
    (tmp_path / "more.txt").write_text("An okapi came to the port.", encoding="utf-8")
    async with Library.open(tmp_path / "data", seeds) as library:
        await library.load([tmp_path / "more.txt"], "ada")
    async with Library.open(tmp_path / "data", seeds) as library:
        assert (await library.ask("okapi")).tweets == 1
        await library.undo("ada")
        assert (await library.ask("okapi")).tweets == 0
    async with Library.open(tmp_path / "data", seeds) as library:
        assert (await library.ask("okapi")).tweets == 0
        assert (await library.ask("chips")).tweets > 0
