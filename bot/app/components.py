"""Buttons and menus that need no memory: what they do is in their custom id alone."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
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
