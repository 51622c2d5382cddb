"""`/library`, by those who may manage a server and those who may not."""

from __future__ import annotations

import asyncio
import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import discord
import pytest
from PIL import Image

from bot.operations import erase
from tests.app.conftest import Scene, at_work
from tests.conftest import SEED
from tests.discord_server import LoopbackDiscord, Member, Message, Upload
from tests.discord_server.messages import MEDIA_GALLERY


async def loaded(scene: Scene, name: str, said: str) -> None:
    """Load a dump for the server."""
    asked = await scene.grace.slash("reload", file=Upload(name, said.encode()))
    await (await scene.grace.press(await asked.reply(), label="Load")).reply()


async def previewed(scene: Scene, name: str, said: str) -> str:
    """What is shown before a dump is loaded."""
    asked = await scene.grace.slash("reload", file=Upload(name, said.encode()))
    return (await asked.reply()).text.replace("\\", "")


async def found(scene: Scene, question: str) -> bool:
    """Whether anything is found for a member."""
    message = await (await scene.ada.slash("ask", question=question)).reply()
    return "Nothing matches" not in message.text


async def done(scene: Scene, command: str, **options: object) -> Message:
    """What comes of a `/library` command that is confirmed."""
    asked = await (await scene.grace.slash(f"library {command}", **options)).reply()
    label = {"forget": "Hide", "remove": "Remove"}[command]
    return await (await scene.grace.press(asked, label=label)).reply()


async def test_dumps_are_listed_and_taken_out_and_put_back(scene: Scene) -> None:
    await loaded(scene, "okapi.txt", "Okapis, a thread\nThey are shy\n")
    listed = await (await scene.grace.slash("library dumps")).reply()
    plain = listed.text.replace("\\", "")
    assert "2 files loaded here" in plain
    assert f"{SEED.name} (text from Thread Reader, shared)" in plain
    assert "okapi.txt (written by hand)" in plain
    offered = await scene.grace.autocomplete("library remove", option="dump", text="OKA")
    assert offered == [("okapi.txt", "okapi.txt")]
    removed = await done(scene, "remove", dump="okapi.txt")
    assert removed.text.startswith("**Grace removed “okapi.txt”**\n")
    assert re.search(r"All changes: </library history:\d+>", removed.text)
    assert "−2 tweets. The library now has 37 tweets" in removed.text
    assert not await found(scene, "okapi")
    await (await scene.grace.press(removed, label="Undo")).reply()
    assert await found(scene, "okapi")
    wrong = await (await scene.grace.slash("library remove", dump=SEED.name)).reply()
    assert "is shared: the person who runs this bot loaded it for every server" in wrong.text
    assert "Only the person who runs this bot can remove them." in plain
    unknown = await (await scene.grace.slash("library remove", dump="zebra.txt")).reply()
    assert "can be removed here. See /library dumps." in unknown.text


async def test_what_is_forgotten_stays_so_whatever_is_loaded(scene: Scene) -> None:
    await loaded(scene, "okapi.txt", "---\nauthor: anna\n---\nOkapis, a thread\n")
    report = await done(scene, "forget", author="@Anna")
    assert "Hidden: Okapis, a thread" in report.text
    assert not await found(scene, "okapi")
    await loaded(scene, "more.txt", "---\nauthor: anna\n---\nOkapis, a thread\nThey are shy\n")
    assert not await found(scene, "okapi")
    await done(scene, "forget", thread="suitcases")
    assert not await found(scene, "suitcases")
    eve = scene.server.add_user("eve")
    elsewhere = await (await eve.slash("ask", question="suitcases")).reply()
    assert "suitcase" in elsewhere.text
    nobody = await (await scene.grace.slash("library forget", author="nobody")).reply()
    assert "No thread here is by @nobody" in nobody.text.replace("\\", "")
    neither = await (await scene.grace.slash("library forget")).reply()
    assert "Name a thread or an author to hide" in neither.text


