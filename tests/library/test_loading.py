"""Loading: load, reload, undo and previews, on a real store."""

from __future__ import annotations

import asyncio
import json
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from bot.errors import DumpError, NothingToUndo, NotTheLatest, SeedsMissing
from bot.library.library import Library
from bot.loader import files as files_module
from bot.loader.intake import Intake
from bot.loader.parser import read_dump
from bot.loader.raw.content import Content
from bot.loader.raw.pictures import file_name
from bot.models import Dump, Media, Metadata, Step
from bot.reports import LoadReport
from tests.conftest import SEED
from tests.databases import at
from tests.pictures import JPEG, PNG, archive

pytestmark = pytest.mark.usefixtures("each_database")


async def test_the_same_seeds_again_change_nothing(tmp_path: Path, seeds: Path) -> None:
    async with Library.open(at(tmp_path / "data"), seeds) as library:
        report = await library.reload("me")
        assert not report.changed
        assert report.generation == 1
        (dump,) = report.dumps
        assert (dump.added, dump.changed, dump.unchanged) == (0, 0, 37)


async def test_the_same_bytes_by_another_name_change_nothing(tmp_path: Path, seeds: Path) -> None:
    copy = tmp_path / "copy.txt"
    copy.write_bytes(SEED.read_bytes())
    async with Library.open(at(tmp_path / "data"), seeds) as library:
        assert not (await library.load([copy], "me")).changed


async def test_a_seed_that_is_gone_takes_only_what_no_other_dump_has(
    tmp_path: Path, seeds: Path
) -> None:
    lines = SEED.read_text(encoding="utf-8").split("\n")
    (seeds / "short.txt").write_text("\n".join(lines[:6]), encoding="utf-8")
    async with Library.open(at(tmp_path / "data"), seeds) as library:
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
    async with Library.open(at(tmp_path / "data"), seeds) as library:
        await library.load([more], "me")
        (seeds / "other.txt").write_text("Zebras are not\n", encoding="utf-8")
        await library.reload("me")
        assert (await library.ask("okapi")).tweets == 1
        assert (await library.ask("zebra")).tweets == 1


async def test_a_file_loaded_again_replaces_its_earlier_content(
    tmp_path: Path, seeds: Path
) -> None:
    more = tmp_path / "more.txt"
    async with Library.open(at(tmp_path / "data"), seeds) as library:
        more.write_text("Okapis are shy\n", encoding="utf-8")
        await library.load([more], "me")
        more.write_text("Zebras are not\n", encoding="utf-8")
        await library.load([more], "me")
        assert (await library.ask("okapi")).tweets == 0
        await library.undo("me")
        assert (await library.ask("okapi")).tweets == 1


async def test_a_file_with_very_many_versions_of_a_thread_brings_one(
    tmp_path: Path, seeds: Path
) -> None:
    page = tmp_path / "page.html"
    box = '<div class="content-tweet" id="tweet_1" data-tweet="1900000000000000001">Port {}</div>'
    page.write_text("<html>" + "".join(box.format(n) for n in range(100)))
    async with Library.open(at(tmp_path / "data"), seeds) as library:
        (dump,) = (await library.load([page], "me")).dumps
        assert (dump.threads, dump.tweets, dump.added) == (1, 1, 1)
        assert len((await library.thread("1900000000000000001")).tweets) == 1


async def test_load_then_undo_is_where_it_began_and_undo_goes_further_back(
    tmp_path: Path, seeds: Path
) -> None:
    async with Library.open(at(tmp_path / "data"), seeds) as library:
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
        with pytest.raises(NothingToUndo, match="only the first load of the shared threads"):
            await library.undo("me")


async def test_the_first_load_by_a_person_can_be_undone(tmp_path: Path) -> None:
    okapi = tmp_path / "okapi.txt"
    okapi.write_text("Okapis are shy\n", encoding="utf-8")
    opened = Library.open(at(tmp_path / "data"), tmp_path / "nowhere", may_be_empty=True)
    async with opened as library:
        with pytest.raises(NothingToUndo, match="nothing is loaded or hidden here"):
            await library.undo("me")
        await library.load([okapi], "me")
        report = await library.undo("me")
        assert (report.threads_removed, report.action) == (("Okapis are shy",), "undo")
        assert library.tweets == 0
        with pytest.raises(NothingToUndo, match="nothing is loaded or hidden here"):
            await library.undo("me")


