"""Hits as containers: their texts, pictures and buttons, within a message's components."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import discord
from discord import ui

from bot.i18n.messages import Language
from bot.views import wording
from bot.views.discord import custom_id, media
from bot.views.discord.hits import ShownHit, all_label, read_buttons, title_of, tweet_option
from bot.views.discord.parts import CHOICE, add_row, button, menu

MOST_COMPONENTS = 40

Container = ui.Container[ui.LayoutView]
Everything = Callable[[str], str | None]
"""Returns the custom id that shows all matches of a thread; None without one."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """What the cards of a page have."""

    pictures: int
    """How many pictures."""
    reads: bool
    """Whether they have their own buttons to read from a tweet; else the menu has these."""
    alls: bool
    """Whether they have their own buttons for all matches of a thread; else the menu has these."""
    wide: bool = True
    """Whether what belongs to a tweet takes the full width; else it is beside its picture."""


def add_hits(
    layout: ui.LayoutView,
    shown: Sequence[ShownHit],
    say: Language,
    reserved: int,
    everything: Everything,
) -> None:
    """Add a container for each hit; the button for the best tweet of the first one stands out.

    What there is no room for goes: the buttons into a menu first, then the last pictures.

    Args:
        layout: the message.
        shown: the hits.
        say: the language.
        reserved: the number of components that will follow.
        everything: what shows all matches of a thread.
    """
    heading = any(each.hit.partial for each in shown)
    room = MOST_COMPONENTS - layout.total_children_count - reserved - heading
    for plan in _plans(shown):
        made = _containers(shown, say, everything, plan)
        options = _options(shown, say, everything, plan)
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


def _plans(shown: Sequence[ShownHit]) -> Iterator[_Plan]:
    """All plans, from the one with the most to the one with the least."""
    tweets = [each.passage.tweet for hit in shown for each in hit.tweets]
    pictures = sum(media.thumbnail(each) is not None for each in tweets)
    yield _Plan(pictures, reads=True, alls=True)
    yield _Plan(pictures, reads=True, alls=False)
    yield _Plan(pictures, reads=False, alls=False)
    for some in range(pictures, -1, -1):
        yield _Plan(some, reads=False, alls=False, wide=False)


def _containers(
    shown: Sequence[ShownHit], say: Language, everything: Everything, plan: _Plan
) -> list[Container]:
    """The hits, as far as `plan` goes."""
    made = []
    pictures = plan.pictures
    for hit in shown:
        container: Container = ui.Container()
        text = [hit.head]
        for each in hit.tweets:
            picture = media.thumbnail(each.passage.tweet) if pictures else None
            if picture:
                pictures -= 1
                if text and each is not hit.tweets[0]:  # of other tweets: takes the full width
                    container.add_item(ui.TextDisplay("\n".join(text)))
                    text = []
                beneath = [each.beneath] if each.beneath else []
                lines = [*text, each.text, *(() if plan.wide else beneath)]
                beside = ui.TextDisplay[ui.LayoutView]("\n".join(lines))
                container.add_item(ui.Section(beside, accessory=picture))
                text = beneath if plan.wide else []
            else:
                text += [each.text, each.beneath] if each.beneath else [each.text]
        if text:
            container.add_item(ui.TextDisplay("\n".join(text)))
        buttons = read_buttons(hit, say, main=hit is shown[0]) if plan.reads else []
        label = all_label(hit, say) if plan.alls else None
        if label:
            buttons.append(button(label, everything(hit.hit.thread.id)))
        add_row(container, buttons)
        made.append(container)
    return made


def _options(
    shown: Sequence[ShownHit],
    say: Language,
    everything: Everything,
    plan: _Plan,
) -> list[discord.SelectOption]:
    """The options of the menu into threads: tweets to read from, and all matches of threads."""
    options = []
    titled = len(shown) > 1
    for hit in shown:
        thread = hit.hit.thread
        for each in hit.tweets if not plan.reads else ():
            value = custom_id.go("read", thread.id, each.passage.position)
            options.append(tweet_option(hit.hit, each.passage, value, say, titled=titled))
        label_of_all = all_label(hit, say) if not plan.alls and everything(thread.id) else None
        if label_of_all:
            label = wording.short(label_of_all, CHOICE)
            value = custom_id.go("all", thread.id, 1)
            title = title_of(thread, CHOICE)
            options.append(discord.SelectOption(label=label, value=value, description=title))
    return options
