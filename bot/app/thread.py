"""`/thread`: a whole thread, page by page."""

from __future__ import annotations

import asyncio
import re

from discord import app_commands, ui

from bot.app.components import Form, component, question_form
from bot.app.contexts import EVERYWHERE, INSTALLS
from bot.app.manners import IN_TURN
from bot.app.respond import Interaction, fill_in, note, reply, turn
from bot.app.scope import asker, library_of
from bot.library import Library
from bot.models import Thread
from bot.query import with_options
from bot.views import custom_id, pages
from bot.views.answer_layout import found_layout
from bot.views.export import KINDS, exported, file_name, without_folders
from bot.views.layout import choices
from bot.views.parts import CHOICES
from bot.views.thread_layout import files_layout, picker_layout, thread_layout

FOUND_IN_THREAD = 8
"""Tweets that a search in a thread shows."""


@app_commands.command(name="thread", description="Read a whole thread, page by page")
@app_commands.describe(
    thread="Words of its title, its id or its link; nothing for your last answer's first thread",
    public="Whether everyone here sees it, or you alone",
)
@EVERYWHERE
@INSTALLS
@IN_TURN
async def thread(
    interaction: Interaction,
    thread: str | None = None,
    public: bool | None = None,  # noqa: FBT001  # how discord.py knows an option
) -> None:
    """Open the thread named, else that of the asker's last answer, else offer a choice."""
    public = await interaction.client.is_public(interaction.guild_id, public)
    last = interaction.client.last_hits.get(asker(interaction))
    if thread and thread.strip():
        await reply(interaction, opened(interaction, thread), public=public)
    elif last:
        await reply(interaction, opened(interaction, last[0], position=last[1]), public=public)
    else:
        await reply(interaction, offered(interaction))


@thread.autocomplete("thread")
async def titles(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Threads whose titles go with what is typed so far."""
    return choices(await (await library_of(interaction)).titles(typed, CHOICES))


async def opened(
    interaction: Interaction,
    reference: str,
    *,
    page: int | None = None,
    position: int = 1,
    of: int | None = None,
) -> ui.LayoutView:
    """A page of the thread that `reference` names.

    `of` is the generation of the page that it takes the place of.
    """
    library = await library_of(interaction)
    found, made = await paged(library, reference)
    generation = library.stamp
    return thread_layout(
        found,
        made,
        page=page,
        position=position,
        generation=generation,
        stale=of not in (None, generation),
    )


async def paged(library: Library, reference: str) -> tuple[Thread, list[list[pages.Block]]]:
    """The thread that `reference` names, and its pages."""
    found = await library.thread(reference)
    return found, await asyncio.to_thread(_pages, library, found)


def _pages(library: Library, thread: Thread) -> list[list[pages.Block]]:
    """In a thread of the interpreter, for a thread of tweets may be very long."""
    return pages.pages(pages.blocks(thread, library.sources(thread)))


async def offered(interaction: Interaction) -> ui.LayoutView:
    """A menu of threads."""
    return picker_layout(await (await library_of(interaction)).titles("", CHOICES))


async def _read_on(interaction: Interaction, match: re.Match[str], _: list[str]) -> None:
    """Open the thread in a message of its own; the answer stays."""
    at = int(match["position"])
    await reply(interaction, opened(interaction, match["thread"], position=at))


async def _turn_page(interaction: Interaction, match: re.Match[str], _: list[str]) -> None:
    of = int(match["generation"]) if match["generation"] else None
    await turn(interaction, opened(interaction, match["thread"], page=int(match["page"]), of=of))


async def _picked(interaction: Interaction, _: re.Match[str], values: list[str]) -> None:
    await turn(interaction, opened(interaction, values[0]))


async def _where_to(interaction: Interaction, match: re.Match[str], _: list[str]) -> None:
    carried = custom_id.of_thread("jumped", match["thread"])
    label = "The tweet's number in the thread"
    await fill_in(interaction, question_form("Go to tweet", carried, label, longest=7))


async def _jumped(interaction: Interaction, match: re.Match[str], filled: dict[str, str]) -> None:
    said = filled["said"].strip()
    if said.isdecimal():
        await turn(interaction, opened(interaction, match["thread"], position=int(said)))
    else:
        await reply(interaction, note(f"“{said}” is no number of a tweet: write one, as in 7."))


async def _what_to_find(interaction: Interaction, match: re.Match[str], _: list[str]) -> None:
    carried = custom_id.of_thread("found", match["thread"])
    form = question_form("Find in this thread", carried, "Words to look for", longest=300)
    await fill_in(interaction, form)


async def _found(interaction: Interaction, match: re.Match[str], filled: dict[str, str]) -> None:
    await reply(interaction, _finding(interaction, match["thread"], filled["said"]))


async def _finding(interaction: Interaction, thread: str, words: str) -> ui.LayoutView:
    question = with_options(words, thread=thread)
    answer = await (await library_of(interaction)).ask(question, 1, passages=FOUND_IN_THREAD)
    return found_layout(answer, words)


async def _save(interaction: Interaction, match: re.Match[str], _: list[str]) -> None:
    await reply(interaction, _saved(interaction, match["thread"]))


async def _saved(interaction: Interaction, reference: str) -> ui.LayoutView:
    found = await (await library_of(interaction)).thread(reference)
    files = await asyncio.to_thread(_exports, found)
    return files_layout(found, files, interaction.filesize_limit)


def _exports(thread: Thread) -> dict[str, bytes]:
    bare = without_folders(thread)
    return {file_name(bare, kind): exported(bare, kind).encode() for kind in KINDS}


READ_BUTTON = component(custom_id.READ, _read_on)
"""“Read from here”: opens a thread where a hit stands."""
PAGE_BUTTON = component(custom_id.PAGE, _turn_page)
"""“Previous” and “Next”."""
PICK_MENU = component(custom_id.PICK, _picked)
"""The menu of threads: the one chosen takes its place."""
JUMP_BUTTON = component(custom_id.JUMP, _where_to)
"""“Go to tweet…”"""
FIND_BUTTON = component(custom_id.FIND, _what_to_find)
"""“Find in this thread…”"""
SAVE_BUTTON = component(custom_id.SAVE, _save)
"""“Save as files”"""
COMPONENTS = (READ_BUTTON, PAGE_BUTTON, PICK_MENU, JUMP_BUTTON, FIND_BUTTON, SAVE_BUTTON)
FORMS = (Form(custom_id.JUMPED, _jumped), Form(custom_id.FOUND, _found))
