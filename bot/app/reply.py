"""Responds to interactions: within Discord's deadline, ephemeral by default, with readable errors.

https://docs.discord.com/developers/interactions/receiving-and-responding#responding-to-an-interaction
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import discord
from discord import app_commands
from discord.ui import LayoutView, Modal

from bot.app.client import Interaction
from bot.app.locale import answer_language, reader_language
from bot.errors import SeedsMissing, StoreError, ThreadbotError, TooOften
from bot.i18n.messages import Language, Sentence, sentence
from bot.views.discord.layout import note_layout
from bot.views.discord.parts import WithFiles

log = logging.getLogger(__name__)

PATIENCE = 0.5
"""Seconds to wait for an answer before deferring it; Discord's deadline is 3 s."""
OPERATOR_ERRORS = (StoreError, SeedsMissing)
"""Errors whose details, such as paths, are for the operator: logged, not shown."""

Work: TypeAlias = Coroutine[Any, Any, LayoutView]
"""Computes the message to respond with."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The message that work led to."""

    layout: LayoutView
    """What to show: the result, or why there is none."""
    failed: bool
    """Whether it is an error message."""


async def reply(
    interaction: Interaction, work: Work, *, defer_first: bool = False, public: bool = False
) -> None:
    """Respond with a new message, visible to everyone if it is `public`.

    `defer_first`: acknowledge before starting the work. Errors are shown to the user alone, unless
    a public answer has been deferred already.
    """
    try:
        if defer_first:
            await _reply_deferred(interaction, work, public=public)
        elif interaction.client.is_busy:
            await _reply_in_turn(interaction, work, public=public)
        else:
            await _reply_soon(interaction, work, public=public)
    except discord.HTTPException as error:
        log.warning("cannot deliver an answer: %s", error)


async def _reply_deferred(interaction: Interaction, work: Work, *, public: bool) -> None:
    """Acknowledge, then work."""
    try:
        await interaction.response.defer(ephemeral=not public, thinking=True)
        await _fill_in_reply(interaction, await _outcome(interaction, work))
    finally:
        work.close()  # no effect if it has run; else the acknowledgement failed


async def _reply_in_turn(interaction: Interaction, work: Work, *, public: bool) -> None:
    """Acknowledge everybody, then work for a few at a time, as no answer is sure to be in time."""
    turns = interaction.client.turns
    try:
        with turns.acknowledging():
            await interaction.response.defer(ephemeral=not public, thinking=True)
        async with turns.turn():
            outcome = await _outcome(interaction, work)
        await _fill_in_reply(interaction, outcome)
    finally:
        work.close()  # no effect if it has run; else the acknowledgement failed


async def _reply_soon(interaction: Interaction, work: Work, *, public: bool) -> None:
    """Work, and acknowledge first only if it takes longer than `PATIENCE`."""
    task = asyncio.create_task(_outcome(interaction, work))
    try:
        with interaction.client.turns.answering():
            await asyncio.wait({task}, timeout=PATIENCE)
        if task.done():
            outcome = task.result()
            await interaction.response.send_message(
                view=outcome.layout,
                files=_files(outcome.layout),
                ephemeral=outcome.failed or not public,
            )
        else:
            await interaction.response.defer(ephemeral=not public, thinking=True)
            await _fill_in_reply(interaction, await task)
    except discord.HTTPException:
        task.cancel()
        raise


async def _fill_in_reply(interaction: Interaction, outcome: Outcome) -> None:
    """Replace the placeholder of a deferred reply."""
    layout = outcome.layout
    await interaction.edit_original_response(view=layout, attachments=_files(layout))


async def update_message(
    interaction: Interaction, work: Work, *, defer_first: bool = False
) -> None:
    """Replace the message whose component was used.

    `defer_first`: acknowledge before starting the work. A message that another user asked for
    stays as it is; the user gets an ephemeral reply instead.
    """
    if belongs_to_another(interaction):
        await reply(interaction, work, defer_first=defer_first)
        return
    task = asyncio.create_task(_outcome(interaction, work))
    try:
        if not defer_first:
            await asyncio.wait({task}, timeout=PATIENCE)
        if task.done():
            await interaction.response.edit_message(view=task.result().layout, attachments=[])
        else:
            await interaction.response.defer()
            await interaction.edit_original_response(view=(await task).layout, attachments=[])
    except discord.HTTPException as error:
        log.warning("cannot turn a page: %s", error)
        task.cancel()


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
    message = interaction.message
    public = (
        message is not None and not message.flags.ephemeral and not belongs_to_another(interaction)
    )
    return answer_language(interaction, public=public)


def belongs_to_another(interaction: Interaction) -> bool:
    """Return whether another user asked for the message whose component was used."""
    message = interaction.message
    if message is None:
        return False
    metadata = message.interaction_metadata
    # A reply to a mention has no metadata, and belongs to nobody.
    return metadata.user != interaction.user if metadata else message.reference is not None


async def notice(interaction: Interaction, text: Sentence) -> LayoutView:
    """Work with a known result: a sentence to the user who acted."""
    return note_layout(reader_language(interaction).say(text))


async def failure(error: Exception) -> LayoutView:
    """Work that fails with `error`."""
    raise error


def error_text(error: ThreadbotError, say: Language) -> str:
    """Return the message of `error` in a language."""
    return "\n".join(say.say(each) for each in error.sentences)


def _files(layout: LayoutView) -> list[discord.File]:
    return layout.files if isinstance(layout, WithFiles) else []


async def _outcome(interaction: Interaction, work: Work) -> Outcome:
    """Run `work`; turn an error into a message."""
    try:
        outcome = Outcome(await work, failed=False)
    except ThreadbotError as error:
        if isinstance(error, OPERATOR_ERRORS):
            log.error("%s: %s", _name(interaction), error)
        layout = note_layout(error_text(error, reader_language(interaction)))
        outcome = Outcome(layout, failed=True)
    except Exception:  # the one place where an unexpected error becomes a reply
        incident = secrets.token_hex(4)
        log.exception("incident %s: %s", incident, _name(interaction))
        text = sentence(
            "An unexpected error occurred. Give this code to the person who runs "
            "this bot: {incident}.",
            incident=incident,
        )
        outcome = Outcome(note_layout(reader_language(interaction).say(text)), failed=True)
    # Components are recognised by their custom IDs, so discord.py need not keep the view.
    outcome.layout.stop()
    return outcome


def _name(interaction: Interaction) -> str:
    """Return the kind of the interaction, and its command or custom ID, for the log."""
    data: Mapping[str, Any] = interaction.data or {}
    return f"{interaction.type.name} {data.get('name') or data.get('custom_id')}"
