"""Buttons, menus and forms that need no memory: what they do is in their custom id alone."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bot.app.respond import Interaction

Action = Callable[[Interaction, re.Match[str], list[str]], Awaitable[None]]
"""Gets the interaction, the custom id as its template matched it, and a menu's chosen values."""


def component(template: str, does: Action) -> type[ui.DynamicItem[Any]]:
    """The kind of component whose custom id matches `template` whole, and what using it does."""

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
            values = self.item.values if isinstance(self.item, ui.Select) else []
            await does(interaction, self.match, values)

    return Component


Filled = Callable[[Interaction, re.Match[str], dict[str, str]], Awaitable[None]]
"""Gets the interaction, the custom id as its template matched it, and what each field holds."""


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of form that is filled in."""

    template: str
    """What its custom id matches, whole."""
    does: Filled
    """What sending it does."""

    async def taken(self, interaction: Interaction) -> bool:
        """Do it, if `interaction` is one of these, sent."""
        data: Any = interaction.data or {}
        match = re.fullmatch(self.template, data.get("custom_id", ""))
        if match is None:
            return False
        await self.does(interaction, match, dict(_fields(data.get("components", ()))))
        return True


def _fields(components: Iterable[Any]) -> Iterator[tuple[str, str]]:
    for each in components:
        inner = each.get("component")
        yield from _fields([*each.get("components", ()), *([inner] if inner else ())])
        if isinstance(each.get("value"), str):
            yield each["custom_id"], each["value"]
        elif each.get("values"):
            yield each["custom_id"], each["values"][0]


def question_form(title: str, custom_id: str, label: str, *, longest: int) -> ui.Modal:
    """A form with one line to write in, which comes back as the field `said`."""
    form = ui.Modal(title=title, custom_id=custom_id, timeout=None)
    line: ui.TextInput[ui.Modal] = ui.TextInput(custom_id="said", max_length=longest)
    form.add_item(ui.Label(text=label, component=line))
    return form


def choice_form(
    title: str, custom_id: str, label: str, options: Sequence[discord.SelectOption]
) -> ui.Modal:
    """A form with one menu, whose chosen value comes back as the field `said`."""
    form = ui.Modal(title=title, custom_id=custom_id, timeout=None)
    menu: ui.Select[ui.Modal] = ui.Select(custom_id="said", options=list(options))
    form.add_item(ui.Label(text=label, component=menu))
    return form


def custom_ids(message: discord.Message | None) -> Iterator[str]:
    """Those of all that can be used of a message, and the values of its menus."""
    for part in message.components if message else ():
        for each in (*getattr(part, "children", ()), getattr(part, "accessory", None)):
            if isinstance(each, (discord.Button, discord.SelectMenu)) and each.custom_id:
                yield each.custom_id
            if isinstance(each, discord.SelectMenu):
                yield from (option.value for option in each.options)
