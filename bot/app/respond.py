"""How every interaction is answered: in time, privately, and in words when it fails."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Coroutine, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import discord
from discord.ui import LayoutView, Modal

from bot.app.localise import language_for, readers
from bot.errors import SeedsMissing, StoreError, ThreadbotError
from bot.language import Language, Sentence, sentence
from bot.views.layout import note_layout
from bot.views.parts import WithFiles

if TYPE_CHECKING:
    from bot.app.client import Threadbot

log = logging.getLogger(__name__)

Interaction: TypeAlias = "discord.Interaction[Threadbot]"

PATIENCE = 0.5
"""Seconds to have an answer ready in; then it is deferred, for Discord waits 3 in all."""
OPERATORS = (StoreError, SeedsMissing)
"""Errors of which the log says what those who ask need not know, such as where files lie."""


async def reply(
    interaction: Interaction,
    work: Coroutine[Any, Any, LayoutView],
    *,
    at_once: bool = False,
    public: bool = False,
) -> None:
    """Answer with what `work` makes, privately unless it is to be `public`.

    `at_once` acknowledges before it is begun. Why something failed is told privately, if there is
    still the choice.
    """
    task: asyncio.Task[tuple[LayoutView, bool]] | None = None
    try:
        if at_once:
            await interaction.response.defer(ephemeral=not public, thinking=True)
            await _deliver(interaction, await _settled(interaction, work))
        elif interaction.client.is_busy:
            # Nothing is sure to be ready in time, so all are acknowledged before a few at a time
            # are answered.
            with interaction.client.acknowledging():
                await interaction.response.defer(ephemeral=not public, thinking=True)
            async with interaction.client.turn():
                made = await _settled(interaction, work)
            await _deliver(interaction, made)
        else:
            task = asyncio.create_task(_settled(interaction, work))
            with interaction.client.answering():
                await asyncio.wait({task}, timeout=PATIENCE)
            if task.done():
                layout, failed = task.result()
                await interaction.response.send_message(
                    view=layout, files=_files(layout), ephemeral=failed or not public
                )
            else:
                await interaction.response.defer(ephemeral=not public, thinking=True)
                await _deliver(interaction, await task)
    except discord.HTTPException as error:
        log.warning("cannot deliver an answer: %s", error)
        if task:
            task.cancel()
        else:
            work.close()


async def _deliver(interaction: Interaction, made: tuple[LayoutView, bool]) -> None:
    """Put what was made in the place of the reply that was deferred."""
    layout, _ = made
    await interaction.edit_original_response(view=layout, attachments=_files(layout))


async def turn(
    interaction: Interaction, work: Coroutine[Any, Any, LayoutView], *, at_once: bool = False
) -> None:
    """Put what `work` makes in the place of the message whose component was used.

    `at_once` acknowledges before it is begun. On a message that another person asked for, what it
    makes is a private answer of its own.
    """
    if is_of_another(interaction):
        await reply(interaction, work, at_once=at_once)
        return
    task = asyncio.create_task(_settled(interaction, work))
    try:
        if not at_once:
            await asyncio.wait({task}, timeout=PATIENCE)
        if task.done():
            await interaction.response.edit_message(view=task.result()[0], attachments=[])
        else:
            await interaction.response.defer()
            await interaction.edit_original_response(view=(await task)[0], attachments=[])
    except discord.HTTPException as error:
        log.warning("cannot turn a page: %s", error)
        task.cancel()


async def fill_in(interaction: Interaction, form: Modal) -> None:
    """Open `form`; what is filled in comes back as an interaction of its own."""
    form.stop()  # it is known by its custom id alone, so discord.py need not keep it
    try:
        await interaction.response.send_modal(form)
    except discord.HTTPException as error:
        log.warning("cannot open a form: %s", error)


def whose_language(interaction: Interaction) -> Language:
    """The language of what `turn` makes: everyone's, where it stays in a message for everyone."""
    message = interaction.message
    stays = message is not None and not message.flags.ephemeral and not is_of_another(interaction)
    return language_for(interaction, public=stays)


def is_of_another(interaction: Interaction) -> bool:
    """Whether the message whose component was used is one that another person asked for."""
    message = interaction.message
    if message is None:
        return False
    asked = message.interaction_metadata
    # What answers a mention is for everyone.
    return asked.user != interaction.user if asked else message.reference is not None


async def note(interaction: Interaction, said: Sentence) -> LayoutView:
    """Work that is done: a sentence, to whoever acted."""
    return note_layout(readers(interaction).say(said))


def told(error: ThreadbotError, say: Language) -> str:
    """What an error says, in a language."""
    return "\n".join(say.say(each) for each in error.sentences)


async def refuse(error: Exception) -> LayoutView:
    """Work that fails at once."""
    raise error


def _files(layout: LayoutView) -> list[discord.File]:
    return layout.files if isinstance(layout, WithFiles) else []


async def _settled(
    interaction: Interaction, work: Coroutine[Any, Any, LayoutView]
) -> tuple[LayoutView, bool]:
    """What `work` makes, or why it failed (if foreseen; else an id of the log), and whether so."""
    failed = True
    try:
        layout = await work
        failed = False
    except ThreadbotError as error:
        if isinstance(error, OPERATORS):
            log.error("%s: %s", _described(interaction), error)
        layout = note_layout(told(error, readers(interaction)))
    except Exception:  # the one place where what nobody foresaw becomes a reply
        incident = secrets.token_hex(4)
        log.exception("incident %s: %s", incident, _described(interaction))
        said = sentence(
            "An unexpected error occurred. Give this code to the person who runs "
            "this bot: {incident}.",
            incident=incident,
        )
        layout = note_layout(readers(interaction).say(said))
    # What is pressed is answered by its custom id alone, so no view needs to be kept for it.
    layout.stop()
    return layout, failed


def _described(interaction: Interaction) -> str:
    data: Mapping[str, Any] = interaction.data or {}
    return f"{interaction.type.name} {data.get('name') or data.get('custom_id')}"
