"""Threads as Discord messages: pages, menus, files and the progress of posting."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TypeAlias

import discord
from discord import ui

from bot.i18n.messages import Language, Sentence, sentence
from bot.models import Followed, Source, Thread, ThreadSummary
from bot.views import markdown, wording
from bot.views.discord import custom_id, media, pages
from bot.views.discord.parts import (
    CHOICES,
    TEXT_UNITS,
    WithFiles,
    add_row,
    button,
    carry,
    fitting,
    lines,
    menu,
    page_buttons,
    small,
    thread_option,
)

CommandName: TypeAlias = Callable[[Sentence], str]
"""Names a command in Markdown."""
THREAD, RELOAD = sentence("/thread"), sentence("/reload")

LONGEST_HEADING = 300
"""Longest first line of a tweet, in characters, that can be the heading of its page."""

MORE = {
    "sources": (sentence("Sources"), sentence("Links, file and line of each tweet on this page")),
    "save": (sentence("Save as files"), sentence("As Markdown, text and JSON")),
    "post": (sentence("Post as a thread…"), sentence("For everyone in this channel; asks first")),
}
"""What the menu below a page offers, with descriptions."""


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
    back: custom_id.Asking | None = None,
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
        back: the page of an answer that the thread was opened from.
    """
    last = len(thread_pages)
    number = pages.page_of(thread_pages, position) if page is None else max(1, min(page, last))
    layout = ui.LayoutView(timeout=None)
    layout.add_item(_card(thread, thread_pages[number - 1], say, stale=stale, marked=marked))
    if last > 1:
        turn = partial(custom_id.page, thread.id, generation=generation)
        add_row(layout, page_buttons(number, last, say, turn, main=True))
    add_row(
        layout,
        (
            button(say("Back to results"), back.carried("back")) if back else None,
            button(say("Go to tweet…"), custom_id.of_thread("jump", thread.id))
            if last > 1
            else None,
            button(say("Find in this thread…"), custom_id.of_thread("find", thread.id)),
        ),
    )
    layout.add_item(_more_menu(thread, number, say))
    if back and carry(layout, back.question) is not None:
        return thread_layout(  # the question is too long for a way back
            thread,
            thread_pages,
            say,
            page=number,
            generation=generation,
            stale=stale,
            marked=marked,
        )
    return layout


def sources_layout(
    thread: Thread,
    sources: Mapping[int, Sequence[Source]],
    positions: Iterable[int],
    say: Language,
) -> ui.LayoutView:
    """All sources of the tweets at `positions`, with the file and line of each."""
    head = f"**{say('Sources')}** · {markdown.escape(wording.short(thread.title, 200))}"
    every = [
        f"-# **{each}** · {pages.source_line(tuple(sources[each]), say, most_printed=None)}"
        for each in positions
    ]
    return lines(head, *fitting(every, TEXT_UNITS - markdown.units(head), say))


def _card(
    thread: Thread,
    blocks: Sequence[pages.Block],
    say: Language,
    *,
    stale: bool = False,
    marked: int | None = None,
    headed: bool = True,
) -> ui.Container[ui.LayoutView]:
    """A page of tweets, each with its pictures below it."""
    card: ui.Container[ui.LayoutView] = ui.Container()
    opening = _opening(thread, blocks)
    if headed:
        head = _head(thread, say, title=opening is None)
        card.add_item(ui.TextDisplay("\n".join([*head, *([_reloaded(say)] if stale else [])])))
        card.add_item(ui.Separator())
    text: list[str] = []
    for block in blocks:
        shown = block.shown
        if opening and block is blocks[0]:
            shown = f"{block.head}\n### {block.body}"
        if block.position == marked:
            shown = shown.replace("-# ", f"-# {wording.MARK} ", 1)
        text.append(shown)
        if block.media:
            card.add_item(ui.TextDisplay("\n\n".join(text)))
            card.add_item(ui.MediaGallery(*map(media.item, block.media)))
            text = []
    if text:
        card.add_item(ui.TextDisplay("\n\n".join(text)))
    return card


def _opening(thread: Thread, blocks: Sequence[pages.Block]) -> str | None:
    """The first line of the first tweet, if the page has it and it begins with the title."""
    if not blocks or blocks[0].position != 1 or "continued" in blocks[0].head:
        return None
    first = thread.tweets[0].text.split("\n", 1)[0].strip()
    title = thread.title.rstrip("…. ")
    begins = bool(title) and " ".join(first.split()).startswith(" ".join(title.split()))
    return first if begins and len(first) <= LONGEST_HEADING else None


def _reloaded(say: Language) -> str:
    return small(say.say(wording.RELOADED))


def _more_menu(thread: Thread, page: int, say: Language) -> ui.ActionRow[ui.LayoutView]:
    """A menu of what is rarely done with a thread."""
    options = [
        discord.SelectOption(label=say.say(label), value=what, description=say.say(described))
        for what, (label, described) in MORE.items()
    ]
    return menu(custom_id.more(thread.id, page), say("More…"), options)


