"""Responds to interactions: within Discord's deadline, ephemeral by default, with readable errors.

What failed or was not found is ephemeral, even if the answer would have been for everyone. What is
for everyone has a Delete button.

https://docs.discord.com/developers/interactions/receiving-and-responding#responding-to-an-interaction
"""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import discord
from discord import app_commands
from discord.ui import LayoutView, Modal

from bot.app.client import Interaction
from bot.app.components import custom_ids
from bot.app.locale import answer_language, guild_language, reader_language
from bot.app.media import attached
from bot.errors import SeedsMissing, StoreError, ThreadbotError, TooOften
from bot.i18n.messages import Language, Sentence, sentence
from bot.views.discord import custom_id
from bot.views.discord.deletion import add_delete_button
from bot.views.discord.layout import note_layout

log = logging.getLogger(__name__)

PATIENCE = 0.5
"""Seconds to wait for an answer before deferring it; Discord's deadline is 3 s."""
OPERATOR_ERRORS = (StoreError, SeedsMissing)
"""Errors whose details, such as paths, are for the operator: logged, not shown."""


@dataclass(frozen=True, slots=True)
class Private:
    """A result for the user alone, even if the answer would be public: that nothing was found."""

    layout: LayoutView
    """What to show."""


Result: TypeAlias = LayoutView | Private
"""What a user asked for."""
Work: TypeAlias = Coroutine[Any, Any, Result]
"""Computes the message to respond with."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The message that work led to."""

    layout: LayoutView
    """What to show: the result, or why there is none."""
    private: bool
    """Whether it is for the user alone: an error message, or that nothing was found."""
    files: Sequence[discord.File] = ()
    """The pictures that it shows."""


async def reply(
    interaction: Interaction, work: Work, *, defer_first: bool = False, public: bool = False
) -> bool:
    """Respond with a new message, visible to everyone if it is `public`.

    `defer_first`: acknowledge before starting the work. Errors, and what is `Private`, are shown to
    the user alone.

    Returns:
        Whether the user got what they asked for.
    """
    try:
        if defer_first:
            outcome = await _reply_deferred(interaction, work, public=public)
        elif interaction.client.is_busy:
            outcome = await _reply_in_turn(interaction, work, public=public)
        else:
            outcome = await _reply_soon(interaction, work, public=public)
    except discord.HTTPException as error:
        log.warning("cannot deliver an answer: %s", error)
        return False
    return not outcome.private


async def _reply_deferred(interaction: Interaction, work: Work, *, public: bool) -> Outcome:
    """Acknowledge, then work."""
    try:
        await interaction.response.defer(ephemeral=not public, thinking=True)
        outcome = await _outcome(interaction, work, public=public)
        await _fill_in_reply(interaction, outcome, public=public)
        return outcome
    finally:
        work.close()  # no effect if it has run; else the acknowledgement failed


async def _reply_in_turn(interaction: Interaction, work: Work, *, public: bool) -> Outcome:
    """Acknowledge everybody, then work for a few at a time, as no answer is sure to be in time."""
    turns = interaction.client.turns
    try:
        with turns.acknowledging():
            await interaction.response.defer(ephemeral=not public, thinking=True)
        async with turns.turn():
            outcome = await _outcome(interaction, work, public=public)
        await _fill_in_reply(interaction, outcome, public=public)
        return outcome
    finally:
        work.close()  # no effect if it has run; else the acknowledgement failed


async def _reply_soon(interaction: Interaction, work: Work, *, public: bool) -> Outcome:
    """Work, and acknowledge first only if it takes longer than `PATIENCE`."""
    task = asyncio.create_task(_outcome(interaction, work, public=public))
    try:
        with interaction.client.turns.answering():
            await asyncio.wait({task}, timeout=PATIENCE)
        if task.done():
            outcome = task.result()
            await interaction.response.send_message(
                view=outcome.layout,
                files=[*outcome.files],
                ephemeral=outcome.private or not public,
            )
        else:
            await interaction.response.defer(ephemeral=not public, thinking=True)
            outcome = await task
            await _fill_in_reply(interaction, outcome, public=public)
        return outcome
    except discord.HTTPException:
        task.cancel()
        raise


async def _fill_in_reply(interaction: Interaction, outcome: Outcome, *, public: bool) -> None:
    """Replace the placeholder of a deferred reply.

    A public placeholder can't become ephemeral, and the first follow-up would take its place. So it
    is deleted before the user is told what is for them alone.
    """
    layout = outcome.layout
    if public and outcome.private:
        with suppress(discord.NotFound):  # a moderator was faster
            await interaction.delete_original_response()
        await interaction.followup.send(view=layout, files=[*outcome.files], ephemeral=True)
        return
    await interaction.edit_original_response(view=layout, attachments=outcome.files)