async def test_history_tells_who_did_what(scene: Scene) -> None:
    empty = await (await scene.grace.slash("library history")).reply()
    assert "Nothing yet." in empty.text
    await loaded(scene, "okapi.txt", "Okapis, a thread\n")
    await done(scene, "remove", dump="okapi.txt")
    told = (await (await scene.grace.slash("library history")).reply()).text.replace("\\", "")
    assert re.search(r"^- <t:\d+:[fD]>: Grace removed “okapi\.txt”$", told, re.M)
    assert re.search(r"^- <t:\d+:[fD]>: Grace loaded “okapi\.txt”$", told, re.M)


async def test_the_history_names_what_was_hidden(scene: Scene) -> None:
    await loaded(scene, "okapi.txt", "---\nauthor: tin_and_teddy\n---\nOkapis, a thread\n")
    await done(scene, "forget", author="Tin_and_Teddy")
    both = await scene.grace.slash("library forget", thread="suitcases", author="nobody")
    assert "so nothing was hidden" in (await both.reply()).text
    await done(scene, "forget", thread="suitcases")
    text = (await (await scene.grace.slash("library history")).reply()).text
    plain = text.replace("\\", "")
    first, second, third, following = plain.splitlines()[1:]
    assert "Grace hid “Chinese AI Companies Dodge U.S. Chip Curbs" in first
    assert re.fullmatch(r"- <t:\d+:f>: Grace hid @tin_and_teddy", second)
    assert third.endswith("Grace loaded “okapi.txt”")
    assert following.startswith("-# Undo takes this back: Grace hid “Chinese AI Companies")
    assert "tin\\_and\\_teddy" in text


async def test_undoing_and_hiding_again_names_it_again(scene: Scene) -> None:
    hidden = await done(scene, "forget", thread="suitcases")
    await (await scene.grace.press(hidden, label="Undo")).reply()
    await done(scene, "forget", thread="suitcases")
    text = (await (await scene.grace.slash("library history")).reply()).text
    assert [line.split(": ", 1)[1].split(" “")[0] for line in text.splitlines()[1:4]] == [
        "Grace hid",
        "Grace undid the hiding of",
        "Grace hid",
    ]


async def test_the_history_undoes_the_change_that_it_names(scene: Scene) -> None:
    await loaded(scene, "okapi.txt", "Okapis, a thread\n")
    hidden = await done(scene, "forget", thread="suitcases")
    undone = (await (await scene.grace.press(hidden, label="Undo")).reply()).text
    assert undone.startswith("**Grace undid the hiding of “Chinese AI Companies")
    history = await (await scene.grace.slash("library history")).reply()
    assert history.text.endswith("-# Undo takes this back: Grace loaded “okapi.txt”")
    undone = (await (await scene.grace.press(history, label="Undo")).reply()).text
    assert undone.startswith("**Grace undid the load of “okapi.txt” (by Grace)**")
    nothing = await (await scene.grace.slash("library history")).reply()
    assert "Undo takes this back" not in nothing.text
    assert not nothing.buttons


async def test_a_server_may_have_its_answers_public(scene: Scene) -> None:
    said = await (await scene.grace.slash("library answers", public=True)).reply()
    assert "Everyone sees answers here" in said.text
    assert not (await (await scene.ada.slash("ask", question="suitcases")).reply()).ephemeral
    own = await (await scene.ada.slash("ask", question="suitcases", public=False)).reply()
    assert own.ephemeral
    await (await scene.grace.slash("library answers", public=False)).reply()
    assert (await (await scene.ada.slash("ask", question="suitcases")).reply()).ephemeral


