"""Asks Discord about the bot's token and the time, for `threadbot doctor --online`."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp
from discord.http import Route

from bot import __version__
from bot.reports import DiscordSays

SECONDS = 10
"""How long to wait for Discord."""
AGENT = f"DiscordBot (threadbot, {__version__})"
"""https://docs.discord.com/developers/reference#user-agent"""
OK, UNAUTHORIZED = 200, 401


async def discord_says(token: str | None) -> DiscordSays:
    """Return which application a token belongs to, and what time it is at Discord.

    Args:
        token: the bot's token; without one, only the time is asked for.
    """
    route = "/oauth2/applications/@me" if token else "/gateway"
    headers = {"User-Agent": AGENT}
    if token:
        headers["Authorization"] = f"Bot {token}"
    timeout = aiohttp.ClientTimeout(total=SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout, trust_env=True) as session,
            session.get(f"{Route.BASE}{route}", headers=headers) as response,
        ):
            date = _date(response.headers.get("Date"))
            if response.status == UNAUTHORIZED:
                return DiscordSays(date=date, problem="Discord rejected DISCORD_TOKEN")
            if response.status != OK:
                return DiscordSays(date=date, problem=f"Discord answered {response.status}")
            values = await response.json()
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        reason = str(error) or type(error).__name__
        return DiscordSays(problem=f"Discord cannot be reached ({reason})")
    return DiscordSays(int(values["id"]) if token else None, date)


def _date(text: str | None) -> datetime | None:
    """Return the time in a header `Date`, if it is one."""
    try:
        return parsedate_to_datetime(text).astimezone(UTC) if text else None
    except ValueError:
        return None