async def update_message(
    interaction: Interaction, work: Work, *, defer_first: bool = False
) -> None:
    """Replace the message whose component was used.

    `defer_first`: acknowledge before starting the work. A message that another user asked for
    stays as it is; the user gets an ephemeral reply instead. A public message stays, too, where the
    result is an error or `Private`.
    """
    if belongs_to_another(interaction):
        await reply(interaction, work, defer_first=defer_first)
        return
    public = _is_public(interaction.message)
    task = asyncio.create_task(_outcome(interaction, work, public=public))
    try:
        if not defer_first:
            await asyncio.wait({task}, timeout=PATIENCE)
        if not task.done():
            await interaction.response.defer()
        await _replace(interaction, await task, public=public)
    except discord.HTTPException as error:
        log.warning("cannot turn a page: %s", error)
        task.cancel()


async def _replace(interaction: Interaction, outcome: Outcome, *, public: bool) -> None:
    """Replace the message whose component was used, or tell the user alone what is private."""
    layout, acknowledged = outcome.layout, interaction.response.is_done()
    if public and outcome.private:
        if acknowledged:
            await interaction.followup.send(view=layout, files=[*outcome.files], ephemeral=True)
        else:
            await interaction.response.send_message(
                view=layout, files=[*outcome.files], ephemeral=True
            )
    elif acknowledged:
        await interaction.edit_original_response(view=layout, attachments=outcome.files)
    else:
        await interaction.response.edit_message(view=layout, attachments=outcome.files)


async def open_form(interaction: Interaction, form: Modal) -> None:
    """Respond with `form`; sending it is an interaction of its own."""
    form.stop()  # it is recognised by its custom ID, so discord.py need not keep it
    try:
        await interaction.response.send_modal(form)
    except discord.HTTPException as error:
        log.warning("cannot open a form: %s", error)


async def reply_to_error(interaction: Interaction, error: app_commands.AppCommandError) -> None:
    """Handle what fails outside of a command's own reply; for discord.py's command tree."""
    if isinstance(error, app_commands.CommandOnCooldown):
        await reply(interaction, failure(TooOften(error.retry_after)))
        return
    if interaction.response.is_done() or interaction.type is discord.InteractionType.autocomplete:
        log.error("after the reply", exc_info=error)
        return
    await reply(interaction, failure(error))


def update_language(interaction: Interaction) -> Language:
    """Return the language of what `update_message` shows: the guild's in a public message."""
    public = _is_public(interaction.message) and not belongs_to_another(interaction)
    return answer_language(interaction, public=public)


def belongs_to_another(interaction: Interaction) -> bool:
    """Return whether another user asked for the message whose component was used."""
    message = interaction.message
    if message is None:
        return False
    asker = asker_of(message)
    # An old reply to a mention says nothing of that, and belongs to nobody.
    return asker != interaction.user.id if asker else message.reference is not None


def asker_of(message: discord.Message) -> int | None:
    """Return the ID of the user who asked for `message`, if it says so."""
    for each in custom_ids(message):
        if carried := re.fullmatch(custom_id.DELETE, each):
            return int(carried["user"])
    metadata = message.interaction_metadata
    return metadata.user.id if metadata else None


def _is_public(message: discord.Message | None) -> bool:
    return message is not None and not message.flags.ephemeral


async def notice(interaction: Interaction, text: Sentence) -> LayoutView:
    """Work with a known result: a sentence to the user who acted."""
    return note_layout(reader_language(interaction).say(text))


async def failure(error: Exception) -> LayoutView:
    """Work that fails with `error`."""
    raise error


def error_text(error: ThreadbotError, say: Language) -> str:
    """Return the message of `error` in a language."""
    return "\n".join(say.say(each) for each in error.sentences)


async def _outcome(interaction: Interaction, work: Work, *, public: bool) -> Outcome:
    """Run `work`; turn an error into a message. What is `public` gets a Delete button."""
    try:
        result = await work
        if isinstance(result, Private):
            outcome = Outcome(result.layout, private=True)
        else:
            outcome = Outcome(result, private=False)
            if public:
                add_delete_button(result, interaction.user.id, guild_language(interaction))
    except ThreadbotError as error:
        if isinstance(error, OPERATOR_ERRORS):
            log.error("%s: %s", _name(interaction), error)
        layout = note_layout(error_text(error, reader_language(interaction)))
        outcome = Outcome(layout, private=True)
    except Exception:  # the one place where an unexpected error becomes a reply
        incident = secrets.token_hex(4)
        log.exception("incident %s: %s", incident, _name(interaction))
        text = sentence(
            "An unexpected error occurred. Give this code to the person who runs "
            "this bot: {incident}.",
            incident=incident,
        )
        outcome = Outcome(note_layout(reader_language(interaction).say(text)), private=True)
    # Components are recognised by their custom IDs, so discord.py need not keep the view.
    outcome.layout.stop()
    files = await attached(outcome.layout, interaction.client.library.media)
    return replace(outcome, files=files)


def _name(interaction: Interaction) -> str:
    """Return the kind of the interaction, and its command or custom ID, for the log."""
    data: Mapping[str, Any] = interaction.data or {}
    return f"{interaction.type.name} {data.get('name') or data.get('custom_id')}"
