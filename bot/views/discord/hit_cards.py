"""Hits as containers: their texts, pictures and buttons, within a message's components."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

import discord
from discord import ui

from bot.i18n.messages import Language
from bot.views import wording
from bot.views.discord import custom_id, media
from bot.views.discord.hits import ShownHit, all_label, read_buttons
from bot.views.discord.parts import CHOICE, add_row, button, menu

MOST_COMPONENTS = 40

Container = ui.Container[ui.LayoutView]


def add_hits(
    layout: ui.LayoutView,
    shown: Sequence[ShownHit],
    say: Language,
    reserved: int,
    everything: Callable[[str], str | None],
) -> None:
    """Add a container for each hit; the first button to read from stands out.

    Args:
        layout: the message.
        shown: the hits.
        say: the language.
        reserved: the number of components that will follow.
        everything: the custom id that shows all matches of a thread; None without one.
    """
    heading = any(each.hit.partial for each in shown)
    room = MOST_COMPONENTS - layout.total_children_count - reserved - heading
    # What there is no room for goes: buttons into a menu first, pictures last.
    for pictures, (reads, alls) in product(
        (True, False), ((True, True), (True, False), (False, False))
    ):
        made = [
            _container(each, say, everything, (pictures, reads, alls), first=each is shown[0])
            for each in shown
        ]
        options = _options(shown, say, everything, reads=not reads, alls=not alls)
        size = sum(1 + len(list(each.walk_children())) for each in made) + 2 * bool(options)
        if size <= room:
            break
    for each, container in zip(shown, made, strict=True):
        if each.hit.partial and heading:
            layout.add_item(ui.TextDisplay(f"**{say('Only some of the words')}**"))
            heading = False
        layout.add_item(container)
    if options:
        layout.add_item(menu(custom_id.GO_MENU, say("Read from a tweet"), options))


def _container(
    shown: ShownHit,
    say: Language,
    everything: Callable[[str], str | None],
    inline: tuple[bool, bool, bool],
    *,
    first: bool,
) -> Container:
    """A hit; `inline`: pictures, buttons to read from, and the one for all matches."""
    pictures, reads, alls = inline
    container: Container = ui.Container()
    text = [shown.head] if shown.head else []
    for each in shown.tweets:
        picture = media.thumbnail(each.passage.tweet) if pictures else None
        text.append(each.text)
        if picture:
            container.add_item(ui.Section(ui.TextDisplay("\n".join(text)), accessory=picture))
            text = []
    if text:
        container.add_item(ui.TextDisplay("\n".join(text)))
    buttons = read_buttons(shown, say, main=first) if reads else []
    label = all_label(shown, say)
    if alls and label:
        buttons.append(button(label, everything(shown.hit.thread.id)))
    add_row(container, buttons)
    return container


def _options(
    shown: Sequence[ShownHit],
    say: Language,
    everything: Callable[[str], str | None],
    *,
    reads: bool,
    alls: bool,
) -> list[discord.SelectOption]:
    """The options of the menu into threads: tweets to read from, and all matches of threads."""
    options = []
    for hit in shown:
        thread, title = hit.hit.thread, hit.hit.thread.title
        for each in hit.tweets if reads else ():
            where = wording.place(each.passage.position, thread.tweets, say)
            label = wording.short(f"{hit.hit.rank}. {where}: {each.passage.tweet.text}", CHOICE)
            value = custom_id.go("read", thread.id, each.passage.position)
            options.append(discord.SelectOption(label=label, value=value))
        label_of_all = all_label(hit, say) if alls and everything(thread.id) else None
        if label_of_all:
            label = wording.short(f"{hit.hit.rank}. {label_of_all}: {title}", CHOICE)
            value = custom_id.go("all", thread.id, 1)
            options.append(discord.SelectOption(label=label, value=value))
    return options