async def test_what_will_go_is_asked_first(scene: Scene) -> None:
    await loaded(scene, "okapi.txt", "---\nauthor: anna\n---\nOkapis, a thread\nThey are shy\n")
    thread = await (await scene.grace.slash("library forget", thread="okapis")).reply()
    assert thread.ephemeral
    plain = thread.text.replace("\\", "")
    assert "**Hide this thread?**" in plain
    assert "“Okapis, a thread” by @anna: 2 tweets" in plain
    assert "You can undo this." in plain
    hide, _ = thread.buttons
    assert (hide.label, hide.style) == ("Hide", discord.ButtonStyle.danger.value)
    kept = await (await scene.grace.press(thread, label="Cancel")).reply()
    assert (kept.id, kept.text, kept.buttons) == (thread.id, "Nothing was removed.", [])
    assert await found(scene, "okapi")
    author = await (await scene.grace.slash("library forget", author="anna")).reply()
    plain = author.text.replace("\\", "")
    assert "**Hide all threads by @anna?**\n@anna: 2 tweets in 1 thread" in plain
    both = await (
        await scene.grace.slash("library forget", thread="suitcases", author="anna")
    ).reply()
    assert "**Hide this thread, and all threads by" in both.text
    hidden = await (await scene.grace.press(both, label="Hide")).reply()
    assert hidden.text.count("Hidden: ") == 2
    dump = await (await scene.grace.slash("library remove", dump="okapi.txt")).reply()
    plain = dump.text.replace("\\", "")
    assert "**Remove this file?**\nokapi.txt: 2 tweets in 1 thread" in plain
    assert "What other files contain too stays." in plain


async def test_a_name_that_fits_several_threads_is_a_menu(scene: Scene) -> None:
    asked = await (await scene.grace.slash("library forget", thread="china")).reply()
    assert "“china” fits 4 threads. Which one?" in asked.text
    (menu,) = asked.selects
    values = [each for _, each in menu.options]
    assert len(values) == 4
    shown = await (await scene.grace.choose(asked, values=[values[2]])).reply()
    assert shown.id == asked.id
    assert "**Hide this thread?**" in shown.text
    await (await scene.grace.press(shown, label="Hide")).reply()
    left = [each[1] for each in await scene.ada.autocomplete("thread", option="thread", text="")]
    assert set(values) - set(left) == {values[2]}


async def test_a_menu_of_threads_keeps_the_author_who_goes_too(scene: Scene) -> None:
    await loaded(scene, "okapi.txt", "---\nauthor: anna\n---\nOkapis, a thread\n")
    asked = await (await scene.grace.slash("library forget", thread="china", author="anna")).reply()
    (menu,) = asked.selects
    shown = await (await scene.grace.choose(asked, values=[menu.options[0][1]])).reply()
    assert "**Hide this thread, and all threads by" in shown.text


async def test_a_name_that_fits_several_files_is_a_menu(scene: Scene) -> None:
    packed = io.BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr("a/okapi.txt", "Okapis, a thread\n")
        archive.writestr("b/okapi.txt", "Tapirs, a thread\n")
    sent = Upload("zoo.zip", packed.getvalue())
    preview = await (await scene.grace.slash("reload", file=sent)).reply()
    await (await scene.grace.press(preview, label="Load")).reply()
    asked = await (await scene.grace.slash("library remove", dump="okapi.txt")).reply()
    assert "“okapi.txt” fits 2 files. Which one?" in asked.text.replace("\\", "")
    (menu,) = asked.selects
    assert [label.split("/")[-2] for label, _ in menu.options] == ["a", "b"]
    chosen = await (await scene.grace.choose(asked, values=[menu.options[1][1]])).reply()
    assert "**Remove this file?**" in chosen.text
    await (await scene.grace.press(chosen, label="Remove")).reply()
    assert await found(scene, "okapis")
    assert not await found(scene, "tapirs")


