"""`/library`: what a server has loaded, who did it, and taking out or forgetting of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import PurePosixPath

from discord import Permissions, app_commands, ui

from bot.app.ask import authors
from bot.app.localise import readers
from bot.app.respond import Interaction, note, reply
from bot.app.scope import library_of, managing, may_manage, own_library
from bot.app.thread import titles
from bot.errors import SettingsError
from bot.language import sentence
from bot.views import report_text, text
from bot.views.layout import history_layout, list_layout, report_layout
from bot.views.parts import CHOICES
from bot.views.picture import drawn
from bot.views.stats_layout import stats_layout

LONGEST = 300

shelf = app_commands.Group(
    name="library",
    description="Manage what this server has loaded",
    guild_only=True,
    default_permissions=Permissions(manage_guild=True),
)


@shelf.command(name="dumps", description="List the files that are loaded here")
async def dumps(interaction: Interaction) -> None:
    """List them."""
    await reply(interaction, _dumps(interaction))


async def _dumps(interaction: Interaction) -> ui.LayoutView:
    managing(interaction, sentence("/library"))
    found = await (await own_library(interaction)).dumps()
    # Where the shared ones lie on the operator's machine is nobody's business.
    shown = [replace(each, file=PurePosixPath(each.file).name) for each in found]
    say = readers(interaction)
    title = say("{dumps} loaded here", dumps=text.dumps(len(found), say))
    return list_layout(title, report_text.dump_lines(shown, say), say)


@shelf.command(name="remove", description="Remove a file that was loaded here; you can undo this")
@app_commands.describe(dump="The file to remove; tweets that other files contain too stay")
async def remove(interaction: Interaction, dump: app_commands.Range[str, 1, LONGEST]) -> None:
    """Take it out, and answer with the difference."""
    await reply(interaction, _removed(interaction, dump), at_once=True)


async def _removed(interaction: Interaction, dump: str) -> ui.LayoutView:
    managing(interaction, sentence("/library"))
    library = await own_library(interaction)
    report = await library.remove(dump, interaction.user.display_name)
    return report_layout(report, readers(interaction), undo="g")


@remove.autocomplete("dump")
async def removable(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """The server's own files, for those who may take them out."""
    if not may_manage(interaction):
        return []
    found = await (await own_library(interaction)).dumps()
    names = [each.file for each in found if not each.shared]
    return [
        app_commands.Choice(name=text.short(each, 100), value=each)
        for each in names
        if typed.lower() in each.lower() and len(each) <= 100
    ][:CHOICES]


@shelf.command(name="forget", description="Hide a thread or author, even after reloads")
@app_commands.describe(thread="The thread to hide", author="Handle of the author to hide")
async def forget(
    interaction: Interaction,
    thread: app_commands.Range[str, 1, LONGEST] | None = None,
    author: app_commands.Range[str, 1, LONGEST] | None = None,
) -> None:
    """Forget it in this server, and answer with the difference."""
    await reply(interaction, _forgotten(interaction, thread, author), at_once=True)


async def _forgotten(
    interaction: Interaction, thread: str | None, author: str | None
) -> ui.LayoutView:
    managing(interaction, sentence("/library"))
    if thread is None and author is None:
        raise SettingsError(sentence("Name a thread or an author to hide."))
    library = await own_library(interaction)
    report = await library.forget(interaction.user.display_name, thread=thread, author=author)
    return report_layout(report, readers(interaction), undo="g")


forget.autocomplete("thread")(titles)
forget.autocomplete("author")(authors)


@shelf.command(
    name="history", description="List who loaded, removed, hid or undid something, and when"
)
async def history(interaction: Interaction) -> None:
    """List the last of it."""
    await reply(interaction, _history(interaction))


async def _history(interaction: Interaction) -> ui.LayoutView:
    managing(interaction, sentence("/library"))
    events = await (await own_library(interaction)).history()
    return history_layout(events, readers(interaction))


@shelf.command(name="stats", description="Show statistics about the loaded threads, with charts")
async def stats(interaction: Interaction) -> None:
    """Tell them."""
    await reply(interaction, _stats(interaction))


async def _stats(interaction: Interaction) -> ui.LayoutView:
    managing(interaction, sentence("/library"))
    found = await (await library_of(interaction)).stats()
    say = readers(interaction)
    return stats_layout(found, await asyncio.to_thread(drawn, found, say), say)


@shelf.command(
    name="answers",
    description="Choose who sees answers here: everyone, or only the person who asks",
)
@app_commands.describe(
    public="Show answers to everyone, unless the person who asks chooses otherwise"
)
async def answers(
    interaction: Interaction,
    public: bool,  # noqa: FBT001  # how discord.py knows an option
) -> None:
    """Remember it for this server."""
    await reply(interaction, _answers(interaction, public=public))


async def _answers(interaction: Interaction, *, public: bool) -> ui.LayoutView:
    managing(interaction, sentence("/library"))
    await interaction.client.set_public_in(interaction.guild_id or 0, public=public)
    named = {"public": sentence("public"), "ask": sentence("/ask")}
    if public:
        said = sentence(
            "Everyone sees answers here, unless the option {public} of {ask} says otherwise.",
            **named,
        )
    else:
        said = sentence(
            "Only the person who asks sees answers here, unless the option {public} "
            "of {ask} says otherwise.",
            **named,
        )
    return await note(interaction, said)
