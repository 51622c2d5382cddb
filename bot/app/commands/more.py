"""The menu “More…” below a thread's page: its sources, its files, and posting it."""

from __future__ import annotations

import re

from bot.app.client import Feature, Interaction
from bot.app.commands.post import confirmation
from bot.app.commands.thread import thread_files, thread_sources
from bot.app.components import component
from bot.app.reply import reply
from bot.views.discord import custom_id
from bot.views.discord.long_questions import MARK


async def _do(interaction: Interaction, match: re.Match[str], values: list[str]) -> None:
    """Do what was chosen; a value can hold a part of a long question after its mark."""
    what, thread = values[0].partition(MARK)[0], match["thread"]
    if what == "save":
        await reply(interaction, thread_files(interaction, thread))
    elif what == "post":
        await reply(interaction, confirmation(interaction, thread))
    else:
        await reply(interaction, thread_sources(interaction, thread, int(match["page"])))


MORE_MENU = component(custom_id.MORE, _do)
"""“More…”"""
FEATURE = Feature(components=(MORE_MENU,))
