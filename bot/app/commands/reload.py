"""`/reload`: reads the seeds again, or loads uploaded dumps; shows a preview before applying it."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import discord
from discord import app_commands, ui

from bot.app.client import Feature, Interaction
from bot.app.components import component
from bot.app.delivery import UNDELIVERED
from bot.app.loads_under_way import LoadUnderWay
from bot.app.locale import reader_language
from bot.app.permissions import guild_library, require_manager, require_operator
from bot.app.rate_limit import LIMITED_AS_CHANGE
from bot.app.reply import error_text, notice, reply, update_message
from bot.i18n.messages import Sentence, sentence
from bot.library.library import Library
from bot.loader.front_matter import metadata_from_options
from bot.loader.records.csv_table import OPTION, columns_from_text
from bot.models import Progress, Step
from bot.reports import Event, LoadReport
from bot.views.discord import custom_id
from bot.views.discord.layout import note_layout, preview_layout, report_layout, step_layout

PROGRESS_SECONDS = 3.0
"""Seconds between two updates of the progress message."""
SEEDS = "seeds"
"""Stands for the shared seeds where custom IDs name an upload."""
LONGEST_OPTION = 300


@app_commands.command(
    name="reload",
    description="Reload the shared threads, or load files; people can keep asking meanwhile",
    extras={LIMITED_AS_CHANGE: True},
)
@app_commands.describe(
    file="A file of threads, for this server only; without a file, the shared threads are reloaded",
    file2="Another file",
    file3="Another file",
    file4="Another file",
    file5="Another file",
    author="Handle of the threads' author, if the files do not name one",
    source="URL of the saved page, if the file does not contain it",
    columns="For a table with unknown columns: which one has what, such as text=Body, date=Posted",
)
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
    columns: app_commands.Range[str, 1, LONGEST_OPTION] | None = None,
) -> None:
    """Show what the reload would change, with buttons to apply or cancel it."""
    files = [each for each in (file, file2, file3, file4, file5) if each]
    options = {"author": author, "source": source, "columns": columns}
    await reply(interaction, _preview(interaction, files, options), defer_first=True)


async def _preview(
    interaction: Interaction, files: Sequence[discord.Attachment], options: dict[str, str | None]
) -> ui.LayoutView:
    _require_right(interaction, sentence("/reload"), shared=not files)
    metadata = metadata_from_options(
        options, {"author": sentence("author"), "source": sentence("source")}
    )
    metadata = replace(metadata, columns=columns_from_text(options["columns"], OPTION))
    say = reader_language(interaction)
    if not files:
        async with _under_way(interaction, shared=True) as (load, progress):
            report = await load.run(interaction.client.library.preview_reload(progress))
        return preview_layout(report, SEEDS, say, shared=True)
    library = await guild_library(interaction)
    upload = await interaction.client.uploads.save(interaction.guild_id or 0, files, metadata)
    async with _under_way(interaction) as (load, progress):
        is_wanted = False
        try:
            report = await load.run(
                library.preview([upload.files], metadata, progress, below=upload.files)
            )
            is_wanted = report.changed
        finally:
            if not is_wanted:
                await interaction.client.uploads.delete(upload)
    return preview_layout(report, upload.token, say)


def _require_right(interaction: Interaction, action: Sentence, *, shared: bool) -> None:
    """Check that the user may change the shared library, or else the server's own.

    Raises:
        NotOperator: they may not change the shared one.
        NotAllowed: they may change neither.
    """
    if shared:
        if interaction.user.id not in interaction.client.operators:
            require_manager(interaction, action)  # else they may not load their own files, either
        require_operator(interaction, action)
    else:
        require_manager(interaction, action)


@asynccontextmanager
async def _under_way(
    interaction: Interaction, *, shared: bool = False
) -> AsyncIterator[tuple[LoadUnderWay, Progress]]:
    """Update the deferred reply with the progress of a load, every `PROGRESS_SECONDS`.

    Yields:
        The load, which members can cancel, and what to call with its steps.
    """
    steps: deque[Step] = deque(maxlen=1)
    say = reader_language(interaction)

    async def update() -> None:
        while True:
            await asyncio.sleep(PROGRESS_SECONDS)
            if steps:
                with suppress(*UNDELIVERED):  # the next update may get through
                    layout = step_layout(steps.pop(), load.key, say)
                    await interaction.edit_original_response(view=layout)

    loads = interaction.client.loads_under_way
    with loads.register(interaction.guild_id or 0, shared=shared) as load:
        task = asyncio.create_task(update())
        try:
            yield load, steps.append
        finally:
            task.cancel()
            await asyncio.wait({task})


async def _end(interaction: Interaction, match: re.Match[str], _: list[str]) -> None:
    """End a load; the message then says so."""
    await update_message(interaction, _ended(interaction, match["load"]))


async def _ended(interaction: Interaction, key: str) -> ui.LayoutView:
    loads = interaction.client.loads_under_way
    _require_right(interaction, sentence("Cancel"), shared=loads.is_shared(key))
    ended = await loads.cancel(key, interaction.guild_id or 0, interaction.user.display_name)
    return note_layout(error_text(ended, reader_language(interaction)))


async def _apply(interaction: Interaction, match: re.Match[str], _: list[str]) -> None:
    """Replace the preview by a report of what changed."""
    await update_message(interaction, _load(interaction, match["upload"]), defer_first=True)


async def _load(interaction: Interaction, token: str) -> ui.LayoutView:
    _require_right(interaction, sentence("Load"), shared=token == SEEDS)
    actor = interaction.user.display_name
    if token == SEEDS:
        async with _under_way(interaction, shared=True) as (load, progress):
            report = await load.run(interaction.client.library.reload(actor, progress))
        await interaction.client.libraries.catch_up()
        return _report(interaction, report, undo="s")
    library = await guild_library(interaction)
    uploads = interaction.client.uploads
    upload = await uploads.find(token, interaction.guild_id)
    async with _under_way(interaction) as (load, progress):
        try:
            report = await load.run(
                library.load([upload.files], actor, upload.metadata, progress, below=upload.files)
            )
        finally:
            await uploads.delete(upload)  # the buttons are gone, whatever came of it
    return _report(interaction, report, undo="g")


async def _cancel(interaction: Interaction, match: re.Match[str], _: list[str]) -> None:
    await update_message(interaction, _discard(interaction, match["upload"]))


async def _discard(interaction: Interaction, token: str) -> ui.LayoutView:
    _require_right(interaction, sentence("Cancel"), shared=token == SEEDS)
    if token != SEEDS:
        uploads = interaction.client.uploads
        await uploads.delete(await uploads.find(token, interaction.guild_id))
    return await notice(interaction, sentence("Nothing was loaded."))


async def _undo(interaction: Interaction, match: re.Match[str], _: list[str]) -> None:
    """Replace the report by one of what undoing changed."""
    await update_message(interaction, _undo_load(interaction, match))


async def _undo_load(interaction: Interaction, match: re.Match[str]) -> ui.LayoutView:
    shared = match["scope"] != "g"
    _require_right(interaction, sentence("Undo"), shared=shared)
    library: Library = interaction.client.library if shared else await guild_library(interaction)
    report = await library.undo(interaction.user.display_name, int(match["generation"]))
    if shared:
        await interaction.client.libraries.catch_up()
    return _report(interaction, report, undo=None, event=await library.undone_by(report))


def _report(
    interaction: Interaction,
    report: LoadReport,
    *,
    undo: str | None,
    event: Event | None = None,
) -> ui.LayoutView:
    say = reader_language(interaction)
    names = interaction.client.command_ids.names(say)
    return report_layout(report, say, undo=undo, command=names, event=event)


APPLY_BUTTON = component(custom_id.APPLY, _apply)
"""“Load” or “Reload”, under a preview."""
CANCEL_BUTTON = component(custom_id.CANCEL, _cancel)
"""“Cancel”, under a preview."""
END_BUTTON = component(custom_id.END, _end)
"""“Cancel”, under the progress of a load."""
UNDO_BUTTON = component(custom_id.UNDO, _undo)
"""“Undo”, under a reload's report."""
FEATURE = Feature(
    commands=(reload,), components=(APPLY_BUTTON, CANCEL_BUTTON, END_BUTTON, UNDO_BUTTON)
)
