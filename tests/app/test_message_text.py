"""Reading all the text of a message, as Discord sends it with a message command."""

from __future__ import annotations

from pathlib import Path

import discord
from discord import app_commands

from bot.app.client import Feature, Interaction
from bot.app.message_text import text_of, words_of
from bot.app.reply import reply
from bot.views.discord.layout import note_layout
from tests.app.conftest import scene_with
from tests.conftest import SEEDS


def test_words_are_without_links_mentions_and_emoji() -> None:
    text = "<@1> hard drives! <:chip:2> https://x.com/a/status/1 in suit-cases at://a/b"
    assert words_of(text) == "hard drives in suit cases"


async def test_forwards_embeds_descriptions_and_components_are_read(tmp_path: Path) -> None:
    read: list[str] = []

    @app_commands.context_menu(name="Read")
    async def read_it(interaction: Interaction, message: discord.Message) -> None:
        read.append(text_of(message))
        await reply(interaction, hello())

    async def hello() -> discord.ui.LayoutView:
        box: discord.ui.Container[discord.ui.LayoutView] = discord.ui.Container(
            discord.ui.TextDisplay("in a box")
        )
        return note_layout("Hello").add_item(box)

    async with scene_with(tmp_path, SEEDS, [Feature(commands=(read_it,))]) as scene:
        embed = {
            "title": "a title",
            "description": "a description",
            "url": "https://example.com/1",
            "author": {"name": "an author"},
            "fields": [{"name": "a field", "value": "a value"}],
        }
        said = await scene.ada.say("said", embeds=[embed], files={"a.png": "a picture"})
        forwarded = await scene.grace.forward(said)
        for each in (said, forwarded):
            answer = await (await scene.ada.message_command("Read", each)).reply()
        await scene.ada.message_command("Read", answer)
    own, forward, components = read
    expected = [
        *("said", "a title", "a description", "an author", "a field", "a value"),
        *("https://example.com/1", "a picture"),
    ]
    assert own.split("\n") == expected
    assert forward == own
    assert components == "Hello\nin a box"
