"""Threads as Discord messages: pages, what to do with a thread, and how far its posting is."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

import discord
from discord import ui

from bot.models import Thread, ThreadSummary
from bot.views import custom_id, markdown, pages, text
from bot.views.parts import CHOICE, CHOICES, WithFiles, add_row, button, lines, menu, small


def thread_layout(
    thread: Thread,
    made: list[list[pages.Block]],
    *,
    page: int | None = None,
    position: int = 1,
    generation: int = 0,
    stale: bool = False,
) -> ui.LayoutView:
    """Of the pages `made` of a thread, the one numbered `page`, or with the tweet at `position`.

    `generation` is what it is of; `stale` says that the page before it was of another.
    """
    number = pages.page_of(made, position) if page is None else max(1, min(page, len(made)))
    layout = lines(_head(thread), *([small(text.RELOADED)] if stale else []))
    layout.add_item(ui.TextDisplay(_body(made[number - 1])))
    last = len(made)
    if last > 1:

        def to(page: int) -> str:
            return custom_id.page(thread.id, page, generation)

        add_row(
            layout,
            (
                button("◀ Previous", to(number - 1), disabled=number == 1),
                button(f"Page {number} of {last}", custom_id.HERE, disabled=True),
                button("Next ▶", to(number + 1), disabled=number == last),
                button("Go to tweet…", custom_id.of_thread("jump", thread.id)),
            ),
        )
    add_row(
        layout,
        (
            button("Find in this thread…", custom_id.of_thread("find", thread.id)),
            button("Save as files", custom_id.of_thread("save", thread.id)),
            button("Post as a thread…", custom_id.of_thread("post", thread.id)),
        ),
    )
    return layout


def picker_layout(threads: Sequence[ThreadSummary]) -> ui.LayoutView:
    """A menu of threads, for somebody who named none."""
    layout = lines("Which thread? Choose one, or type words of its title.")
    options = [
        discord.SelectOption(
            label=text.short(each.title, CHOICE) or each.id,
            value=each.id,
            description=text.size(each.tweets, complete=each.complete),
        )
        for each in threads[:CHOICES]
    ]
    layout.add_item(menu(custom_id.pick(), "A thread", options))
    return layout


def files_layout(thread: Thread, files: Mapping[str, bytes], limit: int) -> ui.LayoutView:
    """A thread as files, by name, those of at most `limit` bytes; the others are named."""
    small_enough = {name: data for name, data in files.items() if len(data) <= limit}
    made = [discord.File(io.BytesIO(data), filename=name) for name, data in small_enough.items()]
    layout = WithFiles(made)
    title = markdown.escape(text.short(thread.title, 200))
    size = text.size(len(thread.tweets), complete=thread.complete)
    said = [f"**{title}**", small(f"{size}; /reload and threadbot load read these files back.")]
    said += [
        small(f"{name} is larger than Discord takes here; threadbot thread --save writes it.")
        for name in sorted(files.keys() - small_enough.keys())
    ]
    layout.add_item(ui.TextDisplay("\n".join(said)))
    for each in made:
        layout.add_item(ui.File(each))
    return layout


def may_post_layout(
    thread: Thread, made: Sequence[object], generation: int, channel: str
) -> ui.LayoutView:
    """Asks whether a thread is to be posted in a channel, for everyone."""
    title = markdown.escape(text.short(thread.title, 200))
    size = text.size(len(thread.tweets), complete=thread.complete)
    number = text.count(len(made), "message")
    layout = lines(
        f"Post **{title}** for everyone in {channel}?",
        small(f"A Discord thread of {number} is made there: {size}."),
    )
    carried = custom_id.posting(thread.id, generation, 0, 1)
    add_row(layout, (button("Post it", carried), button("Not now", custom_id.NOT_NOW)))
    return layout


def post_layout(thread: Thread, blocks: list[pages.Block], *, first: bool) -> ui.LayoutView:
    """A page of a thread, as one of the messages that it is posted in."""
    layout = lines(_head(thread)) if first else ui.LayoutView(timeout=None)
    layout.add_item(ui.TextDisplay(_body(blocks)))
    return layout


def posting_layout(done: int, of: int, place: int) -> ui.LayoutView:
    """How far the posting in the Discord thread `place` is, with a button to stop it."""
    layout = lines(f"Posting: {done} of {text.count(of, 'message')}, in <#{place}>.")
    add_row(layout, (button("Stop", custom_id.stop(place)),))
    return layout


def posted_layout(
    done: int, of: int, place: int, *, why: str | None, go_on: str | None
) -> ui.LayoutView:
    """How far a posting came, why no further, and a button to go on from there."""
    if done == of:
        return lines(f"All {text.count(of, 'message')} are in <#{place}>.")
    where = f"in <#{place}>" if place else "yet"
    layout = lines(f"{done} of {text.count(of, 'message')} posted {where}. {why or ''}".strip())
    add_row(layout, (button("Go on", go_on),))
    return layout


def _body(blocks: Sequence[pages.Block]) -> str:
    return "\n\n".join(block.shown for block in blocks)


def _head(thread: Thread) -> str:
    size = text.size(len(thread.tweets), complete=thread.complete)
    about = [f"@{thread.author}"] if thread.author else []
    said = [
        f"### {markdown.escape(text.short(thread.title, 200))}",
        f"-# {markdown.escape(' · '.join([*about, size]))}",
    ]
    if thread.source_url and len(thread.source_url) <= 400:
        said[1] += f" · {markdown.link('Source', thread.source_url)}"
    banner = text.preview_banner(thread)
    if banner:
        said.append(f"**{markdown.escape(banner)}**")
    return "\n".join(said)
