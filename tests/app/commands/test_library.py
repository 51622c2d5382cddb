"""`/library`, by those who may manage a server and those who may not."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from PIL import Image

from tests.app.conftest import Scene
from tests.conftest import SEED
from tests.discord_server import Message, Upload
from tests.discord_server.messages import MEDIA_GALLERY


async def loaded(scene: Scene, name: str, said: str) -> None:
    """Load a dump for the server."""
    asked = await scene.grace.slash("reload", file=Upload(name, said.encode()))
    await (await scene.grace.press(await asked.reply(), label="Apply")).reply()


async def found(scene: Scene, question: str) -> bool:
    """Whether anything is found for a member."""
    message = await (await scene.ada.slash("ask", question=question)).reply()
    return "Nothing matches" not in message.text


async def test_dumps_are_listed_and_taken_out_and_put_back(scene: Scene) -> None:
    await loaded(scene, "okapi.txt", "Okapis, a thread\nThey are shy\n")
    listed = await (await scene.grace.slash("library dumps")).reply()
    plain = listed.text.replace("\\", "")
    assert "2 files loaded here" in plain
    assert f"{SEED.name} (thread-reader-text, shared)" in plain
    assert "okapi.txt (thread-reader-text)" in plain
    offered = await scene.grace.autocomplete("library remove", option="dump", text="OKA")
    assert offered == [("okapi.txt", "okapi.txt")]
    removed = await (await scene.grace.slash("library remove", dump="okapi.txt")).reply()
    assert "−2 tweets. The library now has 37 tweets" in removed.text
    assert not await found(scene, "okapi")
    await (await scene.grace.press(removed, label="Undo")).reply()
    assert await found(scene, "okapi")
    wrong = await (await scene.grace.slash("library remove", dump=SEED.name)).reply()
    assert "can be removed here. See /library dumps." in wrong.text


async def test_what_is_forgotten_stays_so_whatever_is_loaded(scene: Scene) -> None:
    await loaded(scene, "okapi.txt", "---\nauthor: anna\n---\nOkapis, a thread\n")
    report = await (await scene.grace.slash("library forget", author="@Anna")).reply()
    assert "Removed: Okapis, a thread" in report.text
    assert not await found(scene, "okapi")
    await loaded(scene, "more.txt", "---\nauthor: anna\n---\nOkapis, a thread\nThey are shy\n")
    assert not await found(scene, "okapi")
    await (await scene.grace.slash("library forget", thread="suitcases")).reply()
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
    await (await scene.grace.slash("library remove", dump="okapi.txt")).reply()
    told = (await (await scene.grace.slash("library history")).reply()).text.replace("\\", "")
    assert re.search(r"^<t:\d+:f>: Grace removed “okapi\.txt” \(generation 2\)$", told, re.M)
    assert re.search(r"^<t:\d+:f>: Grace loaded “okapi\.txt” \(generation 1\)$", told, re.M)


async def test_the_history_names_what_was_hidden(scene: Scene) -> None:
    await loaded(scene, "okapi.txt", "---\nauthor: tin_and_teddy\n---\nOkapis, a thread\n")
    await (await scene.grace.slash("library forget", author="Tin_and_Teddy")).reply()
    both = await scene.grace.slash("library forget", thread="suitcases", author="nobody")
    assert "so nothing was hidden" in (await both.reply()).text
    await (await scene.grace.slash("library forget", thread="suitcases")).reply()
    text = (await (await scene.grace.slash("library history")).reply()).text
    plain = text.replace("\\", "")
    first, second, third = plain.splitlines()[1:]
    assert "Grace hid “Chinese AI Companies Dodge U.S. Chip Curbs" in first
    assert "Grace hid @tin_and_teddy (generation 2)" in second
    assert "Grace loaded “okapi.txt” (generation 1)" in third
    assert "tin\\_and\\_teddy" in text


async def test_undoing_and_hiding_again_names_it_again(scene: Scene) -> None:
    hidden = await (await scene.grace.slash("library forget", thread="suitcases")).reply()
    await (await scene.grace.press(hidden, label="Undo")).reply()
    await (await scene.grace.slash("library forget", thread="suitcases")).reply()
    text = (await (await scene.grace.slash("library history")).reply()).text
    assert [line.split(": ")[1].split(" “")[0] for line in text.splitlines()[1:]] == [
        "Grace hid",
        "Grace undid the last change (generation 2)",
        "Grace hid",
    ]


async def test_a_server_may_have_its_answers_public(scene: Scene) -> None:
    said = await (await scene.grace.slash("library answers", public=True)).reply()
    assert "Everyone sees answers here" in said.text
    assert not (await (await scene.ada.slash("ask", question="suitcases")).reply()).ephemeral
    own = await (await scene.ada.slash("ask", question="suitcases", public=False)).reply()
    assert own.ephemeral
    await (await scene.grace.slash("library answers", public=False)).reply()
    assert (await (await scene.ada.slash("ask", question="suitcases")).reply()).ephemeral


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("dumps", {}),
        ("remove", {"dump": "okapi.txt"}),
        ("forget", {"author": "anna"}),
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
    await (await scene.grace.press(await asked.reply(), label="Apply")).reply()
    here = await (await scene.grace.slash("library stats")).reply()
    assert "39 tweets in 9 threads" in here.text
    assert "from 2 files" in here.text
    assert "2 tweets are dated, from 2025-05-01 to 2025-06-02" in here.text
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


async def test_where_all_is_forgotten_that_is_said_kindly(scene: Scene) -> None:
    for each in scene.library.threads():
        await (await scene.grace.slash("library forget", thread=each.id)).reply()
    message = await (await scene.grace.slash("library stats")).reply()
    assert "Nothing is loaded yet." in message.text
    assert not message.files
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
    applied = await scene.grace.press(preview, label="Apply")
    exchange = await scene.grace.slash("library stats")
    message = await exchange.reply()
    assert " tweets in " in message.text
    assert len(message.files) == 1
    await applied.reply(until=lambda told: "generation 2" in told.text)


async def test_a_chosen_role_may_load_and_a_deleted_one_may_not(scene: Scene) -> None:
    curators = scene.guild.add_role("Curators")
    scene.ada.membership.more_roles.append(curators.id)
    refused = await (await scene.ada.slash("library dumps")).reply()
    assert "requires the permission “Manage Server”." in refused.text
    chosen = await (await scene.grace.slash("library role", role=curators)).reply()
    assert "Members with the role “Curators” may load files" in chosen.text
    assert "loaded here" in (await (await scene.ada.slash("library dumps")).reply()).text
    new = Upload("more.txt", b"A zebra crossed the road and nobody saw it at all.")
    preview = await (await scene.ada.slash("reload", file=new)).reply()
    scene.guild.delete_role(curators)
    pressed = await (await scene.ada.press(preview, label="Apply")).reply()
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
