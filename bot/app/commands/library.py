"""`/library`: lists, removes and hides what a server has loaded; history, figures, settings."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from pathlib import PurePosixPath

import discord
from discord import app_commands, ui

from bot.app.client import Feature, Interaction
from bot.app.commands.ask import complete_author
from bot.app.commands.thread import complete_title
from bot.app.components import component
from bot.app.locale import reader_language
from bot.app.permissions import (
    can_manage,
    guild_library,
    library_for,
    loading_role,
    require_manager,
    require_server_manager,
)
from bot.app.rate_limit import LIMITED_AS_CHANGE
from bot.app.reply import notice, reply, update_message
from bot.errors import NotHidden, SettingsError
from bot.i18n.messages import sentence
from bot.library.hidden import named_things
from bot.library.library import Library
from bot.reports import LoadReport
from bot.views import removal_text, report_text, wording
from bot.views.discord import custom_id
from bot.views.discord.layout import history_layout, list_layout, report_layout
from bot.views.discord.parts import CHOICES
from bot.views.discord.picture import drawn
from bot.views.discord.removal_layout import (
    confirm_layout,
    unhide_layout,
    which_dump_layout,
    which_thread_layout,
)
from bot.views.discord.stats_layout import stats_layout

LONGEST = 300

group = app_commands.Group(
    name="library",
    description="Manage what this server has loaded",
    guild_only=True,
    extras={LIMITED_AS_CHANGE: True},
)


@group.command(name="dumps", description="List the files that are loaded here")
async def dumps(interaction: Interaction) -> None:
    """List the dumps."""
    await reply(interaction, _dumps(interaction))


async def _dumps(interaction: Interaction) -> ui.LayoutView:
    require_manager(interaction, sentence("/library"))
    found = await (await guild_library(interaction)).dumps()
    # The paths of shared dumps on the operator's machine are not shown.
    shown = [replace(each, file=PurePosixPath(each.file).name) for each in found]
    say = reader_language(interaction)
    title = say("{dumps} loaded here", dumps=wording.dumps(len(found), say))
    note = removal_text.shared_note(found, say)
    return list_layout(title, report_text.dump_lines(shown, say), say, note=note)


@group.command(name="remove", description="Remove a file that was loaded here; you can undo this")
@app_commands.describe(dump="The file to remove; tweets that other files contain too stay")
async def remove(interaction: Interaction, dump: app_commands.Range[str, 1, LONGEST]) -> None:
    """Ask whether a dump may be removed."""
    await reply(interaction, _remove(interaction, dump), defer_first=True)


async def _remove(interaction: Interaction, dump: str) -> ui.LayoutView:
    """Ask which file is meant if several are, else whether it may go."""
    require_manager(interaction, sentence("/library"))
    removal = (await guild_library(interaction)).removal
    say = reader_language(interaction)
    found = await removal.dumps(dump)
    if len(found) > 1:
        return which_dump_layout(dump, found, say)
    return confirm_layout(await removal.would_remove(f"#{found[0].id}"), say)


async def _choose_dump(interaction: Interaction, _: re.Match[str], values: list[str]) -> None:
    await update_message(interaction, _remove(interaction, f"#{values[0]}"))


async def _remove_confirmed(interaction: Interaction, match: re.Match[str], _: list[str]) -> None:
    work = _removed(interaction, f"#{match['dump']}", match["seal"])
    await update_message(interaction, work, defer_first=True)


async def _removed(interaction: Interaction, dump: str, seal: str) -> ui.LayoutView:
    require_manager(interaction, sentence("/library"))
    library = await guild_library(interaction)
    report = await library.remove(dump, interaction.user.display_name, seal)
    return await _report(interaction, report, library)


@remove.autocomplete("dump")
async def complete_dump(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Suggest the server's own dumps, to members who may remove them."""
    if not can_manage(interaction):
        return []
    found = await (await guild_library(interaction)).dumps()
    names = [each.file for each in found if not each.shared]
    return [
        app_commands.Choice(name=wording.short(each, 100), value=each)
        for each in names
        if typed.lower() in each.lower() and len(each) <= 100
    ][:CHOICES]


@group.command(name="forget", description="Hide a thread or author, even after reloads")
@app_commands.describe(thread="The thread to hide", author="Handle of the author to hide")
async def forget(
    interaction: Interaction,
    thread: app_commands.Range[str, 1, LONGEST] | None = None,
    author: app_commands.Range[str, 1, LONGEST] | None = None,
) -> None:
    """Ask whether a thread or an author may be hidden in this server."""
    await reply(interaction, _forget(interaction, thread, author), defer_first=True)


