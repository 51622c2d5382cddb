"""Threads as Discord messages: pages, menus, files and the progress of posting."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from functools import partial

import discord
from discord import ui

from bot.i18n.messages import Language, Sentence, sentence
from bot.models import Thread, ThreadSummary
from bot.views import markdown, wording
from bot.views.discord import custom_id, pages
from bot.views.discord.parts import (
    CHOICE,
    CHOICES,
    WithFiles,
    add_row,
    button,
    lines,
    menu,
    page_buttons,
    small,
)


def thread_layout(
    thread: Thread,
    thread_pages: list[list[pages.Block]],
    say: Language,
    *,
    page: int | None = None,
    position: int = 1,
    generation: int = 0,
    stale: bool = False,
    marked: int | None = None,
) -> ui.LayoutView:
    """A page of a thread: number `page`, or the one with the tweet at `position`.

    Args:
        thread: the thread.
        thread_pages: its pages.
        say: the language.
        page: the page's number, from 1; None to go by `position`.
        position: the position of a tweet, from 1.
        generation: the library's generation.
        stale: whether the library was reloaded since the page that this one replaces.
        marked: the position of the tweet that was asked for, which gets a mark.
    """
    last = len(thread_pages)
    number = pages.page_of(thread_pages, position) if page is None else max(1, min(page, last))
    layout = lines(_head(thread, say), *([small(say.say(wording.RELOADED))] if stale else []))
    layout.add_item(ui.TextDisplay(_body(thread_pages[number - 1], marked)))
    if last > 1:
        turn = partial(custom_id.page, thread.id, generation=generation)
        jump = button(say("Go to tweet…"), custom_id.of_thread("jump", thread.id))
        add_row(layout, (*page_buttons(number, last, say, turn), jump))
    _add_actions(layout, thread, say)
    return layout


def _add_actions(layout: ui.LayoutView, thread: Thread, say: Language) -> None:
    """Add a row of buttons that search, save and post `thread`."""
    add_row(
        layout,
        (
            button(say("Find in this thread…"), custom_id.of_thread("find", thread.id)),
            button(say("Save as files"), custom_id.of_thread("save", thread.id)),
            button(say("Post as a thread…"), custom_id.of_thread("post", thread.id)),
        ),
    )


def picker_layout(threads: Sequence[ThreadSummary], say: Language) -> ui.LayoutView:
    """A menu of threads, if none was named."""
    asked = say(
        "Which thread? Choose one, or use {thread} with words from its title.",
        thread=sentence("/thread"),
    )
    layout = lines(asked)
    layout.add_item(thread_menu(threads, say))
    return layout


def not_loaded_layout(threads: Sequence[ThreadSummary], say: Language) -> ui.LayoutView:
    """Says that a linked tweet is not loaded, with a menu of other threads by its author."""
    layout = lines(say("That tweet is not in the loaded files."))
    if threads:
        by = say("Threads by @{handle} that are loaded:", handle=threads[0].author or "")
        layout.add_item(ui.TextDisplay(markdown.escape(by)))
        layout.add_item(thread_menu(threads, say))
    return layout


def thread_menu(threads: Sequence[ThreadSummary], say: Language) -> ui.ActionRow[ui.LayoutView]:
    """A menu of threads, which opens the one that is chosen."""
    options = [
        discord.SelectOption(
            label=wording.short(each.title, CHOICE) or each.id,
            value=each.id,
            description=wording.size(each.tweets, say, complete=each.complete),
        )
        for each in threads[:CHOICES]
    ]
    return menu(custom_id.pick(), say("Choose a thread"), options)


def files_layout(
    thread: Thread, files: Mapping[str, bytes], limit: int, say: Language
) -> ui.LayoutView:
    """A thread as attached files of at most `limit` bytes; larger ones are only named."""
    small_enough = {name: data for name, data in files.items() if len(data) <= limit}
    attached = [
        discord.File(io.BytesIO(data), filename=name) for name, data in small_enough.items()
    ]
    layout = WithFiles(attached)
    title = markdown.escape(wording.short(thread.title, 200))
    back = say(
        "{size}. To load these files again, use {reload} or threadbot load.",
        size=wording.size(len(thread.tweets), say, complete=thread.complete),
        reload=sentence("/reload"),
    )
    shown = [f"**{title}**", small(back)]
    for name in sorted(files.keys() - small_enough.keys()):
        too_large = say(
            "{file} is too large for Discord. Use threadbot thread --save instead.",
            file=name,
        )
        shown.append(small(too_large))
    layout.add_item(ui.TextDisplay("\n".join(shown)))
    for each in attached:
        layout.add_item(ui.File(each))
    return layout


def may_post_layout(
    thread: Thread, thread_pages: Sequence[object], generation: int, channel: str, say: Language
) -> ui.LayoutView:
    """Asks for confirmation before a thread is posted in a channel."""
    title = markdown.escape(wording.short(thread.title, 200))
    what = say(
        "This creates a Discord thread with {messages}: {size}.",
        messages=wording.messages(len(thread_pages), say),
        size=wording.size(len(thread.tweets), say, complete=thread.complete),
    )
    layout = lines(
        say("Post {title} for everyone in {channel}?", title=f"**{title}**", channel=channel),
        small(what),
    )
    carried = custom_id.posting(thread.id, generation, 0, 1)
    add_row(
        layout,
        (
            button(say("Post it"), carried, main=True),
            button(say("Not now"), custom_id.NOT_NOW),
        ),
    )
    return layout


def post_layout(
    thread: Thread, blocks: list[pages.Block], say: Language, *, first: bool
) -> ui.LayoutView:
    """A page of a thread, as a message in a Discord thread."""
    layout = lines(_head(thread, say)) if first else ui.LayoutView(timeout=None)
    layout.add_item(ui.TextDisplay(_body(blocks)))
    return layout


def posting_layout(done: int, of: int, place: int, say: Language) -> ui.LayoutView:
    """The progress of posting in the Discord thread `place`, with a Stop button."""
    progress = say(
        "Posting in {place}: {done} of {messages}.",
        done=done,
        messages=wording.messages(of, say),
        place=f"<#{place}>",
    )
    layout = lines(progress)
    add_row(layout, (button(say("Stop"), custom_id.stop(place)),))
    return layout


def posted_layout(
    done: int, of: int, place: int, say: Language, *, why: Sentence | None, go_on: str | None
) -> ui.LayoutView:
    """The result of posting: how many messages, why it stopped, and a Continue button."""
    where = f"<#{place}>"
    if done == of:
        result = say.count(
            of,
            "Posted {count} message in {place}.",
            "Posted all {count} messages in {place}.",
            place=where,
        )
        return lines(result)
    if place:
        number = wording.messages(of, say)
        result = say(
            "Posted {done} of {messages} in {place}.", done=done, messages=number, place=where
        )
    else:
        result = say("Nothing was posted.")
    layout = lines(result, *([markdown.escape(say.say(why))] if why else []))
    add_row(layout, (button(say("Continue"), go_on),))
    return layout


def _body(blocks: Sequence[pages.Block], marked: int | None = None) -> str:
    return "\n\n".join(
        block.shown.replace("-# ", f"-# {wording.MARK} ", 1)
        if block.position == marked
        else block.shown
        for block in blocks
    )


def _head(thread: Thread, say: Language) -> str:
    about = [f"@{thread.author}"] if thread.author else []
    about.append(wording.tweets(len(thread.tweets), say))
    head = [
        f"### {markdown.escape(wording.short(thread.title))}",
        f"-# {markdown.escape(' · '.join(about))}",
    ]
    if thread.source_url and len(thread.source_url) <= 400:
        head[1] += f" · {markdown.link(say('Source'), thread.source_url)}"
    banner = wording.preview_banner(thread, say)
    if banner:
        head.append(f"**{markdown.escape(banner)}**")
    return "\n".join(head)
