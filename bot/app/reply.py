"""Responds to interactions: within Discord's deadline, ephemeral by default, with readable errors.

What failed or was not found is ephemeral, even if the answer would have been for everyone. What is
for everyone has a Delete button. `delivery.py` sends what is decided here.

https://docs.discord.com/developers/interactions/receiving-and-responding#responding-to-an-interaction
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import discord
from discord import app_commands
from discord.ui import LayoutView, Modal

from bot.app.answer_log import logged, name_of
from bot.app.client import Interaction
from bot.app.components import custom_ids
from bot.app.delivery import (
    UNDELIVERED,
    acknowledge,
    delete_original,
    edit_original,
    follow_up,
    is_acknowledged,
    send_first,
    update_first,
)
from bot.app.locale import answer_language, guild_language, reader_language
from bot.app.media import attached
from bot.app.uploads import no_room
from bot.errors import (
    DataFolderUnusable,
    DiskFull,
    Restarting,
    SeedsMissing,
    StoreError,
    ThreadbotError,
    TooOften,
)
from bot.i18n.messages import Language, Sentence
from bot.logs import ANSWER, new_id
from bot.views.discord import custom_id
from bot.views.discord.deletion import add_delete_button
from bot.views.discord.layout import note_layout

log = logging.getLogger(__name__)

PATIENCE = 0.5
"""Seconds to wait for an answer before deferring it; Discord's deadline is 3 s."""
OPERATOR_ERRORS = (StoreError, SeedsMissing, DataFolderUnusable)
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
    expected: bool = True
    """Whether it is no unexpected error."""


@logged
async def reply(
    interaction: Interaction, work: Work, *, defer_first: bool = False, public: bool = False
) -> bool:
    """Respond with a new message, visible to everyone if it is `public`.

    `defer_first`: acknowledge before starting the work. Errors, and what is `Private`, are shown to
    the user alone.

    Returns:
        Whether the user got what they asked for.
    """
    stopping = interaction.client.stopping
    if stopping.begun:
        work.close()
        work, defer_first = failure(Restarting()), False
    with stopping.answering():
        try:
            if defer_first:
                outcome = await _reply_deferred(interaction, work, public=public)
            elif interaction.client.is_busy and not stopping.begun:
                outcome = await _reply_in_turn(interaction, work, public=public)
            else:
                outcome = await _reply_soon(interaction, work, public=public)
        except UNDELIVERED as error:
            log.warning("cannot deliver an answer: %s", _why(error))
            interaction.client.health_record.answered(well=False)
            return False
    interaction.client.health_record.answered(well=outcome.expected)
    return not outcome.private


async def _reply_deferred(interaction: Interaction, work: Work, *, public: bool) -> Outcome:
    """Acknowledge, then work."""
    try:
        await _defer(interaction, public=public)
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
            await _defer(interaction, public=public)
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
            ephemeral = outcome.private or not public
            await send_first(interaction, outcome.layout, outcome.files, ephemeral=ephemeral)
        else:
            await _defer(interaction, public=public)
            outcome = await task
            await _fill_in_reply(interaction, outcome, public=public)
        return outcome
    finally:
        task.cancel()  # no effect if it is done; else the acknowledgement failed


async def _defer(interaction: Interaction, *, public: bool) -> None:
    """Acknowledge with a placeholder that says that the bot is thinking."""
    await acknowledge(
        interaction, lambda: interaction.response.defer(ephemeral=not public, thinking=True)
    )


async def _fill_in_reply(interaction: Interaction, outcome: Outcome, *, public: bool) -> None:
    """Replace the placeholder of a deferred reply.

    A public placeholder can't become ephemeral, and the first follow-up would take its place. So it
    is deleted before the user is told what is for them alone.
    """
    layout = outcome.layout
    if public and outcome.private:
        await delete_original(interaction)
        await follow_up(interaction, layout, outcome.files)
        return
    await edit_original(interaction, layout, outcome.files)


