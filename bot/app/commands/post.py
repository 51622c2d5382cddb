"""Posts a thread as a Discord thread, after a confirmation; it can be stopped and resumed."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, replace

import discord
from discord import ui

from bot.app.channel_permissions import require_permissions
from bot.app.client import Feature, Interaction
from bot.app.commands.thread import thread_and_pages
from bot.app.components import component
from bot.app.delivery import UNDELIVERED, acknowledge, send_once
from bot.app.locale import guild_language, reader_language
from bot.app.media import attached
from bot.app.permissions import library_for
from bot.app.posts_under_way import PostUnderWay
from bot.app.reply import belongs_to_another, failure, notice, reply, update_message
from bot.errors import NoLongerThere, NotAThread, Restarting, ThreadbotError
from bot.i18n.messages import Sentence, sentence
from bot.models import Thread
from bot.views import wording
from bot.views.discord import custom_id, pages
from bot.views.discord.deletion import add_delete_button
from bot.views.discord.thread_layout import (
    may_post_layout,
    post_layout,
    posted_layout,
    posting_layout,
)

PERMISSIONS = ("view_channel", "create_public_threads", "send_messages_in_threads")
"""What both the member and the bot need in the channel."""
LONGEST_NAME = 100
"""Characters of a Discord thread's name."""
STOPPED = sentence("You stopped posting.")


async def _offer(interaction: Interaction, match: re.Match[str], _: list[str]) -> None:
    """Ask for confirmation; ephemeral."""
    await reply(interaction, confirmation(interaction, match["thread"]))


async def confirmation(interaction: Interaction, reference: str) -> ui.LayoutView:
    """Build the question whether to post a thread.

    Raises:
        ThreadbotError: the thread cannot be posted here.
    """
    channel = _channel(interaction)
    library = await library_for(interaction)
    thread, thread_pages = await thread_and_pages(library, reference, guild_language(interaction))
    return may_post_layout(
        thread, thread_pages, library.version, channel.mention, reader_language(interaction)
    )


async def _cancel(interaction: Interaction, _: re.Match[str], __: list[str]) -> None:
    await update_message(interaction, notice(interaction, sentence("Nothing was posted.")))


async def _post(interaction: Interaction, match: re.Match[str], _: list[str]) -> None:
    """Post page after page, and show the progress in place of the question."""
    if belongs_to_another(interaction):
        theirs = sentence(
            "Only the person who asked can use this. Open the thread yourself to post it."
        )
        await reply(interaction, notice(interaction, theirs))
        return
    try:
        channel = _channel(interaction)
        library = await library_for(interaction)
        language = guild_language(interaction)
        thread, thread_pages = await thread_and_pages(library, match["thread"], language)
        if int(match["generation"]) != library.version:
            raise NoLongerThere
    except ThreadbotError as error:
        await update_message(interaction, failure(error))
        return
    stopping, posts = interaction.client.stopping, interaction.client.posts_under_way
    if stopping.begun:
        await reply(interaction, failure(Restarting()))
        return
    message = interaction.message.id if interaction.message else interaction.id
    with (
        stopping.answering(),
        suppress(*UNDELIVERED),  # nobody was told to wait
        posts.register(message, interaction.user.id) as first_press,
    ):
        await acknowledge(interaction, interaction.response.defer)
        if first_press:
            draft = _Draft(thread, thread_pages, int(match["generation"]), int(match["page"]))
            await _start(interaction, draft, channel, int(match["place"]))


@dataclass(frozen=True, slots=True)
class _Draft:
    """A thread to post."""

    thread: Thread
    """The thread."""
    pages: list[list[pages.Block]]
    """Its pages."""
    generation: int
    """The library's version that they are from."""
    first: int
    """The number, from 1, of the page to start with."""


async def _start(
    interaction: Interaction, draft: _Draft, channel: discord.TextChannel, place_id: int
) -> None:
    """Find or create the Discord thread, and post there."""
    place = channel.guild.get_thread(place_id)
    try:
        # Only a thread of the bot in this channel, where the member may post, is gone on with.
        if place is None or place.parent_id != channel.id or place.owner_id != channel.guild.me.id:
            draft = replace(draft, first=1)
            place = await channel.create_thread(
                name=wording.short(draft.thread.title, LONGEST_NAME) or draft.thread.id,
                type=discord.ChannelType.public_thread,
            )
    except UNDELIVERED as error:
        say, why = reader_language(interaction), _reason(error)
        await _show(interaction, posted_layout(0, len(draft.pages), 0, say, why=why, go_on=None))
        return
    await _post_to(interaction, draft, place)


