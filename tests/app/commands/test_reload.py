"""`/reload`, by those who may and those who may not."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.app.commands import reload
from bot.app.uploads import delete_old_uploads
from bot.background.worker import Limits
from bot.errors import ReloadRunning
from bot.library.workers import Workers
from bot.loader import files
from bot.loader.parser import read_dump
from bot.loader.raw.content import Content
from bot.models import Dump
from bot.views.discord import custom_id
from tests.app.conftest import Scene, at_work, reloaded, scene_with
from tests.app.test_forged import pressed
from tests.conftest import SEED
from tests.discord_server import LoopbackDiscord, Message, Upload
from tests.loader.test_fixtures import DUMPS


async def test_it_is_shown_first_then_applied_and_can_be_undone(scene: Scene) -> None:
    (scene.seeds / "okapi.txt").write_text("Okapis, a thread\nThey are shy\n", encoding="utf-8")
    exchange = await scene.grace.slash("reload")
    assert exchange.deferred
    preview = await exchange.reply()
    assert preview.ephemeral
    plain = preview.text.replace("\\", "")
    assert "2 new tweets, none changed, 37 already loaded." in plain
    assert "okapi.txt (written by hand): 1 thread, 2 tweets" in plain
    assert scene.library.generation == 1
    applied = await scene.grace.press(preview, label="Reload")
    report = await applied.reply()
    assert report.id == preview.id
    assert "+2 tweets. The library now has 39 tweets in 8 threads." in report.text.replace("\\", "")
    assert "New: Okapis, a thread" in report.text
    answer = await (await scene.ada.slash("ask", question="okapi")).reply()
    assert "**__Okapis__, a thread**" in answer.text
    undone = await scene.grace.press(report, label="Undo")
    assert "−2 tweets. The library now has 37 tweets" in (await undone.reply()).text
    assert scene.library.generation == 3


async def test_a_file_that_does_not_look_like_a_thread_is_doubted_before_it_is_applied(
    scene: Scene,
) -> None:
    (scene.seeds / "list.txt").write_text("Milk\nEggs\nBread\nRope\n", encoding="utf-8")
    preview = await (await scene.grace.slash("reload")).reply()
    plain = preview.text.replace("\\", "")
    doubt = "Please check list.txt: this looks like a list of short items, not a thread."
    assert doubt in plain
    assert plain.index(doubt) < plain.index("list.txt (written by hand)")
    assert [each.label for each in preview.buttons] == ["Reload anyway", "Cancel"]
    assert scene.library.generation == 1
    applied = await (await scene.grace.press(preview, label="Reload anyway")).reply()
    assert "+4 tweets." in applied.text


async def test_unchanged_seeds_are_not_parsed_by_the_preview_nor_when_it_is_applied(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[str] = []

    def noting(data: bytes | Content, file: str, *rest: Any, **options: Any) -> Dump:
        parsed.append(file)
        return read_dump(data, file, *rest, **options)

    monkeypatch.setattr(files, "read_dump", noting)
    preview = await (await scene.grace.slash("reload")).reply()
    assert "No changes to apply." in preview.text
    assert "7 threads, 37 tweets" in preview.text
    assert parsed == []
    (scene.seeds / "okapi.txt").write_text("Okapis, a thread\nThey are shy\n", encoding="utf-8")
    report = await reloaded(scene)
    assert "+2 tweets." in report.text
    assert parsed == ["okapi.txt", "okapi.txt"]


async def test_a_thread_is_not_doubted(scene: Scene) -> None:
    (scene.seeds / "okapi.txt").write_text("Okapis, a thread\nThey are shy\n", encoding="utf-8")
    preview = await (await scene.grace.slash("reload")).reply()
    assert "Please check" not in preview.text
    assert [each.label for each in preview.buttons] == ["Reload", "Cancel"]


async def test_a_saved_page_of_x_is_loaded_without_other_people_s_posts(scene: Scene) -> None:
    page = (DUMPS / "html_x_status.txt").read_bytes()
    (scene.seeds / "page.html").write_bytes(page)
    preview = await (await scene.grace.slash("reload")).reply()
    plain = preview.text.replace("\\", "")
    assert "page.html (page of X): 1 thread, 5 tweets, 5 new" in plain
    assert "a post by @harbour_news, not the thread's author; left out" in plain
    await (await scene.grace.press(preview, label="Reload")).reply()
    answer = await (await scene.ada.slash("ask", question="quay sand")).reply()
    assert "deep_cables" in answer.text.replace("\\", "")
    assert "We never saw" not in answer.text


async def test_a_web_page_without_a_thread_is_doubted(scene: Scene) -> None:
    page = "<html><body><p>The harbour is open.</p><p>Ask the warden.</p></body></html>"
    (scene.seeds / "page.html").write_text(page, encoding="utf-8")
    preview = await (await scene.grace.slash("reload")).reply()
    plain = preview.text.replace("\\", "")
    assert "Please check page.html: this looks like a web page without a thread." in plain
    assert [each.label for each in preview.buttons] == ["Reload anyway", "Cancel"]


async def test_what_is_cancelled_changes_nothing(scene: Scene) -> None:
    (scene.seeds / "okapi.txt").write_text("Okapis, a thread\n", encoding="utf-8")
    preview = await (await scene.grace.slash("reload")).reply()
    cancelled = await scene.grace.press(preview, label="Cancel")
    assert (await cancelled.reply()).text == "Nothing was loaded."
    assert scene.library.generation == 1


async def test_nothing_new_is_said_to_be_nothing(scene: Scene) -> None:
    preview = await (await scene.grace.slash("reload")).reply()
    assert "No changes to apply." in preview.text
    assert preview.buttons == []


async def test_a_member_is_refused_though_the_command_is_there(scene: Scene) -> None:
    (scene.seeds / "okapi.txt").write_text("Okapis, a thread\n", encoding="utf-8")
    sent = Upload("okapi.txt", b"Okapis, a thread\n")
    message = await (await scene.ada.slash("reload", file=sent)).reply()
    assert message.ephemeral
    assert "requires the permission “Manage Server”" in message.text
    assert scene.library.generation == 1
    assert not (scene.library.folder / "uploads").exists()


async def test_a_member_without_any_right_is_told_the_permission(scene: Scene) -> None:
    message = await (await scene.ada.slash("reload")).reply()
    assert message.ephemeral
    assert "/reload requires the permission “Manage Server”" in message.text
    assert "with a file" not in message.text


async def test_a_server_s_manager_does_not_change_what_all_servers_share(scene: Scene) -> None:
    (scene.seeds / "okapi.txt").write_text("Okapis, a thread\n", encoding="utf-8")
    heidi = scene.guild.add_member("heidi", permissions=scene.grace.permissions)
    refused = await (await heidi.slash("reload")).reply()
    assert refused.ephemeral
    assert "/reload would change the threads that all servers share. Only the" in refused.text
    sent = Upload("tapir.txt", b"Tapirs, a thread\n")
    preview = await (await heidi.slash("reload", file=sent)).reply()
    report = await (await heidi.press(preview, label="Load")).reply()
    assert "+1 tweet." in report.text, "what their own server has is theirs"
    assert scene.library.generation == 1


async def test_a_manager_neither_applies_ends_nor_undoes_a_change_of_what_all_servers_share(
    scene: Scene,
) -> None:
    (scene.seeds / "okapi.txt").write_text("Okapis, a thread\n", encoding="utf-8")
    heidi = scene.guild.add_member("heidi", permissions=scene.grace.permissions)
    said = "would change the threads that all servers share. Only the"

    async def is_refused(message: Message, identity: str) -> bool:
        return said in await pressed(heidi, message, identity)

    preview = await (await scene.grace.slash("reload")).reply()
    assert await is_refused(preview, custom_id.decide("apply", reload.SEEDS))
    assert await is_refused(preview, custom_id.decide("cancel", reload.SEEDS))
    assert scene.library.generation == 1
    report = await (await scene.grace.press(preview, label="Reload")).reply()
    assert await is_refused(report, custom_id.undo(2, "s"))
    assert scene.library.generation == 2
    with scene.client.loads_under_way.register(scene.guild.id, shared=True) as load:
        assert await is_refused(report, custom_id.end(load.key))


async def test_an_operator_changes_the_shared_library_without_managing_the_server(
    tmp_path: Path, seeds: Path
) -> None:
    async with LoopbackDiscord() as server:
        ada = server.add_guild("Chips").add_member("ada")
        async with at_work(server, tmp_path / "data", seeds, operators=[ada]) as client:
            await server.commands_synced()
            (seeds / "okapi.txt").write_text("Okapis, a thread\n", encoding="utf-8")
            preview = await (await ada.slash("reload")).reply()
            report = await (await ada.press(preview, label="Reload")).reply()
            assert client.library.generation == 2
            await (await ada.press(report, label="Undo")).reply()
            assert client.library.generation == 3


async def test_who_lost_the_permission_can_not_apply(scene: Scene) -> None:
    sent = Upload("okapi.txt", b"Okapis, a thread\n")
    preview = await (await scene.grace.slash("reload", file=sent)).reply()
    scene.grace.membership = replace(scene.grace.membership, permissions=scene.ada.permissions)
    refused = await (await scene.grace.press(preview, label="Load")).reply()
    assert "Load requires the permission “Manage Server”" in refused.text
    assert scene.library.generation == 1


async def test_the_command_is_shown_to_all_as_any_role_may_be_chosen(scene: Scene) -> None:
    (command,) = [each for each in scene.server.commands if each["name"] == "reload"]
    assert command["default_member_permissions"] is None


async def test_a_dump_that_can_not_be_read_is_named_and_still_served(scene: Scene) -> None:
    (scene.seeds / SEED.name).write_bytes(b"")
    (scene.seeds / "okapi.txt").write_text("Okapis, a thread\n", encoding="utf-8")
    preview = await (await scene.grace.slash("reload")).reply()
    assert f"The earlier version stays loaded: {SEED.name}" in preview.text.replace("\\", "")
    report = await reloaded(scene)
    plain = report.text.replace("\\", "")
    assert f"Cannot read {SEED.name}: the file is empty" in plain
    assert f"The earlier version stays loaded: {SEED.name}" in plain
    assert scene.library.tweets == 38


async def test_what_would_go_is_named_first(scene: Scene) -> None:
    (scene.seeds / SEED.name).rename(scene.seeds / "other.txt")
    (scene.seeds / "other.txt").write_text("Okapis, a thread\n", encoding="utf-8")
    preview = await (await scene.grace.slash("reload")).reply()
    assert f"Would be removed or replaced: {SEED.name}" in preview.text.replace("\\", "")


async def test_seeds_that_are_gone_are_a_sentence_and_the_old_ones_stay(scene: Scene) -> None:
    (scene.seeds / SEED.name).unlink()
    report = await (await scene.grace.slash("reload")).reply()
    assert "No shared threads are available" in report.text
    assert "or load your own files with /reload" in report.text
    assert str(scene.seeds) not in report.text, "where they lie is the operator's business"
    answer = await (await scene.ada.slash("ask", question="suitcases")).reply()
    assert "suitcase" in answer.text


async def test_asking_goes_on_while_reloading(scene: Scene) -> None:
    for number in range(200):
        lines = "\n".join(f"Thread {number} says that okapis are shy, part {n}" for n in range(20))
        (scene.seeds / f"{number}.txt").write_text(lines, encoding="utf-8")
    preview = await (await scene.grace.slash("reload")).reply()
    applied = await scene.grace.press(preview, label="Reload")
    generations: list[int] = []
    while scene.library.generation == 1:
        member = scene.guild.add_member(f"member{len(generations)}")
        asked = await member.slash("ask", question="suitcases")
        assert "suitcase" in (await asked.reply()).text
        generations.append(scene.library.generation)
    assert generations[0] == 1
    report = await applied.reply(until=lambda message: "The library now has" in message.text)
    assert "+4,000 tweets" in report.text


async def test_one_reload_at_a_time_by_name(scene: Scene) -> None:
    for number in range(100):
        (scene.seeds / f"{number}.txt").write_text(f"Number {number} of many", encoding="utf-8")
    previews = [await (await scene.grace.slash("reload")).reply() for _ in range(2)]
    pressed = await asyncio.gather(*(scene.grace.press(each, label="Reload") for each in previews))
    texts = sorted([(await each.reply()).text.replace("\\", "") for each in pressed])
    assert texts[0].startswith("**Reloaded the shared threads.**\n+100 tweets")
    assert texts[1] == str(ReloadRunning("Grace"))


async def test_how_far_a_long_reload_is_is_told(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reload, "PROGRESS_SECONDS", 0.02)
    for number in range(300):
        lines = "\n".join(f"Thread {number} says that okapis are shy, part {n}" for n in range(20))
        (scene.seeds / f"{number}.txt").write_text(lines, encoding="utf-8")
    exchange = await scene.grace.slash("reload")
    told = await exchange.reply(until=lambda message: "In progress: " in message.text)
    assert "You can keep asking meanwhile" in told.text
    await exchange.reply(until=lambda message: "6,000 new tweets, none changed" in message.text)


async def test_files_that_are_sent_are_loaded_for_this_server_alone(scene: Scene) -> None:
    other = scene.server.add_guild("Ships").add_member("eve")
    sent = [
        Upload("okapi.txt", b"Okapis, a thread\nThey are shy\n"),
        Upload("okapi.txt", b"Tapirs, a thread\nThey swim\n"),
    ]
    asked = await scene.grace.slash("reload", file=sent[0], file2=sent[1], author="@anna")
    preview = await asked.reply()
    plain = preview.text.replace("\\", "")
    assert plain.startswith("**Load 1-okapi.txt and okapi.txt for this server?**\n4 new tweets")
    assert scene.library.generation == 1
    report = await (await scene.grace.press(preview, label="Load")).reply()
    assert "+4 tweets. The library now has 41 tweets in 9 threads" in report.text.replace("\\", "")
    assert "Loaded 2 files: 1-okapi.txt and okapi.txt." in report.text.replace("\\", "")
    assert re.search(r"Search them with </ask:\d+>, or read one with </thread:\d+>", report.text)
    here = await (await scene.ada.slash("ask", question="okapis")).reply()
    assert "**__Okapis__, a thread**" in here.text
    assert "@anna" in here.text.replace("\\", "")
    there = await (await other.slash("ask", question="okapis")).reply()
    assert "Nothing matches" in there.text
    assert await other.autocomplete("thread", option="thread", text="okapi") == []
    assert await other.autocomplete("ask", option="author", text="ann", question="x") == []
    eve = scene.server.add_user("eve")
    assert "Nothing matches" in (await (await eve.slash("ask", question="okapis")).reply()).text
    read = here.buttons[0].custom_id
    assert read is not None
    gone = await (await other.slash("thread", thread=read.split(":")[2])).reply()
    assert "No loaded thread has the id" in gone.text
    undone = await (await scene.grace.press(report, label="Undo")).reply()
    assert "−4 tweets. The library now has 37 tweets" in undone.text
    assert list((scene.library.folder / "uploads").iterdir()) == []


async def test_a_file_with_no_tweet_says_why_and_nothing_waits(scene: Scene) -> None:
    asked = await scene.grace.slash("reload", file=Upload("empty.txt", b""))
    preview = await asked.reply()
    assert "**The file cannot be read.**" in preview.text
    assert "No changes" not in preview.text
    assert "Cannot read empty.txt: the file is empty" in preview.text.replace("\\", "")
    assert preview.buttons == []
    assert list((scene.library.folder / "uploads").iterdir()) == []


async def test_an_author_that_was_given_before_is_missed_before_and_after(scene: Scene) -> None:
    dump = Upload("okapi.txt", b"Okapis, a thread\n")
    given = await (await scene.grace.slash("reload", file=dump, author="anna")).reply()
    assert "has none now" not in given.text
    await (await scene.grace.press(given, label="Load")).reply()
    kept = await (await scene.grace.slash("reload", file=dump, author="anna")).reply()
    assert "has none now" not in kept.text
    preview = await (await scene.grace.slash("reload", file=dump)).reply()
    said = "okapi.txt was loaded with the author @anna before, and has none now."
    assert said in preview.text.replace("\\", "")
    scene.grace.locale = "de"
    german = await (await scene.grace.slash("reload", file=dump)).reply()
    gone = "okapi.txt wurde vorher mit dem Autor @anna geladen und hat jetzt keinen."
    assert gone in german.text.replace("\\", "")
    report = await (await scene.grace.press(preview, label="Load")).reply()
    assert gone in report.text.replace("\\", "")


REFUSED = [
    (Upload("a.zip", b"PK\x03\x04 and no more"), "dieses ZIP-Archiv ist beschädigt ("),
    (Upload("a.pdf", b"%PDF-1.7\n\x00\x01"), "das ist ein PDF-Dokument, kein Text;"),
    (Upload("blank.txt", b"\n \n"), "die Datei enthält nur leere Zeilen"),
    (Upload("a.json", b'[{"a": 1}]'), "es wurden keine Tweets gefunden (ein Datensatz ohne Tweet"),
    (Upload("long.txt", b"a" * 1_500_000), "die Zeile ist länger als 1.000.000 Zeichen, also"),
]
"""Files that cannot be read, and what a German reads."""


async def test_why_files_cannot_be_read_is_said_in_the_reader_s_language(scene: Scene) -> None:
    scene.grace.locale = "de"
    files = {"file" + (str(n) if n > 1 else ""): each for n, (each, _) in enumerate(REFUSED, 1)}
    refused = await (await scene.grace.slash("reload", **files)).reply()
    plain = refused.text.replace("\\", "")
    assert "Keine der 5 Dateien ist lesbar." in plain
    for upload, why in REFUSED:
        assert re.search(
            f"{re.escape(upload.filename)}(:1)? ist nicht lesbar: {re.escape(why)}", plain
        )
    assert refused.buttons == []


async def test_what_was_noticed_in_a_file_is_said_in_the_reader_s_language(scene: Scene) -> None:
    scene.grace.locale = "de"
    sent = Upload("a.json", b'[{"id_str": "1500000000000000001", "full_text": "Okapis"}, {}]')
    shown = await (await scene.grace.slash("reload", file=sent)).reply()
    assert "a.json:1: ein Datensatz ohne Tweet; ausgelassen" in shown.text.replace("\\", "")


async def test_many_notices_come_as_a_file(scene: Scene) -> None:
    broken = "\n".join(['{"id": "1", "text": "Okapis", "user": {"screen_name": "a"}}', *["{"] * 9])
    preview = await (
        await scene.grace.slash("reload", file=Upload("a.jsonl", broken.encode()))
    ).reply()
    (notices,) = preview.files
    assert notices.filename == "notices.txt"
    assert notices.text.count("a.jsonl:") == 9
    cancelled = await (await scene.grace.press(preview, label="Cancel")).reply()
    assert cancelled.text == "Nothing was loaded."
    again = await scene.grace.press(
        await (await scene.grace.slash("reload", file=Upload("a.txt", b"Okapis"))).reply(),
        label="Cancel",
    )
    assert (await again.reply()).text == "Nothing was loaded."


async def test_an_option_that_is_wrong_is_named(scene: Scene) -> None:
    asked = await scene.grace.slash("reload", file=Upload("a.txt", b"Okapis"), source="here")
    assert "source here: not a valid web address" in (await asked.reply()).text


async def test_a_table_with_unknown_columns_is_loaded_once_they_are_named(scene: Scene) -> None:
    table = Upload("okapi.csv", b"Nr,Body,Who,Posted\n1,Okapis are shy,anna,2024-03-01\n")
    refused = await (await scene.grace.slash("reload", file=table)).reply()
    plain = refused.text.replace("\\", "")
    assert "no known column of tweets’ texts; it has: Nr, Body, Who, Posted" in plain
    assert "text=NAME, with --column or the option columns of /reload" in plain
    named = "text=Body, author=Who; date=Posted"
    preview = await (await scene.grace.slash("reload", file=table, columns=named)).reply()
    assert "1 new tweet" in preview.text
    report = await (await scene.grace.press(preview, label="Load")).reply()
    assert "+1 tweet." in report.text
    answer = await (await scene.ada.slash("ask", question="okapis from:anna")).reply()
    assert "**__Okapis__ are shy**" in answer.text
    assert "<t:1709251200:D>" in answer.text


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        ("Body", "columns Body: write KEY=NAME, such as text=Body. The keys are text, id, author,"),
        ("text=Body, words=Who", "columns words=Who: write KEY=NAME"),
        ("text=Bod", "the table has no column “Bod”; it has: Nr, Body, Who"),
    ],
)
async def test_columns_that_are_wrong_are_named(scene: Scene, columns: str, why: str) -> None:
    table = Upload("okapi.csv", b"Nr,Body,Who\n1,Okapis are shy,anna\n")
    refused = await (await scene.grace.slash("reload", file=table, columns=columns)).reply()
    assert refused.ephemeral
    assert why in refused.text.replace("\\", "")
    assert refused.buttons == []
    assert scene.library.generation == 1
    assert list((scene.library.folder / "uploads").glob("*")) == []


@pytest.mark.parametrize("label", ["Load", "Cancel"])
async def test_an_upload_that_expired_asks_for_the_files_again(scene: Scene, label: str) -> None:
    upload = Upload("okapi.txt", b"Okapis, a thread\n")
    preview = await (await scene.grace.slash("reload", file=upload)).reply()
    delete_old_uploads(scene.library.folder, seconds=-60)
    expired = await (await scene.grace.press(preview, label=label)).reply()
    assert expired.text == "This upload has expired. Send the files again with /reload."
    answer = await (await scene.ada.slash("ask", question="okapi")).reply()
    assert "Nothing matches" in answer.text
    preview = await (await scene.grace.slash("reload", file=upload)).reply()
    report = await (await scene.grace.press(preview, label="Load")).reply()
    assert "+1 tweet." in report.text


PLENTY = Limits(60, 500)


def many(count: int, word: str) -> Upload:
    """A file of that many single tweets."""
    posts = [
        {"id_str": str(1_500_000_000_000_000_000 + at), "full_text": f"{word} number {at}"}
        for at in range(count)
    ]
    return Upload(f"{word}.json", json.dumps(posts).encode())


@asynccontextmanager
async def with_workers(folder: Path, seeds: Path, limits: Limits = PLENTY) -> AsyncIterator[Scene]:
    """A bot that loads in workers, as `threadbot run` does."""
    async with scene_with(folder, seeds, workers=Workers(limits)) as scene:
        yield scene


async def test_a_load_in_a_worker_is_reported_and_served(tmp_path: Path, seeds: Path) -> None:
    async with with_workers(tmp_path, seeds) as scene:
        preview = await (await scene.grace.slash("reload", file=many(200, "okapi"))).reply()
        assert "200 new tweets" in preview.text
        report = await (await scene.grace.press(preview, label="Load")).reply()
        assert "+200 tweets." in report.text
        answer = await (await scene.ada.slash("ask", question="okapi 17")).reply()
        assert "**__okapi__ number __17__**" in answer.text
        undone = await (await scene.grace.press(report, label="Undo")).reply()
        assert "−200 tweets." in undone.text


async def test_a_load_can_be_cancelled_while_it_runs(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reload, "PROGRESS_SECONDS", 0.02)
    async with with_workers(tmp_path, seeds) as scene:
        exchange = await scene.grace.slash("reload", file=many(30_000, "okapi"))
        told = await exchange.reply(until=lambda message: "In progress: " in message.text)
        assert [each.label for each in told.buttons] == ["Cancel"]
        await scene.grace.press(told, label="Cancel")
        ended = await exchange.reply(until=lambda message: "cancelled" in message.text)
        assert ended.text == "Grace cancelled this. Nothing was changed."
        assert not list((tmp_path / "uploads").iterdir())
        exchange = await scene.grace.slash("reload", file=many(200, "okapi"))
        await exchange.reply(until=lambda message: "200 new tweets" in message.text)


async def test_who_may_no_longer_load_cannot_cancel_a_load(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reload, "PROGRESS_SECONDS", 0.02)
    async with with_workers(tmp_path, seeds) as scene:
        exchange = await scene.grace.slash("reload", file=many(30_000, "okapi"))
        told = await exchange.reply(until=lambda message: "In progress: " in message.text)
        membership = replace(scene.grace.membership, permissions=discord.Permissions())
        monkeypatch.setattr(scene.grace, "membership", membership)
        refused = await scene.grace.press(told, label="Cancel")
        await refused.reply(until=lambda message: "requires the permission" in message.text)
        done = await exchange.reply(
            until=lambda message: "30,000 new tweets" in message.text, within=60
        )
        assert done.buttons


async def test_a_load_over_its_limits_says_so_and_what_to_do(tmp_path: Path, seeds: Path) -> None:
    async with with_workers(tmp_path, seeds, Limits(0.01, 500)) as scene:
        told = await (await scene.grace.slash("reload", file=many(3_000, "okapi"))).reply()
        assert "Nothing was changed. Load fewer or smaller files at once." in told.text
        assert not list((tmp_path / "uploads").iterdir())
        answer = await (await scene.ada.slash("ask", question="suitcases")).reply()
        assert answer.buttons


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the memory of a load")
async def test_a_load_over_its_memory_says_which_setting_to_raise(
    tmp_path: Path, seeds: Path
) -> None:
    async with with_workers(tmp_path, seeds, Limits(60, 20)) as scene:
        told = await (await scene.grace.slash("reload", file=many(3_000, "okapi"))).reply()
        assert "This needed more than 20 MB of memory and was stopped (" in told.text
        assert "The operator can raise THREADBOT_LOAD_MEMORY." in told.text.replace("\\", "")
        assert not list((tmp_path / "uploads").iterdir())