@logged
async def update_message(
    interaction: Interaction, work: Work, *, defer_first: bool = False
) -> None:
    """Replace the message whose component was used.

    `defer_first`: acknowledge before starting the work. A message that another user asked for
    stays as it is; the user gets an ephemeral reply instead. A public message stays, too, where the
    result is an error or `Private`.
    """
    # The message stays as it is, too, where the bot is about to stop.
    stopping = interaction.client.stopping
    if stopping.begun or belongs_to_another(interaction):
        await reply(interaction, work, defer_first=defer_first)
        return
    public = _is_public(interaction.message)
    task = asyncio.create_task(_outcome(interaction, work, public=public))
    with stopping.answering():
        try:
            if not defer_first:
                await asyncio.wait({task}, timeout=PATIENCE)
            if not task.done():
                await acknowledge(interaction, interaction.response.defer)
            outcome = await task
            await _replace(interaction, outcome, public=public)
        except UNDELIVERED as error:
            log.warning("cannot turn a page: %s", _why(error))
            interaction.client.health_record.answered(well=False)
            return
        finally:
            task.cancel()  # no effect if it is done; else the acknowledgement failed
    interaction.client.health_record.answered(well=outcome.expected)


async def _replace(interaction: Interaction, outcome: Outcome, *, public: bool) -> None:
    """Replace the message whose component was used, or tell the user alone what is private."""
    layout, acknowledged = outcome.layout, is_acknowledged(interaction)
    if public and outcome.private:
        if acknowledged:
            await follow_up(interaction, layout, outcome.files)
        else:
            await send_first(interaction, layout, outcome.files, ephemeral=True)
    elif acknowledged:
        await edit_original(interaction, layout, outcome.files)
    else:
        await update_first(interaction, layout, outcome.files)


async def open_form(interaction: Interaction, form: Modal) -> None:
    """Respond with `form`; sending it is an interaction of its own."""
    form.stop()  # it is recognised by its custom ID, so discord.py need not keep it
    if interaction.client.stopping.begun:
        await reply(interaction, failure(Restarting()))
        return
    try:
        await acknowledge(interaction, lambda: interaction.response.send_modal(form))
    except UNDELIVERED as error:
        log.warning("cannot open a form: %s", _why(error))
        interaction.client.health_record.answered(well=False)
    else:
        interaction.client.health_record.answered(well=True)


async def reply_to_error(interaction: Interaction, error: app_commands.AppCommandError) -> None:
    """Handle what fails outside of a command's own reply; for discord.py's command tree."""
    if isinstance(error, app_commands.CommandOnCooldown):
        await reply(interaction, failure(TooOften(error.retry_after)))
        return
    if is_acknowledged(interaction) or interaction.type is discord.InteractionType.autocomplete:
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
    metadata = message.interaction_metadata
    if metadata:  # Discord says it, so it goes before what a button carries
        return metadata.user.id
    for each in custom_ids(message):
        if carried := re.fullmatch(custom_id.DELETE, each):
            return int(carried["user"])
    return None


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
        result = await interaction.client.stopping.run(work)
        if isinstance(result, Private):
            outcome = Outcome(result.layout, private=True)
        else:
            outcome = Outcome(result, private=False)
            if public:
                add_delete_button(result, interaction.user.id, guild_language(interaction))
    except ThreadbotError as error:
        if isinstance(error, OPERATOR_ERRORS):
            log.error("%s: %s", name_of(interaction), error)
        layout = note_layout(error_text(error, reader_language(interaction)))
        outcome = Outcome(layout, private=True)
    except Exception as error:  # noqa: BLE001  # where an unexpected error becomes a reply
        outcome = _unexpected(interaction, error)
    # Components are recognised by their custom IDs, so discord.py need not keep the view.
    outcome.layout.stop()
    files = await attached(outcome.layout, interaction.client.library.media)
    return replace(outcome, files=files)


def _unexpected(interaction: Interaction, error: Exception) -> Outcome:
    """Log an error that nothing has translated, and say what can be said of it."""
    say = reader_language(interaction)
    incident = ANSWER.get() or new_id()
    log.error("incident %s: %s", incident, name_of(interaction), exc_info=error)
    if no_room(error):
        return Outcome(note_layout(error_text(DiskFull(), say)), private=True)
    text = say(
        "An unexpected error occurred. Give this code to the person who runs this bot: {incident}.",
        incident=incident,
    )
    return Outcome(note_layout(text), private=True, expected=False)


def _why(error: BaseException) -> str:
    """Return what went wrong, for the log; a time-out says nothing itself."""
    return str(error) or type(error).__name__
