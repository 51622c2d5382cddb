"""`/thread`: a whole thread, page by page."""

from __future__ import annotations

import asyncio
import re

from discord import app_commands, ui

from bot.app.components import component
from bot.app.contexts import EVERYWHERE, INSTALLS
from bot.app.respond import Interaction, reply, turn
from bot.library import Library
from bot.models import Thread
from bot.views import custom_id, pages
from bot.views.layout import CHOICES, choices, picker_layout, thread_layout


@app_commands.command(name="thread", description="Read a whole thread, page by page")
@app_commands.describe(
    thread="Words of its title, its id or its link; nothing for your last answer's first thread",
    public="Whether everyone here sees it; else you alone",
)
@EVERYWHERE
@INSTALLS
async def thread(
    interaction: Interaction,
    thread: str | None = None,
    public: bool = False,  # noqa: FBT001, FBT002  # how discord.py knows an option
) -> None:
    """Open the thread named, else that of the asker's last answer, else offer a choice."""
    last = interaction.client.last_hits.get(interaction.user.id)
    if thread and thread.strip():
        await reply(interaction, opened(interaction, thread), public=public)
    elif last:
        await reply(interaction, opened(interaction, last[0], position=last[1]), public=public)
    else:
        await reply(interaction, offered(interaction))


@thread.autocomplete("thread")
async def titles(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Threads whose titles go with what is typed so far."""
    return choices(await interaction.client.library.titles(typed, CHOICES))


async def opened(
    interaction: Interaction, reference: str, *, page: int | None = None, position: int = 1
) -> ui.LayoutView:
    """A page of the thread that `reference` names."""
    library = interaction.client.library
    found = await library.thread(reference)
    made = await asyncio.to_thread(_pages, library, found)
    return thread_layout(found, made, page=page, position=position)


def _pages(library: Library, thread: Thread) -> list[list[pages.Block]]:
    """In a thread of the interpreter, for a thread of tweets may be very long."""
    return pages.pages(pages.blocks(thread, library.sources(thread)))


async def offered(interaction: Interaction) -> ui.LayoutView:
    """A menu of threads."""
    return picker_layout(await interaction.client.library.titles("", CHOICES))


async def _read_on(interaction: Interaction, match: re.Match[str], _: list[str]) -> None:
    """Open the thread in a message of its own; the answer stays."""
    at = int(match["position"])
    await reply(interaction, opened(interaction, match["thread"], position=at))


async def _turn_page(interaction: Interaction, match: re.Match[str], _: list[str]) -> None:
    await turn(interaction, opened(interaction, match["thread"], page=int(match["page"])))


async def _picked(interaction: Interaction, _: re.Match[str], values: list[str]) -> None:
    await turn(interaction, opened(interaction, values[0]))


READ_BUTTON = component(custom_id.READ, _read_on)
"""“Read from here”: opens a thread where a hit stands."""
PAGE_BUTTON = component(custom_id.PAGE, _turn_page)
"""“Previous” and “Next”."""
PICK_MENU = component(custom_id.PICK, _picked)
"""The menu of threads: the one chosen takes its place."""
