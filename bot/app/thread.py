"""`/thread`: a whole thread, page by page."""

from __future__ import annotations

import asyncio
import re

from discord import app_commands, ui

from bot.app.components import Form, component, question_form
from bot.app.contexts import EVERYWHERE, INSTALLS
from bot.app.localise import language_for, readers
from bot.app.manners import IN_TURN
from bot.app.respond import Interaction, fill_in, note, reply, turn, whose_language
from bot.app.scope import asker, library_of
from bot.language import Language, sentence
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
    thread="Words from its title, its id or link; leave empty for your last answer's top thread",
    public="Show the thread to everyone here, or only to you",
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
    say = language_for(interaction, public=public)
    last = interaction.client.last_hits.get(asker(interaction))
    if thread and thread.strip():
        await reply(interaction, opened(interaction, thread, say), public=public)
    elif last:
        work = opened(interaction, last[0], say, position=last[1])
        await reply(interaction, work, public=public)
    else:
        await reply(interaction, offered(interaction))


@thread.autocomplete("thread")
async def titles(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Threads whose titles go with what is typed so far."""
    return choices(await (await library_of(interaction)).titles(typed, CHOICES))


async def opened(
    interaction: Interaction,
    reference: str,
    say: Language,
    *,
    page: int | None = None,
    position: int = 1,
    of: int | None = None,
) -> ui.LayoutView:
    """A page of the thread that `reference` names.

    `of` is the generation of the page that it takes the place of.
    """
    library = await library_of(interaction)
    found, made = await paged(library, reference, say)
    generation = library.stamp
    return thread_layout(
        found,
        made,
        say,
        page=page,
        position=position,
        generation=generation,
        stale=of not in (None, generation),
    )


async def paged(
    library: Library, reference: str, say: Language
) -> tuple[Thread, list[list[pages.Block]]]:
    """The thread that `reference` names, and its pages."""
    found = await library.thread(reference)
    return found, await asyncio.to_thread(_pages, library, found, say)


def _pages(library: Library, thread: Thread, say: Language) -> list[list[pages.Block]]:
    """In a thread of the interpreter, for a thread of tweets may be very long."""
    return pages.pages(pages.blocks(thread, library.sources(thread), say))


async def offered(interaction: Interaction) -> ui.LayoutView:
    """A menu of threads."""
    found = await (await library_of(interaction)).titles("", CHOICES)
    return picker_layout(found, readers(interaction))


async def _read_on(interaction: Interaction, match: re.Match[str], _: list[str]) -> None:
    """Open the thread in a message of its own; the answer stays."""
    say, at = readers(interaction), int(match["position"])
    await reply(interaction, opened(interaction, match["thread"], say, position=at))


async def _turn_page(interaction: Interaction, match: re.Match[str], _: list[str]) -> None:
    of = int(match["generation"]) if match["generation"] else None
    say, page = whose_language(interaction), int(match["page"])
    await turn(interaction, opened(interaction, match["thread"], say, page=page, of=of))


async def _picked(interaction: Interaction, _: re.Match[str], values: list[str]) -> None:
    await turn(interaction, opened(interaction, values[0], whose_language(interaction)))


async def _where_to(interaction: Interaction, match: re.Match[str], _: list[str]) -> None:
    await fill_in(interaction, jump_form(match["thread"], readers(interaction)))


def jump_form(thread: str, say: Language) -> ui.Modal:
    """Asks which tweet to go to."""
    carried = custom_id.of_thread("jumped", thread)
    label = say("Tweet number in this thread")
    return question_form(say("Go to tweet"), carried, label, longest=7)


async def _jumped(interaction: Interaction, match: re.Match[str], filled: dict[str, str]) -> None:
    said = filled["said"].strip()
    if said.isdecimal():
        say = whose_language(interaction)
        await turn(interaction, opened(interaction, match["thread"], say, position=int(said)))
    else:
        wrong = sentence("“{said}” is not a tweet number. Enter a number such as 7.", said=said)
        await reply(interaction, note(interaction, wrong))


async def _what_to_find(interaction: Interaction, match: re.Match[str], _: list[str]) -> None:
    await fill_in(interaction, find_form(match["thread"], readers(interaction)))


def find_form(thread: str, say: Language) -> ui.Modal:
    """Asks what to find in a thread."""
    carried = custom_id.of_thread("found", thread)
    label = say("Words to search for")
    return question_form(say("Find in this thread"), carried, label, longest=300)


async def _found(interaction: Interaction, match: re.Match[str], filled: dict[str, str]) -> None:
    await reply(interaction, _finding(interaction, match["thread"], filled["said"]))


async def _finding(interaction: Interaction, thread: str, words: str) -> ui.LayoutView:
    question = with_options(words, thread=thread)
    answer = await (await library_of(interaction)).ask(question, 1, passages=FOUND_IN_THREAD)
    return found_layout(answer, words, readers(interaction))


async def _save(interaction: Interaction, match: re.Match[str], _: list[str]) -> None:
    await reply(interaction, _saved(interaction, match["thread"]))


async def _saved(interaction: Interaction, reference: str) -> ui.LayoutView:
    found = await (await library_of(interaction)).thread(reference)
    files = await asyncio.to_thread(_exports, found)
    return files_layout(found, files, interaction.filesize_limit, readers(interaction))


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
