"""Asks which thread or file is meant, and whether it may really go."""

from __future__ import annotations

from collections.abc import Sequence

import discord
from discord import ui

from bot.i18n.messages import Language
from bot.models import ThreadMatches
from bot.reports import DumpSummary, Going, Hidden, Removing
from bot.views import markdown, removal_text, wording
from bot.views.discord import custom_id
from bot.views.discord.parts import CHOICE, CHOICES, LABEL, lines, menu, small, thread_option


def confirm_layout(removing: Removing, say: Language) -> ui.LayoutView:
    """Asks whether what is named may go, with a button that does it and one that does not."""
    layout = lines(
        f"**{markdown.escape(removal_text.asked(removing, say))}**",
        *(markdown.escape(removal_text.going_line(each, say)) for each in removing.going),
        small(removal_text.consequence(removing, say)),
    )
    first = removing.going[0]
    label = say("Remove") if first.kind == "dump" else say("Hide")
    layout.add_item(
        ui.ActionRow(
            ui.Button(
                label=wording.short(label, LABEL),
                custom_id=_carried(removing.going, removing.seal),
                style=discord.ButtonStyle.danger,
            ),
            ui.Button(label=wording.short(say("Cancel"), LABEL), custom_id=custom_id.KEEP),
        )
    )
    return layout


def _carried(going: Sequence[Going], seal: str) -> str:
    keys = {each.kind: each.key.removeprefix("#") for each in going}
    if "dump" in keys:
        return custom_id.remove(keys["dump"], seal)
    return custom_id.forget(keys.get("thread"), keys.get("author"), seal)


def which_thread_layout(
    reference: str, matches: ThreadMatches, author: str | None, say: Language
) -> ui.LayoutView:
    """Asks which of several threads to hide.

    Args:
        reference: what was typed.
        matches: the threads that it fits.
        author: the key of an author who is to be hidden too.
        say: the reader's language.
    """
    threads = [matches.best, *matches.others][:CHOICES]
    options = [thread_option(each, say) for each in threads]
    every = matches.count + 1
    number = wording.threads(every, say)
    return _which(reference, (every, number), custom_id.which(author), options, say)


def which_dump_layout(name: str, dumps: Sequence[DumpSummary], say: Language) -> ui.LayoutView:
    """Asks which of several files to remove."""
    options = [
        discord.SelectOption(
            label=wording.short(each.file, CHOICE) or f"#{each.id}", value=str(each.id)
        )
        for each in dumps[:CHOICES]
    ]
    number = wording.dumps(len(dumps), say)
    return _which(name, (len(dumps), number), custom_id.WHICH_DUMP, options, say)


def unhide_layout(hidden: Sequence[Hidden], say: Language) -> ui.LayoutView:
    """Lists what is hidden, with a menu that shows one of it again."""
    layout = lines(f"**{markdown.escape(say('Hidden here'))}**")
    if len(hidden) > CHOICES:
        rest = say("The menu has the first {number}. More words narrow it.", number=CHOICES)
        layout.add_item(ui.TextDisplay(small(rest)))
    options = [
        discord.SelectOption(
            label=wording.short(removal_text.hidden_line(each, say), CHOICE), value=each.id
        )
        for each in hidden
    ]
    layout.add_item(menu(custom_id.UNHIDE, say("Choose what to show again"), options))
    return layout


def _which(
    said: str,
    fitting: tuple[int, str],
    carried: str,
    options: Sequence[discord.SelectOption],
    say: Language,
) -> ui.LayoutView:
    """Asks which of several things is meant; `fitting` is how many, as a number and in words."""
    count, number = fitting
    asked = say("“{name}” fits {number}. Which one?", name=wording.short(said), number=number)
    layout = lines(f"**{markdown.escape(asked)}**")
    if count > len(options):
        rest = say("The menu has the first {number}. More words narrow it.", number=len(options))
        layout.add_item(ui.TextDisplay(small(rest)))
    layout.add_item(menu(carried, say("Choose one"), options))
    return layout
