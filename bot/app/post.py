"""Posting a thread as a Discord thread: asked first, in turn, to be stopped and taken up again."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass

import discord
from discord import ui

from bot.app.components import component
from bot.app.localise import everyones, readers
from bot.app.respond import Interaction, is_of_another, note, refuse, reply, turn
from bot.app.scope import library_of
from bot.app.speaking import need
from bot.app.thread import paged
from bot.errors import NoLongerThere, NotAThread, ThreadbotError
from bot.language import Sentence, sentence
from bot.models import Thread
from bot.views import custom_id, pages, text
from bot.views.thread_layout import (
    may_post_layout,
    post_layout,
    posted_layout,
    posting_layout,
)

NEEDED = ("view_channel", "create_public_threads", "send_messages_in_threads")
NAME = 100
STOPPED = sentence("You stopped posting.")


@dataclass(slots=True)
class Posting:
    """A thread that is being posted."""

    by: int
    """The user who posts it."""
    stopped: bool = False
    """Whether no further message is to be sent."""


async def _offer(interaction: Interaction, match: re.Match[str], _: list[str]) -> None:
    """Ask first."""
    await reply(interaction, _offered(interaction, match["thread"]))


async def _offered(interaction: Interaction, reference: str) -> ui.LayoutView:
    channel = _channel(interaction)
    library = await library_of(interaction)
    thread, made = await paged(library, reference, everyones(interaction))
    return may_post_layout(thread, made, library.stamp, channel.mention, readers(interaction))


async def _not_now(interaction: Interaction, _: re.Match[str], __: list[str]) -> None:
    await turn(interaction, note(interaction, sentence("Nothing was posted.")))


async def _post(interaction: Interaction, match: re.Match[str], _: list[str]) -> None:
    """Post page after page, and tell how far it is in the place of the question."""
    if is_of_another(interaction):
        theirs = sentence(
            "Only the person who asked can use this. Open the thread yourself to post it."
        )
        await reply(interaction, note(interaction, theirs))
        return
    try:
        channel = _channel(interaction)
        library = await library_of(interaction)
        thread, made = await paged(library, match["thread"], everyones(interaction))
        if int(match["generation"]) != library.stamp:
            raise NoLongerThere
    except ThreadbotError as error:
        await turn(interaction, refuse(error))
        return
    await interaction.response.defer()
    asked = interaction.message.id if interaction.message else interaction.id
    if asked in interaction.client.postings:  # pressed twice
        return
    interaction.client.postings[asked] = Posting(interaction.user.id)
    try:
        await _begin(interaction, match, thread, made, channel)
    finally:
        del interaction.client.postings[asked]


async def _begin(
    interaction: Interaction,
    match: re.Match[str],
    thread: Thread,
    made: list[list[pages.Block]],
    channel: discord.TextChannel,
) -> None:
    """Find or make the Discord thread, and post there."""
    first = int(match["page"])
    place = channel.guild.get_thread(int(match["place"]))
    try:
        if place is None:
            first = 1
            place = await channel.create_thread(
                name=text.short(thread.title, NAME) or thread.id,
                type=discord.ChannelType.public_thread,
            )
    except discord.HTTPException as error:
        say = readers(interaction)
        await _tell(interaction, posted_layout(0, len(made), 0, say, why=_why(error), go_on=None))
        return
    await _post_from(interaction, int(match["generation"]), first, thread, made, place)


async def _post_from(
    interaction: Interaction,
    generation: int,
    first: int,
    thread: Thread,
    made: list[list[pages.Block]],
    place: discord.Thread,
) -> None:
    postings = interaction.client.postings
    if place.id in postings:
        return
    postings[place.id] = posting = Posting(interaction.user.id)
    say, everyone_says = readers(interaction), everyones(interaction)
    done, why = first - 1, None
    try:
        for number in range(first, len(made) + 1):
            await _tell(interaction, posting_layout(done, len(made), place.id, say))
            if posting.stopped:
                why = STOPPED
                break
            layout = post_layout(thread, made[number - 1], everyone_says, first=number == 1)
            layout.stop()
            await place.send(view=layout)
            done = number
    except discord.HTTPException as error:
        why = _why(error)
    finally:
        del postings[place.id]
    go_on = custom_id.posting(thread.id, generation, place.id, done + 1)
    await _tell(interaction, posted_layout(done, len(made), place.id, say, why=why, go_on=go_on))


async def _stop(interaction: Interaction, match: re.Match[str], _: list[str]) -> None:
    posting = interaction.client.postings.get(int(match["place"]))
    if posting is None or posting.by != interaction.user.id:
        await reply(interaction, note(interaction, sentence("You are not posting anything there.")))
        return
    posting.stopped = True
    with suppress(discord.HTTPException):
        await interaction.response.defer()


def _channel(interaction: Interaction) -> discord.TextChannel:
    """The channel, if both the person and the bot may make a thread in it.

    Raises:
        NotAThread: it is none that has threads, or the bot is not a member there.
        NotAllowedHere: one of the two may not.
    """
    channel = interaction.channel
    if not isinstance(channel, discord.TextChannel) or not interaction.is_guild_integration():
        raise NotAThread
    need(interaction.permissions, *NEEDED)
    need(interaction.app_permissions, *NEEDED, of_the_bot=True)
    return channel


def _why(error: discord.HTTPException) -> Sentence:
    return sentence("Discord returned an error: {what}", what=error.text or str(error.status))


async def _tell(interaction: Interaction, layout: ui.LayoutView) -> None:
    layout.stop()
    with suppress(discord.HTTPException):  # after a quarter of an hour nobody can be told
        await interaction.edit_original_response(view=layout)


POST_BUTTON = component(custom_id.POST, _offer)
"""“Post as a thread…”"""
NOT_NOW_BUTTON = component(custom_id.NOT_NOW, _not_now)
"""“Not now”"""
POSTING_BUTTON = component(custom_id.POSTING, _post)
"""“Post it”, “Continue”"""
STOP_BUTTON = component(custom_id.STOP, _stop)
"""“Stop”"""
COMPONENTS = (POST_BUTTON, NOT_NOW_BUTTON, POSTING_BUTTON, STOP_BUTTON)
