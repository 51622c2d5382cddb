"""Introduces the bot, once, in a server that it was added to."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import discord
from discord import ui

from bot.app.client import Feature, Threadbot
from bot.app.commands.about import EXAMPLES
from bot.app.needed_permissions import missing_permissions
from bot.errors import ThreadbotError
from bot.i18n.catalogues import language_of
from bot.i18n.messages import sentence
from bot.views.discord.welcome_layout import welcome_layout

log = logging.getLogger(__name__)

ATTEMPTS = 3
"""Channels to try before writing to a person."""
COMMANDS = {
    "ask": sentence("/ask"),
    "reload": sentence("/reload"),
    "role": sentence("/library role"),
    "help": sentence("/help"),
}
"""The commands that the welcome names."""


async def welcome(client: Threadbot, guild: discord.Guild) -> None:
    """Send the welcome where the bot may write, else to whoever added it; once per server."""
    key = f"welcomed {guild.id}"
    if await client.library.setting(key):
        return
    # Remembered first: a welcome that is lost is better than one that comes twice.
    await client.library.remember(key, "yes")
    for channel in list(_channels(guild))[:ATTEMPTS]:
        try:
            await channel.send(view=await _layout(client, guild, channel))
        except discord.HTTPException as error:
            log.info("cannot write the welcome to a channel: %s", error)
        else:
            return
    try:
        person = await client.fetch_user(await _inviter(guild))
        await person.send(view=await _layout(client, guild, None))
    except discord.HTTPException as error:
        log.info("cannot send the welcome to a person: %s", error)


def _channels(guild: discord.Guild) -> Iterator[discord.TextChannel]:
    """Yield the channels that the bot may write to, the system channel first."""
    system = guild.system_channel
    every = [system] if system else []
    every += [each for each in guild.text_channels if each != system and not each.is_news()]
    for channel in every:
        granted = channel.permissions_for(guild.me)
        if granted.view_channel and granted.send_messages:
            yield channel


async def _inviter(guild: discord.Guild) -> int:
    """Return the id of whoever added the bot, if it may know; else that of the owner."""
    if guild.me.guild_permissions.view_audit_log:
        try:
            async for entry in guild.audit_logs(limit=10, action=discord.AuditLogAction.bot_add):
                if entry.user_id and entry.target and entry.target.id == guild.me.id:
                    return entry.user_id
        except discord.HTTPException as error:
            log.info("cannot read who added the bot: %s", error)
    return guild.owner_id or 0


async def _layout(
    client: Threadbot, guild: discord.Guild, channel: discord.TextChannel | None
) -> ui.LayoutView:
    """Return the welcome with what the bot lacks in `channel`, or in the server."""
    granted = channel.permissions_for(guild.me) if channel else guild.me.guild_permissions
    say = language_of(guild.preferred_locale.value)
    try:
        examples = await (await client.libraries.of(guild.id)).examples(EXAMPLES)
    except ThreadbotError as error:
        log.info("no examples for the welcome: %s", error)
        examples = []
    mentions = {name: client.command_ids.mention(each, say) for name, each in COMMANDS.items()}
    layout = welcome_layout(guild.name, examples, missing_permissions(granted), mentions, say)
    layout.stop()
    return layout


FEATURE = Feature(on_guild_join=welcome)