async def _forget(
    interaction: Interaction, thread: str | None, author: str | None
) -> ui.LayoutView:
    """Ask which thread is meant if several are, else whether what is named may be hidden."""
    require_manager(interaction, sentence("/library"))
    if thread is None and author is None:
        raise SettingsError(sentence("Name a thread or an author to hide."))
    library = await guild_library(interaction)
    say = reader_language(interaction)
    key = None
    if author is not None:
        (by,) = (await library.removal.would_forget(author=author)).going
        key = by.key
    if thread is not None:
        matches = await library.thread_matches(thread, CHOICES - 1)
        if matches.count:
            return which_thread_layout(thread, matches, key and key.removeprefix("#"), say)
        thread = matches.best.id
    return confirm_layout(await library.removal.would_forget(thread=thread, author=key), say)


async def _choose_thread(interaction: Interaction, match: re.Match[str], values: list[str]) -> None:
    await update_message(interaction, _forget(interaction, values[0], _author_key(match)))


async def _forget_confirmed(interaction: Interaction, match: re.Match[str], _: list[str]) -> None:
    await update_message(interaction, _forgotten(interaction, match), defer_first=True)


async def _forgotten(interaction: Interaction, match: re.Match[str]) -> ui.LayoutView:
    require_manager(interaction, sentence("/library"))
    thread = None if match["thread"] == "-" else match["thread"]
    library = await guild_library(interaction)
    report = await library.forget(
        interaction.user.display_name,
        thread=thread,
        author=_author_key(match),
        seal=match["seal"],
    )
    return await _report(interaction, report, library)


@group.command(name="unhide", description="Show a hidden thread or author again")
@app_commands.describe(name="Words of the title, or the handle; without it, you can choose")
async def unhide(
    interaction: Interaction, name: app_commands.Range[str, 1, LONGEST] | None = None
) -> None:
    """Show what is hidden in this server, or one of it again."""
    await reply(interaction, _unhide(interaction, name), defer_first=True)


async def _unhide(interaction: Interaction, name: str | None) -> ui.LayoutView:
    """Show the one thing that a name fits again, else ask which one."""
    require_manager(interaction, sentence("/library"))
    library = await guild_library(interaction)
    hidden = await library.removal.hidden()
    if not hidden:
        return await notice(interaction, sentence("Nothing is hidden here."))
    if name is None:
        return unhide_layout(hidden, reader_language(interaction))
    found = named_things(hidden, name)
    if not found:
        raise NotHidden(name)
    if len(found) > 1:
        return unhide_layout(found, reader_language(interaction))
    return await _shown_again(interaction, found[0].id)


async def _choose_hidden(interaction: Interaction, _: re.Match[str], values: list[str]) -> None:
    await update_message(interaction, _shown_again(interaction, values[0]), defer_first=True)


async def _shown_again(interaction: Interaction, thing: str) -> ui.LayoutView:
    require_manager(interaction, sentence("/library"))
    library = await guild_library(interaction)
    report = await library.unhide(interaction.user.display_name, thing)
    return await _report(interaction, report, library)


