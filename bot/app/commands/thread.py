"""`/thread`: shows a whole thread, page by page, with its buttons."""

from __future__ import annotations

import asyncio
import re

from discord import app_commands, ui

from bot.app.client import Feature, Interaction
from bot.app.components import FIELD, Form, component, custom_ids, question_form
from bot.app.contexts import EVERYWHERE, INSTALLS
from bot.app.locale import answer_language, reader_language
from bot.app.permissions import library_for, user_key
from bot.app.reply import (
    Private,
    Result,
    notice,
    open_form,
    reply,
    update_language,
    update_message,
)
from bot.errors import ThreadNotFound
from bot.i18n.messages import Language, sentence
from bot.library.library import Library
from bot.models import Followed, Thread
from bot.search.query import with_options
from bot.views.discord import custom_id, pages
from bot.views.discord.answer_layout import found_layout
from bot.views.discord.layout import choices
from bot.views.discord.other_threads import add_other_threads
from bot.views.discord.parts import CHOICES, add_questions
from bot.views.discord.thread_layout import (
    files_layout,
    no_such_thread_layout,
    not_loaded_layout,
    picker_layout,
    sources_layout,
    thread_layout,
)
from bot.views.export import KINDS, exported, file_name, without_folders

NEAR = 10
"""Titles to offer where no thread matches."""


@app_commands.command(name="thread", description="Read a whole thread, page by page")
@app_commands.describe(
    thread="Words from its title, its id or link; leave empty for your last answer's top thread",
    public="Show the thread to everyone here, or only to you",
)
@EVERYWHERE
@INSTALLS
async def thread(
    interaction: Interaction,
    thread: str | None = None,
    public: bool | None = None,  # noqa: FBT001  # how discord.py knows an option
) -> None:
    """Show the thread named, else that of the user's last hit, else a menu of threads."""
    settings = interaction.client.guild_settings
    public = await settings.answers_are_public(interaction.guild_id, override=public)
    say = answer_language(interaction, public=public)
    last = interaction.client.last_hits.get(user_key(interaction))
    if thread and thread.strip():
        await reply(interaction, _named(interaction, thread, say), public=public)
    elif last:
        work = thread_page(interaction, last[0], say, position=last[1])
        await reply(interaction, work, public=public)
    else:
        await reply(interaction, thread_menu(interaction))


