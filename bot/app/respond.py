"""How every interaction is answered: in time, privately, and in words when it fails."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Coroutine, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import discord
from discord.ui import LayoutView

from bot.errors import ThreadbotError
from bot.views.layout import note_layout

if TYPE_CHECKING:
    from bot.app.client import Threadbot

log = logging.getLogger(__name__)

Interaction: TypeAlias = "discord.Interaction[Threadbot]"

PATIENCE = 0.5
"""Seconds to have an answer ready in; then it is deferred, for Discord waits 3 in all."""


async def reply(
    interaction: Interaction,
    work: Coroutine[Any, Any, LayoutView],
    *,
    at_once: bool = False,
    public: bool = False,
) -> None:
    """Answer with what `work` makes, privately unless it is to be `public`.

    `at_once` acknowledges before it is begun.
    """
    task = asyncio.create_task(_settled(interaction, work))
    try:
        # While a reload takes its share of the machine, nothing is sure to be ready in time.
        if not (at_once or interaction.client.library.busy):
            await asyncio.wait({task}, timeout=PATIENCE)
        if task.done():
            await interaction.response.send_message(view=task.result(), ephemeral=not public)
        else:
            await interaction.response.defer(ephemeral=not public, thinking=True)
            await interaction.edit_original_response(view=await task)
    except discord.HTTPException as error:
        log.warning("an answer could not be delivered: %s", error)
        task.cancel()


async def turn(interaction: Interaction, work: Coroutine[Any, Any, LayoutView]) -> None:
    """Put what `work` makes in the place of the message whose component was used.

    On a message that another person asked for, what it makes is a private answer of its own.
    """
    asked = interaction.message and interaction.message.interaction_metadata
    if asked and asked.user != interaction.user:
        await reply(interaction, work)
        return
    task = asyncio.create_task(_settled(interaction, work))
    try:
        await asyncio.wait({task}, timeout=PATIENCE)
        if task.done():
            await interaction.response.edit_message(view=task.result())
        else:
            await interaction.response.defer()
            await interaction.edit_original_response(view=await task)
    except discord.HTTPException as error:
        log.warning("a page could not be turned: %s", error)
        task.cancel()


async def _settled(interaction: Interaction, work: Coroutine[Any, Any, LayoutView]) -> LayoutView:
    """What `work` makes, or why it could not: in the reply if expected, else in the log, by id."""
    try:
        layout = await work
    except ThreadbotError as error:
        layout = note_layout(str(error))
    except Exception:  # the one place where what nobody foresaw becomes a reply
        incident = secrets.token_hex(4)
        log.exception("incident %s: %s", incident, _described(interaction))
        layout = note_layout(
            f"Something went wrong that should not have; the bot's log has it as {incident}."
        )
    # What is pressed is answered by its custom id alone, so no view needs to be kept for it.
    layout.stop()
    return layout


def _described(interaction: Interaction) -> str:
    data: Mapping[str, Any] = interaction.data or {}
    return f"{interaction.type.name} {data.get('name') or data.get('custom_id')}"
