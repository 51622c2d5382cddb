"""`/reload`: members who may manage the server have the seeds read again, and can undo it."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import discord
from discord import app_commands, ui

from bot.app.components import component
from bot.app.respond import Interaction, refuse, reply, turn
from bot.errors import NotAllowed
from bot.models import Progress, Step
from bot.views import custom_id
from bot.views.layout import report_layout, step_layout

TELL_SECONDS = 3.0
"""Seconds between two tellings of how far a reload is."""


@app_commands.command(name="reload", description="Read the saved threads again; asking goes on")
@app_commands.default_permissions(manage_guild=True)
@app_commands.guild_only()
async def reload(interaction: Interaction) -> None:
    """Answer with the difference."""
    if not may_manage(interaction):
        await reply(interaction, refuse(NotAllowed("/reload")))
        return
    await reply(interaction, _reloaded(interaction), at_once=True)


def may_manage(interaction: Interaction) -> bool:
    """Whether Discord says, with this very interaction, that the member may manage the server.

    The command's default permissions are no proof: a server's admins can override them.
    """
    granted = interaction.permissions
    return interaction.guild_id is not None and (granted.manage_guild or granted.administrator)


async def _reloaded(interaction: Interaction) -> ui.LayoutView:
    async with _told(interaction) as progress:
        report = await interaction.client.library.reload(interaction.user.display_name, progress)
    return report_layout(report, undo=True)


@asynccontextmanager
async def _told(interaction: Interaction) -> AsyncIterator[Progress]:
    """Says in the deferred reply, from time to time, how far the work is."""
    steps: deque[Step] = deque(maxlen=1)

    async def tell() -> None:
        while True:
            await asyncio.sleep(TELL_SECONDS)
            if steps:
                with suppress(discord.HTTPException):  # the next one may get through
                    await interaction.edit_original_response(view=step_layout(steps.pop()))

    task = asyncio.create_task(tell())
    try:
        yield steps.append
    finally:
        task.cancel()
        await asyncio.wait({task})


async def _undone(interaction: Interaction, generation: int) -> ui.LayoutView:
    undone = await interaction.client.library.undo(interaction.user.display_name, generation)
    return report_layout(undone, undo=False)


async def _undo(interaction: Interaction, match: re.Match[str], _: list[str]) -> None:
    """Put the difference that the undoing made in the report's place."""
    if not may_manage(interaction):
        await reply(interaction, refuse(NotAllowed("Undo")))
        return
    await turn(interaction, _undone(interaction, int(match["generation"])))


UNDO_BUTTON = component(custom_id.UNDO, _undo)
"""“Undo”, under a reload's report."""