@thread.autocomplete("thread")
async def complete_title(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Suggest threads whose titles match the text typed so far."""
    return choices(await (await library_for(interaction)).titles(typed, CHOICES))


async def _named(interaction: Interaction, reference: str, say: Language) -> Result:
    """Show the thread that `reference` names, or the tweet that it links to, in its thread."""
    library = await library_for(interaction)
    followed = await library.follow(reference)
    if followed:
        return await linked_page(library, followed, say, reader_language(interaction))
    try:
        return await thread_page(interaction, reference, say)
    except ThreadNotFound as error:
        words = reference if error.kind == "words" else None
        near, close = await library.near_titles(words or "", NEAR)
        reader = reader_language(interaction)
        why = reader.say(error.sentences[0])
        return Private(no_such_thread_layout(why, near, reader, words=words, close=close))


async def linked_page(
    library: Library, followed: Followed, say: Language, reader: Language
) -> Result:
    """Show the tweet that a link leads to, marked, in its thread; or say that it is not loaded.

    Args:
        library: where the link leads.
        followed: what the link leads to.
        say: the language of the page.
        reader: the language of the user who asked.
    """
    location = followed.location
    if location is None:
        return Private(not_loaded_layout(followed, reader))
    found, thread_pages = await thread_and_pages(library, location.thread_id, say)
    position, generation = location.position, library.version
    layout = thread_layout(
        found, thread_pages, say, position=position, generation=generation, marked=position
    )
    if followed.rest:
        label = say("Ask: {question}", question=followed.rest)
        add_questions(layout, {followed.rest: label})
    return layout


async def thread_page(
    interaction: Interaction,
    reference: str,
    say: Language,
    *,
    page: int | None = None,
    position: int = 1,
    replaces: int | None = None,
    marked: int | None = None,
    back: custom_id.Asking | None = None,
) -> ui.LayoutView:
    """Build a page of the thread that `reference` names: number `page`, else that of `position`.

    Args:
        interaction: the request.
        reference: names the thread.
        say: the language.
        page: the page's number, from 1; None to go by `position`.
        position: the position of a tweet, from 1.
        replaces: the generation of the page that it replaces, to say so if it is another one.
        marked: the position of the tweet that was asked for, which gets a mark.
        back: the page of an answer that the thread was opened from.

    Raises:
        ThreadNotFound: no thread matches `reference`.
    """
    library = await library_for(interaction)
    await library.require_shown()
    matches = await library.thread_matches(reference)
    found, thread_pages = await thread_and_pages(library, matches.best.id, say)
    generation = library.version
    layout = thread_layout(
        found,
        thread_pages,
        say,
        page=page,
        position=position,
        generation=generation,
        stale=replaces not in (None, generation),
        marked=marked,
        back=back,
    )
    add_other_threads(layout, matches, reference, say)
    return layout


async def thread_and_pages(
    library: Library, reference: str, say: Language
) -> tuple[Thread, list[list[pages.Block]]]:
    """Return the thread that `reference` names, and its pages.

    Raises:
        ThreadNotFound: no thread matches `reference`.
    """
    found = await library.thread(reference)
    return found, await asyncio.to_thread(_pages, library, found, say)


def _pages(library: Library, thread: Thread, say: Language) -> list[list[pages.Block]]:
    """Split a thread into pages; slow for a very long one, so it runs in a worker thread."""
    return pages.pages(pages.blocks(thread, library.sources(thread), say))


async def thread_menu(interaction: Interaction) -> ui.LayoutView:
    """Build a menu of threads."""
    library = await library_for(interaction)
    await library.require_shown()
    found, say = await library.titles("", CHOICES), reader_language(interaction)
    return picker_layout(found, say, interaction.client.command_ids.names(say))


def answer_behind(interaction: Interaction) -> custom_id.Asking | None:
    """Return the page of an answer that the message shows, or that it leads back to."""
    return custom_id.asking_of(custom_ids(interaction.message))


async def read_from_here(interaction: Interaction, match: re.Match[str], _: list[str]) -> None:
    """Show the thread in place of an answer, with a way back; else in a new message."""
    at, back = int(match["position"]), answer_behind(interaction)
    if back is None:
        say = reader_language(interaction)
        work = thread_page(interaction, match["thread"], say, position=at, marked=at)
        await reply(interaction, work)
        return
    say = update_language(interaction)
    work = thread_page(interaction, match["thread"], say, position=at, marked=at, back=back)
    await update_message(interaction, work)


async def _turn_page(interaction: Interaction, match: re.Match[str], _: list[str]) -> None:
    replaces = int(match["generation"]) if match["generation"] else None
    say, page, back = update_language(interaction), int(match["page"]), answer_behind(interaction)
    work = thread_page(interaction, match["thread"], say, page=page, replaces=replaces, back=back)
    await update_message(interaction, work)


async def _pick(interaction: Interaction, _: re.Match[str], values: list[str]) -> None:
    await update_message(
        interaction, thread_page(interaction, values[0], update_language(interaction))
    )


async def _open_jump_form(interaction: Interaction, match: re.Match[str], _: list[str]) -> None:
    await open_form(interaction, jump_form(match["thread"], reader_language(interaction)))


def jump_form(thread: str, say: Language) -> ui.Modal:
    """Build the form that asks for a tweet's number."""
    form_id = custom_id.of_thread("jumped", thread)
    label = say("Tweet number in this thread")
    return question_form(say("Go to tweet"), form_id, label, longest=7)


async def _jump(interaction: Interaction, match: re.Match[str], fields: dict[str, str]) -> None:
    number = fields[FIELD].strip()
    if number.isdecimal():
        say = update_language(interaction)
        at, back = int(number), answer_behind(interaction)
        work = thread_page(interaction, match["thread"], say, position=at, marked=at, back=back)
        await update_message(interaction, work)
    else:
        wrong = sentence("“{said}” is not a tweet number. Enter a number such as 7.", said=number)
        await reply(interaction, notice(interaction, wrong))


async def _open_find_form(interaction: Interaction, match: re.Match[str], _: list[str]) -> None:
    await open_form(interaction, find_form(match["thread"], reader_language(interaction)))


def find_form(thread: str, say: Language) -> ui.Modal:
    """Build the form that asks for words to find in a thread."""
    form_id = custom_id.of_thread("found", thread)
    label = say("Words to search for")
    return question_form(say("Find in this thread"), form_id, label, longest=300)


async def _find(interaction: Interaction, match: re.Match[str], fields: dict[str, str]) -> None:
    await reply(interaction, _matches(interaction, match["thread"], fields[FIELD]))


async def _matches(interaction: Interaction, thread: str, words: str) -> ui.LayoutView:
    question = with_options(words, thread=thread)
    answer = await (await library_for(interaction)).ask(question)
    return found_layout(answer, words, reader_language(interaction))


async def _save(interaction: Interaction, match: re.Match[str], _: list[str]) -> None:
    await reply(interaction, thread_files(interaction, match["thread"]))


async def thread_sources(interaction: Interaction, reference: str, page: int) -> ui.LayoutView:
    """Build the list of all sources of the tweets on a page of a thread.

    Raises:
        ThreadNotFound: no thread matches `reference`.
    """
    library, say = await library_for(interaction), reader_language(interaction)
    found, thread_pages = await thread_and_pages(library, reference, say)
    blocks = thread_pages[max(1, min(page, len(thread_pages))) - 1]
    positions = dict.fromkeys(block.position for block in blocks)
    return sources_layout(found, library.sources(found), positions, say)


async def thread_files(interaction: Interaction, reference: str) -> ui.LayoutView:
    """Build the message with a thread as files.

    Raises:
        ThreadNotFound: no thread matches `reference`.
    """
    found = await (await library_for(interaction)).thread(reference)
    files, say = await asyncio.to_thread(_exports, found), reader_language(interaction)
    names = interaction.client.command_ids.names(say)
    return files_layout(found, files, interaction.filesize_limit, say, names)


def _exports(thread: Thread) -> dict[str, bytes]:
    bare = without_folders(thread)
    return {file_name(bare, kind): exported(bare, kind).encode() for kind in KINDS}


READ_BUTTON = component(custom_id.READ, read_from_here)
"""“Read from here”: shows a thread from a hit on."""
PAGE_BUTTON = component(custom_id.PAGE, _turn_page)
"""“Previous” and “Next”."""
PICK_MENU = component(custom_id.PICK, _pick)
"""The menu of threads; the chosen thread replaces it."""
JUMP_BUTTON = component(custom_id.JUMP, _open_jump_form)
"""“Go to tweet…”"""
FIND_BUTTON = component(custom_id.FIND, _open_find_form)
"""“Find in this thread…”"""
SAVE_BUTTON = component(custom_id.SAVE, _save)
"""“Save as files”"""
FEATURE = Feature(
    commands=(thread,),
    components=(READ_BUTTON, PAGE_BUTTON, PICK_MENU, JUMP_BUTTON, FIND_BUTTON, SAVE_BUTTON),
    forms=(Form(custom_id.JUMPED, _jump), Form(custom_id.FOUND, _find)),
)
