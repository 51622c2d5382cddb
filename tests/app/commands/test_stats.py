"""`/library stats`, by those who may and those who may not."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

from tests.app.commands.test_library import loaded
from tests.app.conftest import Scene
from tests.discord_server import Message, Upload
from tests.discord_server.messages import MEDIA_GALLERY

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
    assert "wsj.com: " in message.text
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
    assert "zoo.example: 2" in here.text
    assert "@anna: 2" in here.text
    assert "Tweets per month, May 2025 through Jun 2025" in gallery(here)["description"]
    eve = scene.server.add_guild("Ships").add_member("eve", permissions=scene.grace.permissions)
    there = await (await eve.slash("library stats")).reply()
    assert "37 tweets in 7 threads" in there.text
    assert "zoo.example" not in there.text + str(there.raw)


async def test_a_member_is_refused(scene: Scene) -> None:
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
