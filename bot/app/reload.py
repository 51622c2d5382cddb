"""`/reload`: read the seeds again, or take dumps that are sent; shown first, then applied."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import discord
from discord import app_commands, ui

from bot.app import uploads
from bot.app.components import component
from bot.app.localise import readers
from bot.app.respond import Interaction, note, reply, turn
from bot.app.scope import managing, own_library
from bot.language import sentence
from bot.library import Library
from bot.loader.front_matter import said_of
from bot.models import Progress, Step
from bot.views import custom_id
from bot.views.layout import preview_layout, report_layout, step_layout

TELL_SECONDS = 3.0
"""Seconds between two tellings of how far a reload is."""
SEEDS = "seeds"
LONGEST_OPTION = 300


@app_commands.command(
    name="reload",
    description="Reload the shared threads, or load files; people can keep asking meanwhile",
)
@app_commands.describe(
    file="A file of threads, for this server only; without a file, the shared threads are reloaded",
    file2="Another file",
    file3="Another file",
    file4="Another file",
    file5="Another file",
    author="Handle of the threads' author, if the files do not name one",
    source="URL of the saved page, if the file does not contain it",
)
@app_commands.default_permissions(manage_guild=True)
@app_commands.guild_only()
async def reload(  # the command's options are its parameters
    interaction: Interaction,
    file: discord.Attachment | None = None,
    file2: discord.Attachment | None = None,
    file3: discord.Attachment | None = None,
    file4: discord.Attachment | None = None,
    file5: discord.Attachment | None = None,
    author: app_commands.Range[str, 1, LONGEST_OPTION] | None = None,
    source: app_commands.Range[str, 1, LONGEST_OPTION] | None = None,
) -> None:
    """Answer with what it would change, and buttons to apply or cancel that."""
    files = [each for each in (file, file2, file3, file4, file5) if each]
    said = {"author": author, "source": source}
    await reply(interaction, _previewed(interaction, files, said), at_once=True)


async def _previewed(
    interaction: Interaction, files: Sequence[discord.Attachment], said: dict[str, str | None]
) -> ui.LayoutView:
    managing(interaction, sentence("/reload"))
    metadata = said_of(said, {"author": sentence("author"), "source": sentence("source")})
    say = readers(interaction)
    async with _told(interaction) as progress:
        if not files:
            report = await interaction.client.library.preview_reload(progress)
            return preview_layout(report, SEEDS, say)
        library = await own_library(interaction)
        guild = interaction.guild_id or 0
        upload = await uploads.keep(library.folder, guild, files, metadata)
        report = await library.preview_folder(upload.files, metadata, progress)
    if not report.changed:
        await uploads.discard(upload)
    return preview_layout(report, upload.token, say)


@asynccontextmanager
async def _told(interaction: Interaction) -> AsyncIterator[Progress]:
    """Says in the deferred reply, from time to time, how far the work is."""
    steps: deque[Step] = deque(maxlen=1)

    async def tell() -> None:
        while True:
            await asyncio.sleep(TELL_SECONDS)
            if steps:
                with suppress(discord.HTTPException):  # the next one may get through
                    layout = step_layout(steps.pop(), readers(interaction))
                    await interaction.edit_original_response(view=layout)

    task = asyncio.create_task(tell())
    try:
        with interaction.client.loading():
            yield steps.append
    finally:
        task.cancel()
        await asyncio.wait({task})


async def _apply(interaction: Interaction, match: re.Match[str], _: list[str]) -> None:
    """Put the difference that was made in the preview's place."""
    await turn(interaction, _applied(interaction, match["upload"]), at_once=True)


async def _applied(interaction: Interaction, token: str) -> ui.LayoutView:
    managing(interaction, sentence("Apply"))
    actor = interaction.user.display_name
    async with _told(interaction) as progress:
        if token == SEEDS:
            report = await interaction.client.library.reload(actor, progress)
            await interaction.client.libraries.catch_up()
            return report_layout(report, readers(interaction), undo="s")
        library = await own_library(interaction)
        upload = await uploads.kept(library.folder, token, interaction.guild_id)
        report = await library.load_folder(upload.files, actor, upload.metadata, progress)
    await uploads.discard(upload)
    return report_layout(report, readers(interaction), undo="g")


async def _cancel(interaction: Interaction, match: re.Match[str], _: list[str]) -> None:
    await turn(interaction, _cancelled(interaction, match["upload"]))


async def _cancelled(interaction: Interaction, token: str) -> ui.LayoutView:
    managing(interaction, sentence("Cancel"))
    if token != SEEDS:
        folder = interaction.client.library.folder
        await uploads.discard(await uploads.kept(folder, token, interaction.guild_id))
    return await note(interaction, sentence("Nothing was loaded."))


async def _undo(interaction: Interaction, match: re.Match[str], _: list[str]) -> None:
    """Put the difference that the undoing made in the report's place."""
    await turn(interaction, _undone(interaction, match))


async def _undone(interaction: Interaction, match: re.Match[str]) -> ui.LayoutView:
    managing(interaction, sentence("Undo"))
    shared = match["shelf"] != "g"
    library: Library = interaction.client.library if shared else await own_library(interaction)
    undone = await library.undo(interaction.user.display_name, int(match["generation"]))
    if shared:
        await interaction.client.libraries.catch_up()
    return report_layout(undone, readers(interaction), undo=None)


APPLY_BUTTON = component(custom_id.APPLY, _apply)
"""“Apply”, under what a reload would change."""
CANCEL_BUTTON = component(custom_id.CANCEL, _cancel)
"""“Cancel”, beside it."""
UNDO_BUTTON = component(custom_id.UNDO, _undo)
"""“Undo”, under a reload's report."""
COMPONENTS = (APPLY_BUTTON, CANCEL_BUTTON, UNDO_BUTTON)