async def test_a_folder_can_be_loaded_and_its_faults_are_named(tmp_path: Path, seeds: Path) -> None:
    folder = tmp_path / "dumps"
    folder.mkdir()
    (folder / "fine.txt").write_text("Okapis are shy\n", encoding="utf-8")
    (folder / "bad.txt").write_bytes(bytes(100))
    async with Library.open(at(tmp_path / "data"), seeds) as library:
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
        async with Library.open(at(tmp_path / "data"), folder):
            pass
    (folder / "empty.txt").unlink()
    with pytest.raises(SeedsMissing):
        async with Library.open(at(tmp_path / "data"), folder):
            pass


async def test_undo_takes_back_what_another_process_did(tmp_path: Path, seeds: Path) -> None:
    (tmp_path / "more.txt").write_text("Okapis are shy\n", encoding="utf-8")
    data = tmp_path / "data"
    async with Library.open(at(data), seeds) as here, Library.open(at(data), seeds) as there:
        await there.load([tmp_path / "more.txt"], "you")
        with pytest.raises(NotTheLatest):
            await here.undo("me", generation=1)
        assert (await here.undo("me")).tweets_after == 37


async def test_a_file_that_becomes_a_copy_takes_its_old_words_with_it(
    tmp_path: Path, seeds: Path
) -> None:
    mine = tmp_path / "mine.txt"
    mine.write_text("Okapis are shy\n", encoding="utf-8")
    async with Library.open(at(tmp_path / "data"), seeds) as library:
        await library.load([mine], "me")
        mine.write_bytes(SEED.read_bytes())
        await library.load([mine], "me")
        assert (await library.ask("okapi")).tweets == 0
        assert library.tweets == 37


async def test_a_load_that_is_stopped_leaves_nothing(tmp_path: Path, seeds: Path) -> None:
    made = "\n\n".join(f"{n}/ Okapis are shy, as I said before" for n in range(1, 3000))
    (tmp_path / "many.txt").write_text(made, encoding="utf-8")
    records = ({"id_str": str(n), "full_text": f"Okapi {n}"} for n in range(1, 6000))
    (tmp_path / "many.json").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    every: set[str] = set()
    async with Library.open(at(tmp_path / "data"), seeds) as library:
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
        async with Library.open(at(tmp_path / "data"), seeds) as again:
            assert again.generation == 2
            assert (await again.ask("okapi")).tweets > before.tweets
    assert {"reading", "comparing", "saving", "indexing"} <= every


