"""*Delete*: takes away what the bot posted for everyone, if the asker or a moderator wants it."""

from __future__ import annotations

import logging
import re

import discord

from bot.app.client import Feature, Interaction
from bot.app.components import component
from bot.app.delivery import UNDELIVERED, acknowledge, delete_original
from bot.app.reply import asker_of, notice, reply
from bot.i18n.messages import sentence
from bot.views.discord import custom_id

log = logging.getLogger(__name__)

NOT_YOURS = sentence(
    "Only the person who asked, and members with the permission “Manage Messages”, can delete this."
)


async def _delete(interaction: Interaction, match: re.Match[str], _: list[str]) -> None:
    """Delete the message whose button was pressed; whose it is, is checked at every press."""
    asker = asker_of(interaction.message) if interaction.message else None
    asker = asker or int(match["user"])
    granted = interaction.permissions
    moderates = interaction.guild_id is not None and (
        granted.manage_messages or granted.administrator
    )
    if interaction.user.id != asker and not moderates:
        await reply(interaction, notice(interaction, NOT_YOURS))
        return
    interaction.client.recent_shares.remove_all(asker, interaction.channel_id)
    try:
        await acknowledge(interaction, interaction.response.defer)
        await delete_original(interaction)
    except discord.NotFound:
        return  # somebody else deleted it
    except UNDELIVERED as error:
        log.warning("cannot delete a message: %s", error)


DELETE_BUTTON = component(custom_id.DELETE, _delete)
"""“Delete”"""
FEATURE = Feature(components=(DELETE_BUTTON,))