async def test_the_questions_can_be_answered_after_a_restart(tmp_path: Path, seeds: Path) -> None:
    async with LoopbackDiscord() as server:
        granted = discord.Permissions(manage_guild=True)
        grace = server.add_guild("Chips").add_member("grace", permissions=granted)
        async with at_work(server, tmp_path / "data", seeds):
            await server.commands_synced()
            asked = await (await grace.slash("library forget", thread="suitcases")).reply()
            which = await (await grace.slash("library forget", thread="china")).reply()
        async with at_work(server, tmp_path / "data", seeds):
            hidden = await (await grace.press(asked, label="Hide")).reply()
            assert "Hidden: Chinese AI Companies" in hidden.text
            (menu,) = which.selects
            chosen = await grace.choose(which, values=[menu.options[0][1]])
            assert "**Hide this thread?**" in (await chosen.reply()).text
        assert server.violations == []


async def test_who_lost_the_permission_cannot_confirm(scene: Scene) -> None:
    asked = await (await scene.grace.slash("library forget", thread="suitcases")).reply()
    scene.grace.membership = replace(scene.grace.membership, permissions=scene.ada.permissions)
    for label in ("Hide", "Cancel"):
        refused = await (await scene.grace.press(asked, label=label)).reply()
        assert "requires the permission “Manage Server”" in refused.text
        asked = await (await regained(scene).slash("library forget", thread="suitcases")).reply()
        scene.grace.membership = replace(scene.grace.membership, permissions=scene.ada.permissions)
    assert await found(scene, "suitcases")


def regained(scene: Scene) -> Member:
    """Grace, who may manage the server again."""
    granted = discord.Permissions(manage_guild=True)
    scene.grace.membership = replace(scene.grace.membership, permissions=granted)
    return scene.grace


async def test_what_is_no_longer_the_same_stays(scene: Scene) -> None:
    await loaded(scene, "okapi.txt", "Okapis, a thread about okapis, who are shy as ever\n")
    thread = await (await scene.grace.slash("library forget", thread="okapis")).reply()
    dump = await (await scene.grace.slash("library remove", dump="okapi.txt")).reply()
    text = "Okapis, a thread about okapis, who are shy as ever\nThey swim\n"
    await loaded(scene, "okapi.txt", text)
    for asked, label in ((thread, "Hide"), (dump, "Remove")):
        refused = await (await scene.grace.press(asked, label=label)).reply()
        assert "The library has changed since, so nothing was removed." in refused.text
    assert await found(scene, "okapi")


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("dumps", {}),
        ("remove", {"dump": "okapi.txt"}),
        ("forget", {"author": "anna"}),
        ("unhide", {}),
        ("history", {}),
        ("answers", {"public": True}),
    ],
)
async def test_a_member_is_refused(scene: Scene, command: str, options: dict[str, object]) -> None:
    refused = await (await scene.ada.slash(f"library {command}", **options)).reply()
    assert "/library requires the permission “Manage Server”" in refused.text


DATED = """author,date,text
anna,2025-05-01,Okapis are shy https://zoo.example/okapi
anna,2025-06-02,Tapirs swim https://zoo.example/tapir
"""


def gallery(message: Message) -> dict[str, Any]:
    """The one picture that is shown."""
    (shown,) = [each for each in message.components if each["type"] == MEDIA_GALLERY]
    (item,) = shown["items"]
    return dict(item)


async def test_figures_are_told_and_drawn_privately(scene: Scene) -> None:
    message = await (await scene.grace.slash("library stats")).reply()
    assert message.ephemeral
    assert "37 tweets in 7 threads (1 complete, 6 previews) from 1 file" in message.text
    assert "No tweet here has a date" in message.text
    item = gallery(message)
    assert item["description"].startswith("Bar charts. Tweets by linked site: wsj.com ")
    (file,) = message.files
    assert Image.open(io.BytesIO(file.content)).format == "PNG"