async def _post_to(interaction: Interaction, draft: _Draft, place: discord.Thread) -> None:
    """Post to a Discord thread, unless it is being written to; report how far that went."""
    posts = interaction.client.posts_under_way
    with posts.register(place.id, interaction.user.id) as post:
        if post is None:
            return
        done, why = await _send_pages(interaction, draft, place, post)
    say = reader_language(interaction)
    go_on = custom_id.posting(draft.thread.id, draft.generation, place.id, done + 1)
    await _show(
        interaction, posted_layout(done, len(draft.pages), place.id, say, why=why, go_on=go_on)
    )


async def _send_pages(
    interaction: Interaction, draft: _Draft, place: discord.Thread, post: PostUnderWay
) -> tuple[int, Sentence | None]:
    """Send page after page; return the number of the last one sent, and why it is the last."""
    say, guild_say = reader_language(interaction), guild_language(interaction)
    last = len(draft.pages)
    done = draft.first - 1
    try:
        for number in range(draft.first, last + 1):
            await _show(interaction, posting_layout(done, last, place.id, say))
            if post.stopped:
                return done, STOPPED
            if interaction.client.stopping.begun:
                return done, sentence("Threadbot is restarting.")
            page = draft.pages[number - 1]
            by = interaction.user.display_name if number == 1 else None
            layout = post_layout(draft.thread, page, guild_say, by=by)
            add_delete_button(layout, interaction.user.id, guild_say)
            layout.stop()
            files = await attached(layout, interaction.client.library.media)
            await send_once(interaction.client, place.send, files, view=layout)
            done = number
    except UNDELIVERED as error:
        return done, _reason(error)
    return done, None


async def _stop(interaction: Interaction, match: re.Match[str], _: list[str]) -> None:
    post = interaction.client.posts_under_way.get(int(match["place"]))
    if post is None or post.user != interaction.user.id:
        await reply(
            interaction,
            notice(interaction, sentence("You are not posting anything there.")),
        )
        return
    post.stopped = True
    with suppress(*UNDELIVERED):
        await acknowledge(interaction, interaction.response.defer)


def _channel(interaction: Interaction) -> discord.TextChannel:
    """Return the channel, where both the member and the bot may create a thread.

    Raises:
        NotAThread: the channel cannot have threads, or the bot is not a member of the guild.
        NotAllowedHere: the member or the bot lacks a permission.
    """
    channel = interaction.channel
    if not isinstance(channel, discord.TextChannel) or not interaction.is_guild_integration():
        raise NotAThread
    require_permissions(interaction.permissions, *PERMISSIONS)
    require_permissions(interaction.app_permissions, *PERMISSIONS, of_the_bot=True)
    return channel


def _reason(error: BaseException) -> Sentence:
    if not isinstance(error, discord.HTTPException):
        return sentence("The connection to Discord failed.")
    return sentence("Discord returned an error: {what}", what=error.text or str(error.status))


async def _show(interaction: Interaction, layout: ui.LayoutView) -> None:
    """Replace the question by `layout`, if Discord still accepts it."""
    layout.stop()
    with suppress(*UNDELIVERED):  # the token of an interaction is valid for 15 minutes
        await interaction.edit_original_response(view=layout)


POST_BUTTON = component(custom_id.POST, _offer)
"""“Post as a thread…”"""
NOT_NOW_BUTTON = component(custom_id.NOT_NOW, _cancel)
"""“Not now”"""
POSTING_BUTTON = component(custom_id.POSTING, _post)
"""“Post it”, “Continue”"""
STOP_BUTTON = component(custom_id.STOP, _stop)
"""“Stop”"""
FEATURE = Feature(components=(POST_BUTTON, NOT_NOW_BUTTON, POSTING_BUTTON, STOP_BUTTON))