def picker_layout(
    threads: Sequence[ThreadSummary], say: Language, command: CommandName | None = None
) -> ui.LayoutView:
    """A menu of threads, if none was named; `command` names a command as a link to tap."""
    if not threads:  # all of them are hidden
        return lines(say("No threads are loaded."))
    asked = say(
        "Which thread? Choose one, or use {thread} with words from its title.",
        thread=command(THREAD) if command else THREAD,
    )
    layout = lines(asked)
    layout.add_item(thread_menu(threads, say))
    return layout


def not_loaded_layout(followed: Followed, say: Language) -> ui.LayoutView:
    """Says that a linked tweet is not loaded, or hidden, with a menu of its author's threads."""
    if followed.is_hidden:
        why = say("That tweet is hidden here. The command “unhide” can show it again.")
    else:
        why = say("That tweet is not in the loaded files.")
    layout = lines(why)
    threads = followed.threads
    if threads:
        by = say("Threads by @{handle} that are loaded:", handle=threads[0].author or "")
        layout.add_item(ui.TextDisplay(markdown.escape(by)))
        layout.add_item(thread_menu(threads, say))
    return layout


def no_such_thread_layout(
    why: str, near: Sequence[ThreadSummary], say: Language, *, words: str | None, close: bool
) -> ui.LayoutView:
    """Says that there is no such thread, with a search of all tweets, and a menu of others.

    Args:
        why: what was looked for, in the reader's language.
        near: other threads.
        say: the reader's language.
        words: the words to search for; None if an id or a link was looked for.
        close: whether the titles of `near` are like the words.
    """
    layout = lines(markdown.escape(wording.short(why, LONGEST_HEADING)))
    if words is not None:
        label = say("Search the tweets for {words}", words=wording.short(words))
        add_row(layout, (button(label, custom_id.ask(words), main=True),))
    if near:
        text = say("The closest titles:") if close else say("Some of the loaded threads:")
        layout.add_item(ui.TextDisplay(text))
        layout.add_item(thread_menu(near, say))
    return layout


def thread_menu(threads: Sequence[ThreadSummary], say: Language) -> ui.ActionRow[ui.LayoutView]:
    """A menu of threads, which opens the one that is chosen."""
    options = [thread_option(each, say) for each in threads[:CHOICES]]
    return menu(custom_id.pick(), say("Choose a thread"), options)


def files_layout(
    thread: Thread,
    files: Mapping[str, bytes],
    limit: int,
    say: Language,
    command: CommandName | None = None,
) -> ui.LayoutView:
    """A thread as attached files of at most `limit` bytes; larger ones are only named.

    `command` names a command as a link to tap.
    """
    small_enough = {name: data for name, data in files.items() if len(data) <= limit}
    attached = [
        discord.File(io.BytesIO(data), filename=name) for name, data in small_enough.items()
    ]
    layout = WithFiles(attached)
    title = markdown.escape(wording.short(thread.title, 200))
    back = say(
        "{size}. To load these files again, use {reload} or `threadbot load`.",
        size=markdown.escape(wording.size(len(thread.tweets), say, complete=thread.complete)),
        reload=command(RELOAD) if command else RELOAD,
    )
    shown = [f"**{title}**", f"-# {back}"]
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
    thread: Thread, blocks: list[pages.Block], say: Language, *, by: str | None
) -> ui.LayoutView:
    """A page of a thread, as a message in a Discord thread.

    Args:
        thread: the thread.
        blocks: the page.
        say: the server's language.
        by: who posts it, for the first page; None for the others, which need no heading.
    """
    layout = ui.LayoutView(timeout=None)
    if by is not None:
        layout.add_item(ui.TextDisplay(small(say("Posted here by {who}.", who=by))))
    layout.add_item(_card(thread, blocks, say, headed=by is not None))
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


def _head(thread: Thread, say: Language, *, title: bool) -> list[str]:
    """The title, unless the first tweet begins with it, and what is known of the whole thread."""
    banner = wording.preview_banner(thread, say)
    about = [_author(thread)] if thread.author else []
    if not banner:  # which has the number
        about.append(markdown.escape(wording.tweets(len(thread.tweets), say)))
    if thread.source_url and len(thread.source_url) <= pages.LINK_UNITS:
        about.append(markdown.link(say("Source"), thread.source_url))
    head = [f"### {markdown.escape(wording.short(thread.title))}"] if title else []
    if about:
        head.append(f"-# {' · '.join(about)}")
    if banner:
        head.append(f"-# **{markdown.escape(banner)}**")
    return head


def _author(thread: Thread) -> str:
    """The author's display name and handle."""
    own = [each.author_name for each in thread.tweets if each.author in (None, thread.author)]
    name = next(filter(None, own), None)
    handle = markdown.escape(f"@{thread.author}")
    return f"**{markdown.escape(wording.short(name, 60))}** · {handle}" if name else handle