async def test_a_server_is_told_of_what_it_is_served_and_no_other_is(scene: Scene) -> None:
    asked = await scene.grace.slash("reload", file=Upload("zoo.csv", DATED.encode()))
    await (await scene.grace.press(await asked.reply(), label="Load")).reply()
    here = await (await scene.grace.slash("library stats")).reply()
    assert "39 tweets in 9 threads" in here.text
    assert "from 2 files" in here.text
    assert "2 tweets are dated, from May 1, 2025 to June 2, 2025" in here.text
    assert "(2): May 1, Jun 1" in here.text
    assert "zoo.example" not in here.text  # the picture has it
    assert "@anna 2" in gallery(here)["description"]
    assert "Tweets per month, May 2025 through Jun 2025" in gallery(here)["description"]
    eve = scene.server.add_guild("Ships").add_member("eve", permissions=scene.grace.permissions)
    there = await (await eve.slash("library stats")).reply()
    assert "37 tweets in 7 threads" in there.text
    assert "zoo.example" not in there.text + str(there.raw)


async def test_a_member_is_refused_the_figures(scene: Scene) -> None:
    refused = await (await scene.ada.slash("library stats")).reply()
    assert "/library requires the permission “Manage Server”" in refused.text
    assert refused.ephemeral
    assert not refused.files


async def test_what_is_hidden_is_chosen_and_shown_again(scene: Scene) -> None:
    none = await (await scene.grace.slash("library unhide")).reply()
    assert none.text == "Nothing is hidden here."
    await loaded(scene, "okapi.txt", "---\nauthor: anna\n---\nOkapis, a thread\n")
    await done(scene, "forget", author="anna")
    await done(scene, "forget", thread="suitcases")
    wrong = await (await scene.grace.slash("library unhide", name="zebra")).reply()
    assert "No thread or author hidden here fits “zebra”." in wrong.text
    offered = await scene.grace.autocomplete("library unhide", option="name", text="AN")
    assert "@anna" in [name for name, _ in offered]
    assert await scene.ada.autocomplete("library unhide", option="name", text="an") == []
    late = await (await scene.grace.slash("library unhide")).reply()
    asked = await (await scene.grace.slash("library unhide")).reply()
    assert asked.text == "**Hidden here**"
    (menu,) = asked.selects
    (_, (label, key)) = menu.options
    assert label == "@anna"
    shown = await (await scene.grace.choose(asked, values=[key])).reply()
    assert shown.text.replace("\\", "").startswith("**Grace showed @anna again**\n")
    assert "Shown again: Okapis, a thread" in shown.text
    assert await found(scene, "okapi")
    assert not await found(scene, "suitcases")
    gone = await (await scene.grace.choose(late, values=[key])).reply()
    assert "That is no longer hidden here." in gone.text
    named = await (await scene.grace.slash("library unhide", name="suitcases")).reply()
    assert "showed “Chinese AI Companies" in named.text
    await (await scene.grace.press(named, label="Undo")).reply()
    assert not await found(scene, "suitcases")


async def test_where_all_is_forgotten_that_is_said_kindly(scene: Scene) -> None:
    for each in scene.library.threads():
        await done(scene, "forget", thread=each.id)
    message = await (await scene.grace.slash("library stats")).reply()
    assert "All loaded threads are hidden." in message.text
    assert not message.files
    asked = await (await scene.ada.slash("ask", question="suitcases")).reply()
    said = "All threads that are loaded here are hidden. /library unhide can show them again."
    assert said in asked.text
    await loaded(scene, "okapi.txt", "Okapis, a thread\n")
    again = await (await scene.grace.slash("library stats")).reply()
    assert "1 tweet in 1 thread (1 complete, 0 previews) from 2 files" in again.text
    assert "No tweet here has a link." in again.text
    assert not again.files


async def test_it_is_drawn_where_a_load_keeps_the_bot_busy(scene: Scene) -> None:
    for number in range(100):
        lines = "\n".join(f"Thread {number} says that okapis are shy, part {n}" for n in range(20))
        (scene.seeds / f"{number}.txt").write_text(lines, encoding="utf-8")
    preview = await (await scene.grace.slash("reload")).reply()
    applied = await scene.grace.press(preview, label="Reload")
    exchange = await scene.grace.slash("library stats")
    message = await exchange.reply()
    assert " tweets in " in message.text
    assert len(message.files) == 1
    await applied.reply(until=lambda told: "The library now has" in told.text)


