"""Asks Discord about the token, the connection and the time, for `threadbot doctor --online`."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp
from discord.http import Route

from bot import __version__
from bot.reports import DiscordSays, GatewaySays

SECONDS = 10
"""How long to wait for Discord."""
AGENT = f"DiscordBot (threadbot, {__version__})"
"""https://docs.discord.com/developers/reference#user-agent"""
OK, UNAUTHORIZED = 200, 401


async def discord_says(token: str | None) -> DiscordSays:
    """Return which application a token belongs to, how it may connect, and Discord's time.

    Args:
        token: the bot's token; without one, only the time is asked for.
    """
    headers = {"User-Agent": AGENT}
    if token:
        headers["Authorization"] = f"Bot {token}"
    timeout = aiohttp.ClientTimeout(total=SECONDS)
    try:
        async with aiohttp.ClientSession(
            headers=headers, timeout=timeout, trust_env=True
        ) as session:
            route = "/oauth2/applications/@me" if token else "/gateway"
            async with session.get(f"{Route.BASE}{route}") as response:
                date = _date(response.headers.get("Date"))
                if response.status == UNAUTHORIZED:
                    return DiscordSays(date=date, problem="Discord rejected DISCORD_TOKEN")
                if response.status != OK:
                    return DiscordSays(date=date, problem=f"Discord answered {response.status}")
                values = await response.json()
            gateway = await _gateway(session) if token else None
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        reason = str(error) or type(error).__name__
        return DiscordSays(problem=f"Discord cannot be reached ({reason})")
    return DiscordSays(int(values["id"]) if token else None, date, gateway=gateway)


async def _gateway(session: aiohttp.ClientSession) -> GatewaySays | None:
    """Return how the bot may connect; None if Discord does not say.

    Raises:
        ClientError: Discord cannot be reached.
    """
    async with session.get(f"{Route.BASE}/gateway/bot") as response:
        if response.status != OK:
            return None
        values = await response.json()
    limit = values["session_start_limit"]
    return GatewaySays(
        values["shards"], limit["total"], limit["remaining"], limit["reset_after"] / 1000
    )


def _date(text: str | None) -> datetime | None:
    """Return the time in a header `Date`, if it is one."""
    try:
        return parsedate_to_datetime(text).astimezone(UTC) if text else None
    except ValueError:
        return None
