"""Buttons, menus and forms without state in memory: their custom ID says what they do.

So they keep working after a restart. This module knows of the client only that it limits how often
a user presses (`admits`).
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

FIELD = "said"
"""The custom ID of a form's only field. Forms that are open during an upgrade still send it."""

Action = Callable[[discord.Interaction[Any], re.Match[str], list[str]], Awaitable[None]]
"""Called with the interaction, the match of the custom ID, and the values chosen in a menu."""
FormAction = Callable[[discord.Interaction[Any], re.Match[str], dict[str, str]], Awaitable[None]]
"""Called with the interaction, the match of the custom ID, and the fields' values by custom ID."""


def component(template: str, action: Action) -> type[ui.DynamicItem[Any]]:
    """Define the component whose custom ID fully matches `template`; using it calls `action`."""

    class Component(ui.DynamicItem[ui.Item[Any]], template=template):
        def __init__(self, item: ui.Item[Any], match: re.Match[str]) -> None:
            super().__init__(item)
            self.match = match

        @classmethod
        async def from_custom_id(
            cls, _: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
        ) -> Component:
            return cls(item, match)

        async def callback(self, interaction: discord.Interaction[Any]) -> None:
            if not await interaction.client.admits(interaction):
                return
            values = self.item.values if isinstance(self.item, ui.Select) else []
            # A forged button in place of a menu chooses nothing, and no menu has that value.
            await action(interaction, self.match, values or [""])

    return Component


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of form."""

    template: str
    """The pattern that its custom ID fully matches."""
    action: FormAction
    """Called when it is sent."""

    def matches(self, interaction: discord.Interaction[Any]) -> re.Match[str] | None:
        """Return the match of the custom ID if `interaction` sends a form of this kind."""
        data: Any = interaction.data or {}
        return re.fullmatch(self.template, data.get("custom_id", ""))

    async def handle(self, interaction: discord.Interaction[Any]) -> None:
        """Call the action if `interaction` sends a form of this kind."""
        data: Any = interaction.data or {}
        if match := self.matches(interaction):
            await self.action(interaction, match, dict(_fields(data.get("components", ()))))


def _fields(components: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """Yield the custom ID and value of each field, at any depth."""
    for each in components:
        inner = each.get("component")
        yield from _fields([*each.get("components", ()), *([inner] if inner else ())])
        if isinstance(each.get("value"), str):
            yield each["custom_id"], each["value"]
        elif each.get("values"):
            yield each["custom_id"], each["values"][0]


def question_form(title: str, custom_id: str, label: str, *, longest: int) -> ui.Modal:
    """Build a form with a line of text of up to `longest` characters, sent as `FIELD`."""
    form = ui.Modal(title=title, custom_id=custom_id, timeout=None)
    line: ui.TextInput[ui.Modal] = ui.TextInput(custom_id=FIELD, max_length=longest)
    form.add_item(ui.Label(text=label, component=line))
    return form


def choice_form(
    title: str, custom_id: str, label: str, options: Sequence[discord.SelectOption]
) -> ui.Modal:
    """Build a form with a menu, whose chosen value is sent as `FIELD`."""
    form = ui.Modal(title=title, custom_id=custom_id, timeout=None)
    menu: ui.Select[ui.Modal] = ui.Select(custom_id=FIELD, options=list(options))
    form.add_item(ui.Label(text=label, component=menu))
    return form


def custom_ids(message: discord.Message | None) -> Iterator[str]:
    """Yield the custom IDs of a message's components, and the values of its menus."""
    yield from _custom_ids(message.components if message else ())


def _custom_ids(components: Iterable[Any]) -> Iterator[str]:
    """Yield the custom IDs and values of components, at any depth."""
    for each in components:
        if isinstance(each, (discord.Button, discord.SelectMenu)) and each.custom_id:
            yield each.custom_id
        if isinstance(each, discord.SelectMenu):
            yield from (option.value for option in each.options)
        accessory = getattr(each, "accessory", None)
        yield from _custom_ids(
            (*getattr(each, "children", ()), *([accessory] if accessory else ()))
        )