async def test_a_chosen_role_may_load_and_a_deleted_one_may_not(scene: Scene) -> None:
    curators = scene.guild.add_role("Curators")
    scene.ada.membership.more_roles.append(curators.id)
    refused = await (await scene.ada.slash("library dumps")).reply()
    assert "requires the permission “Manage Server”." in refused.text
    assert "they can also allow it to a role, with /library role." in refused.text
    chosen = await (await scene.grace.slash("library role", role=curators)).reply()
    assert "Members with the role “Curators” may load files" in chosen.text
    assert "loaded here" in (await (await scene.ada.slash("library dumps")).reply()).text
    new = Upload("more.txt", b"A zebra crossed the road and nobody saw it at all.")
    preview = await (await scene.ada.slash("reload", file=new)).reply()
    scene.guild.delete_role(curators)
    pressed = await (await scene.ada.press(preview, label="Load")).reply()
    assert "requires the permission “Manage Server”" in pressed.text
    assert "Only members" in (await (await scene.grace.slash("library role")).reply()).text


async def test_only_managers_choose_the_role_and_never_everyone(scene: Scene) -> None:
    curators = scene.guild.add_role("Curators")
    scene.ada.membership.more_roles.append(curators.id)
    everyone = await (await scene.grace.slash("library role", role=scene.guild.everyone)).reply()
    assert "Everyone has this role" in everyone.text
    await (await scene.grace.slash("library role", role=curators)).reply()
    for name, options in (("role", {"nobody": True}), ("answers", {"public": True})):
        refused = await (await scene.ada.slash(f"library {name}", **options)).reply()
        assert "requires the permission “Manage Server”." in refused.text
    hedy = await (await scene.guild.add_member("hedy").slash("library history")).reply()
    assert "or the role “Curators”" in hedy.text
    cleared = await (await scene.grace.slash("library role", nobody=True)).reply()
    assert "Only members" in cleared.text


async def test_what_was_hidden_and_erased_stays_away_until_that_is_lifted(scene: Scene) -> None:
    okapis = "---\nauthor: anna\n---\nOkapis, a thread\n"
    tapirs = "---\nauthor: bert\n---\nTapirs, a thread\n"
    await loaded(scene, "okapi.txt", okapis)
    await loaded(scene, "tapir.txt", tapirs)
    await done(scene, "forget", author="anna")
    hidden = await done(scene, "forget", thread="tapirs")
    named = await previewed(scene, "tapir.txt", tapirs)
    assert "The thread “Tapirs, a thread” is hidden here, so it is not shown." in named
    planned = erase.plan(scene.library.folder, scene.guild.id)
    await asyncio.to_thread(erase.erase, planned, "terminal")
    undone = await (await scene.grace.press(hidden, label="Undo")).reply()
    assert "what was there before has been erased" in undone.text
    nameless = await previewed(scene, "okapi.txt", okapis)
    assert (
        "1 thread of this file is by somebody who was hidden here and erased. It stays hidden. "
        "To show it: the command “unhide”, then load this file again."
    ) in nameless
    thread = await previewed(scene, "tapir.txt", tapirs)
    assert "1 thread of this file was hidden here and erased. It stays hidden." in thread
    assert not await found(scene, "okapi")
    listed = await (await scene.grace.slash("library unhide")).reply()
    (menu,) = listed.selects
    (author,) = [key for label, key in menu.options if label.startswith("an author who was erased")]
    assert any(label.startswith("a thread that was erased (") for label, _ in menu.options)
    lifted = await (await scene.grace.choose(listed, values=[author])).reply()
    assert "Grace no longer hides a thread or author that was erased" in lifted.text
    assert "no loaded file has it. Load its file again to show it." in lifted.text
    await loaded(scene, "okapi.txt", okapis)
    assert await found(scene, "okapi")
    history = await (await scene.grace.slash("library history")).reply()
    assert "terminal erased for good what was removed or hidden" in history.text
