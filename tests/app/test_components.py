"""Buttons, menus and forms, which are recognised by their custom IDs."""

from __future__ import annotations

import re
from pathlib import Path

from discord import SelectOption, ui

from bot.app.client import Feature, Interaction
from bot.app.components import (
    FIELD,
    Form,
    choice_form,
    component,
    custom_ids,
    question_form,
)
from bot.app.reply import open_form, reply
from bot.views.discord.layout import note_layout
from tests.app.conftest import command, scene_with
from tests.conftest import SEEDS

OPTIONS = [SelectOption(label=each, value=each.lower()) for each in ("Okapi", "Tapir")]


class Controls(ui.LayoutView):
    """A message with a button, a menu, and a button beside a text."""

    def __init__(self) -> None:
        """Fill it."""
        super().__init__()
        button: ui.Button[ui.LayoutView] = ui.Button(label="Press", custom_id="press:7")
        menu: ui.Select[ui.LayoutView] = ui.Select(custom_id="menu", options=OPTIONS)
        beside: ui.Button[ui.LayoutView] = ui.Button(label="Beside", custom_id="press:8")
        self.add_item(ui.ActionRow(button))
        self.add_item(ui.ActionRow(menu))
        deep: ui.Button[ui.LayoutView] = ui.Button(label="Deep", custom_id="press:9")
        inside: ui.Container[ui.LayoutView] = ui.Container(ui.ActionRow(deep))
        inside.add_item(ui.Section("Text", accessory=beside))
        self.add_item(inside)


async def text(what: str) -> ui.LayoutView:
    """Work with the result `what`."""
    return note_layout(what)


async def controls() -> ui.LayoutView:
    """Work with the result of a message with controls."""
    return Controls()


async def test_a_component_gets_the_match_of_its_custom_id_and_the_chosen_values(
    tmp_path: Path,
) -> None:
    async def show(interaction: Interaction) -> None:
        await reply(interaction, controls())

    async def pressed(interaction: Interaction, match: re.Match[str], _: list[str]) -> None:
        await reply(interaction, text(f"pressed {match['number']}"))

    async def chosen(interaction: Interaction, _: re.Match[str], values: list[str]) -> None:
        await reply(interaction, text(f"chosen {values[0]} of {len(values)}"))

    components = component(r"press:(?P<number>\d+)", pressed), component("menu", chosen)
    features = [command(show), Feature(components=components)]
    async with scene_with(tmp_path, SEEDS, features) as scene:
        message = await (await scene.ada.slash("test")).reply()
        for label, number in (("Press", 7), ("Beside", 8), ("Deep", 9)):
            press = await scene.ada.press(message, label=label)
            assert (await press.reply()).text == f"pressed {number}"
        choice = await scene.ada.choose(message, values=["tapir"])
        assert (await choice.reply()).text == "chosen tapir of 1"


async def test_a_form_is_handled_by_the_kind_whose_template_matches(tmp_path: Path) -> None:
    async def ask(interaction: Interaction) -> None:
        await open_form(interaction, question_form("Title", "word:7", "Label", longest=9))

    async def word(interaction: Interaction, match: re.Match[str], fields: dict[str, str]) -> None:
        await reply(interaction, text(f"{match['number']} {fields}"))

    async def wrong(_: Interaction, __: re.Match[str], ___: dict[str, str]) -> None:
        raise AssertionError

    forms = Form("word", wrong), Form(r"word:(?P<number>\d+)", word)
    async with scene_with(tmp_path, SEEDS, [command(ask), Feature(forms=forms)]) as scene:
        form = (await scene.ada.slash("test")).modal
        assert form is not None
        sent = await scene.ada.submit(form, {FIELD: "okapi"})
        assert (await sent.reply()).text == f"7 {{'{FIELD}': 'okapi'}}"


async def test_the_choice_of_a_form_is_a_field_too(tmp_path: Path) -> None:
    async def ask(interaction: Interaction) -> None:
        await open_form(interaction, choice_form("Title", "choice", "Label", OPTIONS))

    async def choice(interaction: Interaction, _: re.Match[str], fields: dict[str, str]) -> None:
        await reply(interaction, text(str(fields)))

    features = [command(ask), Feature(forms=(Form("choice", choice),))]
    async with scene_with(tmp_path, SEEDS, features) as scene:
        form = (await scene.ada.slash("test")).modal
        assert form is not None
        sent = await scene.ada.submit(form, {FIELD: "tapir"})
        assert (await sent.reply()).text == f"{{'{FIELD}': 'tapir'}}"


async def test_the_custom_ids_of_a_message_are_all_found(tmp_path: Path) -> None:
    found: list[str] = []

    async def show(interaction: Interaction) -> None:
        await reply(interaction, controls())

    async def pressed(interaction: Interaction, _: re.Match[str], __: list[str]) -> None:
        found.extend(custom_ids(interaction.message))
        await reply(interaction, text("pressed"))

    features = [command(show), Feature(components=(component(r"press:7", pressed),))]
    async with scene_with(tmp_path, SEEDS, features) as scene:
        message = await (await scene.ada.slash("test")).reply()
        await (await scene.ada.press(message, label="Press")).reply()
    assert found == ["press:7", "menu", "okapi", "tapir", "press:9", "press:8"]
    assert list(custom_ids(None)) == []