async def test_what_is_said_of_seeds_holds_of_all(tmp_path: Path, seeds: Path) -> None:
    answer = {"id_str": "2", "full_text": "@ben No.", "in_reply_to_status_id_str": "1"}
    (seeds / "a.json").write_text(json.dumps([answer]), encoding="utf-8")
    async with Library.open(at(tmp_path / "data"), seeds) as library:
        assert library.tweets == 37
    kept = Metadata(keep_replies=True)
    async with Library.open(at(tmp_path / "data"), seeds, seeds_metadata=kept) as library:
        assert (await library.reload("me")).tweets_after == 38


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are parsed from now on."""
    names: list[str] = []

    def noting(data: bytes | Content, file: str, *rest: Any, **options: Any) -> Dump:
        names.append(file)
        return read_dump(data, file, *rest, **options)

    monkeypatch.setattr(files_module, "read_dump", noting)
    return names


def counts(report: LoadReport) -> list[tuple[str, int, int, int, int]]:
    """For each file: its name, and how many tweets are new, changed, unchanged; and how many."""
    return [
        (each.dump.file, each.added, each.changed, each.unchanged, each.tweets)
        for each in report.dumps
    ]


async def test_a_reload_parses_only_what_has_changed(
    tmp_path: Path, seeds: Path, parsed: list[str]
) -> None:
    (seeds / "okapi.txt").write_text("Okapis, a thread\nThey are shy\n", encoding="utf-8")
    archive(seeds / "x.zip")
    with zipfile.ZipFile(seeds / "several.zip", "w") as both:
        both.writestr("one.txt", "Zebras are not\n")
        both.writestr("two.txt", "Tapirs are\n")
    async with Library.open(at(tmp_path / "data"), seeds) as library:
        every = [SEED.name, "okapi.txt", "several.zip/one.txt", "several.zip/two.txt", "x.zip"]
        assert sorted(parsed) == sorted(every)
        first = counts(await library.check([seeds]))
        parsed.clear()
        again = await library.preview_reload()
        assert not again.changed
        assert [each[1:] for each in counts(again)] == [each[1:] for each in first]
        assert not (await library.reload("me")).changed
        assert parsed == []
        (seeds / "okapi.txt").write_text("Okapis, a thread\nThey hide\n", encoding="utf-8")
        with zipfile.ZipFile(seeds / "several.zip", "a") as both:
            both.writestr("three.txt", "Ibexes climb\n")
        preview = await library.preview_reload()
        assert preview.changed
        assert preview.gone == ("okapi.txt",)
        assert ("x.zip", 0, 0, 3, 3) in counts(preview)
        report = await library.reload("me")
        assert report.changed
        assert parsed == ["okapi.txt", "several.zip/three.txt"] * 2
        assert {each for each in counts(report) if each[1]} == {
            ("okapi.txt", 2, 0, 0, 2),
            ("several.zip/three.txt", 1, 0, 0, 1),
        }
        for word, tweets in {"hide": 1, "shy": 0, "zebras": 1, "ibexes": 1}.items():
            assert (await library.ask(word)).tweets == tweets
        assert (await library.undo("me")).tweets_after == 37 + 2 + 2 + 3


async def test_seeds_are_parsed_again_if_what_is_said_of_them_changed(
    tmp_path: Path, seeds: Path, parsed: list[str]
) -> None:
    async with Library.open(at(tmp_path / "data"), seeds):
        pass
    signed = Metadata(author="anna")
    async with Library.open(at(tmp_path / "data"), seeds, seeds_metadata=signed) as library:
        parsed.clear()
        assert (await library.reload("me")).changed
        assert parsed == [SEED.name]
        assert not (await library.reload("me")).changed
        assert parsed == [SEED.name]


async def test_the_notices_of_unchanged_seeds_are_reported_again(
    tmp_path: Path, seeds: Path, parsed: list[str]
) -> None:
    repost = {"id_str": "1", "full_text": "RT @ben: Okapis", "retweeted_status": {"id_str": "0"}}
    posts = [repost, {"id_str": "2", "full_text": "Okapis are shy"}]
    (seeds / "posts.json").write_text(json.dumps(posts), encoding="utf-8")
    async with Library.open(at(tmp_path / "data"), seeds) as library:
        (once,) = (await library.check([seeds / "posts.json"])).dumps
        parsed.clear()
        (_, again) = (await library.preview_reload()).dumps
        assert parsed == []
        assert [(each.line, each.message) for each in again.dump.notices] == [
            (each.line, each.message) for each in once.dump.notices
        ]
        assert any("repost" in each.message for each in again.dump.notices)
        assert again.dump.format == once.dump.format


async def test_seeds_with_hidden_threads_are_parsed_to_name_these(
    tmp_path: Path, seeds: Path, parsed: list[str]
) -> None:
    (seeds / "okapi.txt").write_text("Okapis, a thread\nThey are shy\n", encoding="utf-8")
    async with Library.open(at(tmp_path / "data"), seeds) as library:
        await library.forget("me", thread="okapis")
        parsed.clear()
        report = await library.preview_reload()
        assert parsed == ["okapi.txt"]
        assert [each.name for each in report.hidden] == ["Okapis, a thread"]


async def test_a_picture_that_is_damaged_beside_unchanged_words_is_noticed(
    tmp_path: Path, seeds: Path, parsed: list[str]
) -> None:
    with zipfile.ZipFile(archive(tmp_path / "x.zip")) as whole:
        whole.extractall(seeds / "x")
    async with Library.open(at(tmp_path / "data"), seeds) as library:
        parsed.clear()
        await library.preview_reload()
        assert parsed == []
        picture = next((seeds / "x").rglob("*.jpg"))
        picture.write_bytes(b"no picture")
        report = await library.preview_reload()
        assert parsed == ["x"]
        assert any(
            "did not copy 2 pictures" in notice.message
            for each in report.dumps
            for notice in each.dump.notices
        )


async def test_a_seed_that_another_process_takes_out_meanwhile_is_parsed_after_all(
    tmp_path: Path, seeds: Path, parsed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def remove() -> None:
        async with Library.open(at(tmp_path / "data"), seeds) as there:
            await there.remove(SEED.name, "rival")

    took_in = files_module.take_in_seeds
    rivals = [remove]

    def overtaken(*rest: Any) -> Intake:
        intake = took_in(*rest)
        if rivals:
            asyncio.run(rivals.pop()())  # in the thread of the reading
        return intake

    async with Library.open(at(tmp_path / "data"), seeds) as library:
        parsed.clear()
        monkeypatch.setattr(files_module, "take_in_seeds", overtaken)
        report = await library.reload("me")
        assert parsed == [SEED.name]
        assert (report.generation, report.tweets_after) == (3, 37)
        assert (await library.ask("suitcases")).tweets


NAMES = [file_name(JPEG), file_name(PNG), None]


def files(library: Library) -> list[str]:
    """The pictures that a library keeps."""
    return sorted(each.name for each in library.media.glob("*"))


async def test_the_pictures_that_tweets_of_an_archive_show_are_kept(
    tmp_path: Path, seeds: Path
) -> None:
    path = archive(tmp_path / "archive.zip")
    async with Library.open(at(tmp_path / "data"), seeds) as library:
        (dump,) = (await library.load([path], "me")).dumps
        assert [each.message for each in dump.dump.notices] == [
            "did not copy 1 picture: 1 not readable as JPEG, PNG, GIF or WebP"
        ]
        found = await library.thread("okapis fence")
        assert [each.text for each in found.tweets] == ["Okapis by the fence", "", "They left"]
        assert [media.file for each in found.tweets for media in each.media] == NAMES
        assert files(library) == sorted(filter(None, NAMES))
        assert (library.media / str(NAMES[1])).read_bytes() == PNG
    async with Library.open(at(tmp_path / "data"), seeds) as library:
        again = await library.thread("okapis fence")
        assert again == found


async def test_what_only_looks_writes_no_picture(tmp_path: Path, seeds: Path) -> None:
    path = archive(tmp_path / "archive.zip")
    async with Library.open(at(tmp_path / "data"), seeds) as library:
        checked = await library.check([path])
        media = checked.dumps[0].dump.threads[0].tweets[0].media
        assert [each.file for each in media] == NAMES[:2]
        await library.preview([path])
        assert not library.media.exists()


async def test_a_folder_has_its_pictures_too(tmp_path: Path, seeds: Path) -> None:
    unpacked = tmp_path / "unpacked"
    with zipfile.ZipFile(archive(tmp_path / "archive.zip")) as whole:
        whole.extractall(unpacked)
    async with Library.open(at(tmp_path / "data"), seeds) as library:
        report = await library.load([unpacked], "me")
        assert (len(report.dumps), report.errors) == (1, ())
        assert files(library) == sorted(filter(None, NAMES))


async def test_pictures_beside_markdown_and_outboxes_are_found(tmp_path: Path, seeds: Path) -> None:
    folder = tmp_path / "notes"
    (folder / "pics").mkdir(parents=True)
    (folder / "pics" / "a crane.jpg").write_bytes(JPEG)
    (folder / "unused.png").write_bytes(PNG)
    text = "# Cranes\n\nOkapis by a crane ![A crane](pics/a%20crane.jpg)\n\n![](../../etc/b.jpg)\n"
    (folder / "a.md").write_text(text, encoding="utf-8")
    async with Library.open(at(tmp_path / "data"), seeds) as library:
        report = await library.load([folder], "me")
        assert report.errors == ()
        (tweet,) = (await library.thread("okapis")).tweets
        assert tweet.media == (Media("photo", None, "A crane", None, file_name(JPEG)),)
        assert files(library) == [file_name(JPEG)]


async def test_undo_brings_back_pictures_too(tmp_path: Path, seeds: Path) -> None:
    path = archive(tmp_path / "archive.zip")
    async with Library.open(at(tmp_path / "data"), seeds) as library:
        await library.load([path], "me")
        await library.remove(str(path), "me")
        await library.undo("me")
        found = await library.thread("okapis fence")
        for media in found.tweets[0].media:
            assert (library.media / str(media.file)).is_file()


async def test_alt_text_is_asked_for_like_words(tmp_path: Path, seeds: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("# A\n\nLook at it ![An okapi asleep](https://a.example/b.jpg)\n\nNo more\n")
    async with Library.open(at(tmp_path / "data"), seeds) as library:
        await library.load([path], "me")
        (hit,) = (await library.ask("okapis")).hits
        assert hit.best.highlights == ()
        assert hit.best.alt_highlights == (((3, 8),),)
        assert (await library.ask('"it an okapi"')).hints


async def test_a_dump_with_media_enriches_the_same_thread_without(
    tmp_path: Path, seeds: Path
) -> None:
    plain, rich = tmp_path / "a.txt", tmp_path / "b.md"
    plain.write_text("Okapis sleep by the fence\n", encoding="utf-8")
    rich.write_text(
        "---\nauthor: anna\n---\n\nOkapis sleep by the fence ![One of them](https://a.example/b.jpg)\n"
    )
    async with Library.open(at(tmp_path / "data"), seeds) as library:
        await library.load([plain], "me")
        (dump,) = (await library.load([rich], "me")).dumps
        assert (dump.added, dump.changed, dump.unchanged) == (0, 1, 0)
        (again,) = (await library.load([rich], "me")).dumps
        assert (again.added, again.changed, again.unchanged) == (0, 0, 1)
        assert len((await library.thread("okapis")).tweets[0].media) == 1
        await library.undo("me")
        assert (await library.thread("okapis")).tweets[0].media == ()