@unhide.autocomplete("name")
async def complete_hidden(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Suggest what is hidden, to members who may show it again."""
    if not can_manage(interaction):
        return []
    hidden = await (await guild_library(interaction)).removal.hidden()
    say = reader_language(interaction)
    named = [(removal_text.hidden_line(each, say), each.id) for each in hidden]
    return [
        app_commands.Choice(name=wording.short(line, 100), value=key)
        for line, key in named
        if typed.casefold() in line.casefold()
    ][:CHOICES]


async def _report(interaction: Interaction, report: LoadReport, library: Library) -> ui.LayoutView:
    """Show what a change of the library did, as the history has it."""
    say = reader_language(interaction)
    names = interaction.client.command_ids.names(say)
    events = await library.history(1)
    event = next((each for each in events if each.generation == report.generation), None)
    return report_layout(report, say, undo="g", command=names, event=event)


def _author_key(match: re.Match[str]) -> str | None:
    return None if match["author"] == "-" else f"#{match['author']}"


async def _keep(interaction: Interaction, _: re.Match[str], __: list[str]) -> None:
    await update_message(interaction, _kept(interaction))


async def _kept(interaction: Interaction) -> ui.LayoutView:
    require_manager(interaction, sentence("/library"))
    return await notice(interaction, sentence("Nothing was removed."))


forget.autocomplete("thread")(complete_title)
forget.autocomplete("author")(complete_author)


@group.command(
    name="history", description="List who loaded, removed, hid or undid something, and when"
)
async def history(interaction: Interaction) -> None:
    """List the latest changes."""
    await reply(interaction, _history(interaction))


async def _history(interaction: Interaction) -> ui.LayoutView:
    require_manager(interaction, sentence("/library"))
    library = await guild_library(interaction)
    events, following = await library.history(), await library.next_undo()
    return history_layout(events, reader_language(interaction), following=following)


@group.command(name="stats", description="Show statistics about the loaded threads, with charts")
async def stats(interaction: Interaction) -> None:
    """Show figures and charts of the library."""
    await reply(interaction, _stats(interaction))


async def _stats(interaction: Interaction) -> ui.LayoutView:
    require_manager(interaction, sentence("/library"))
    found = await (await library_for(interaction)).stats()
    say = reader_language(interaction)
    return stats_layout(found, await asyncio.to_thread(drawn, found, say), say)


@group.command(
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
    """Set whether answers in this server are public by default."""
    await reply(interaction, _answers(interaction, public=public))


async def _answers(interaction: Interaction, *, public: bool) -> ui.LayoutView:
    require_server_manager(interaction, sentence("/library"))
    settings = interaction.client.guild_settings
    await settings.set_answers_public(interaction.guild_id or 0, public=public)
    named = {
        "public": sentence("public"),
        "ask": sentence("/ask"),
        "thread": sentence("/thread"),
    }
    if public:
        confirmation = sentence(
            "Everyone sees answers here, unless the option {public} of {ask} or {thread} says "
            "otherwise.",
            **named,
        )
    else:
        confirmation = sentence(
            "Only the person who asks sees answers here, unless the option {public} of {ask} or "
            "{thread} says otherwise. Replies to a mention are for everyone.",
            **named,
        )
    return await notice(interaction, confirmation)


@group.command(name="role", description="Choose a role that may load files and use /library")
@app_commands.describe(
    role="The role; without it, the reply says which role may load now",
    nobody="Take this right away from the role",
)
async def role(
    interaction: Interaction,
    role: discord.Role | None = None,
    nobody: bool = False,  # noqa: FBT001, FBT002  # how discord.py knows an option
) -> None:
    """Set, clear or show the role that may load, besides Manage Server."""
    await reply(interaction, _role(interaction, role, nobody=nobody))


async def _role(
    interaction: Interaction, chosen: discord.Role | None, *, nobody: bool
) -> ui.LayoutView:
    require_server_manager(interaction, sentence("/library role"))
    settings, guild = interaction.client.guild_settings, interaction.guild_id or 0
    if chosen is not None and chosen.is_default():
        raise SettingsError(sentence("Everyone has this role. Choose another one."))
    if chosen is not None and nobody:
        raise SettingsError(sentence("Name a role or take the right away, not both."))
    if chosen is not None or nobody:
        await settings.set_loading_role(guild, chosen.id if chosen else None)
    now = loading_role(interaction)
    if now is None:
        return await notice(
            interaction, sentence("Only members with the permission “Manage Server” may load.")
        )
    return await notice(
        interaction,
        sentence(
            "Members with the role “{role}” may load files and use {library}, besides members "
            "with the permission “Manage Server”.",
            role=now.name,
            library=sentence("/library"),
        ),
    )


REMOVE_BUTTON = component(custom_id.REMOVE, _remove_confirmed)
"""“Remove”, under the question."""
FORGET_BUTTON = component(custom_id.FORGET, _forget_confirmed)
"""“Hide”, under the question."""
KEEP_BUTTON = component(custom_id.KEEP, _keep)
"""“Cancel”, under both."""
DUMP_MENU = component(custom_id.WHICH_DUMP, _choose_dump)
"""The menu of files that a name fits."""
HIDDEN_MENU = component(custom_id.UNHIDE, _choose_hidden)
"""The menu of what is hidden."""
THREAD_MENU = component(custom_id.WHICH, _choose_thread)
"""The menu of threads that a name fits."""
FEATURE = Feature(
    commands=(group,),
    components=(REMOVE_BUTTON, FORGET_BUTTON, KEEP_BUTTON, DUMP_MENU, THREAD_MENU, HIDDEN_MENU),
)
