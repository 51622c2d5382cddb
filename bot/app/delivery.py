"""Delivers responses although connections break: sends again what can be sent again.

Discord may have taken a request whose response was lost. Sending a first response again is safe,
because Discord takes only one (error 40060), and so is editing it. A message in a channel has a
nonce, by which Discord knows it again. A follow-up has none, so it is sent again only where Discord
said that it failed, or cannot have received it.

https://docs.discord.com/developers/interactions/receiving-and-responding
"""

from __future__ import annotations

import asyncio
import io
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

import aiohttp
import discord
from discord.ui import LayoutView

from bot.app.client import Interaction, arrival

log = logging.getLogger(__name__)

UNDELIVERED = (discord.HTTPException, aiohttp.ClientError, OSError)
"""What sending raises where it fails for good; time-outs are OSErrors."""
DEADLINE_SECONDS = 3.0
"""Seconds that Discord waits for the first response."""
FIRST_ATTEMPT_SECONDS = 2.0
"""Seconds to wait for Discord to take the first response, before it is sent again."""
TOKEN_SECONDS = 15 * 60.0 - 15.0
"""Seconds for which the token of an interaction is valid, with a margin."""
NONCE_SECONDS = 120.0
"""Seconds in which Discord knows a message again by its nonce: "the past few minutes"."""
ATTEMPT_SECONDS = 60.0
"""Seconds to wait for Discord to take anything else."""
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 30.0
"""Seconds before the first repetition, and the most before any; each is twice the last."""
ALREADY_ACKNOWLEDGED = 40060
TOO_MANY_REQUESTS, SERVER_ERROR = 429, 500
ACKNOWLEDGED = "acknowledged"
"""The key in the extras of an interaction of which discord.py does not know that it is."""

Sent = TypeVar("Sent")
Send = Callable[[], Awaitable[Sent]]


def is_acknowledged(interaction: Interaction) -> bool:
    """Return whether Discord took a first response, as far as it is known."""
    return interaction.response.is_done() or ACKNOWLEDGED in interaction.extras


async def acknowledge(interaction: Interaction, send: Send[object]) -> None:
    """Send the first response with `send`, again until Discord's deadline.

    Where the responses to all attempts are lost, Discord may have taken one; then this returns, and
    what follows shows whether it did.

    Raises:
        UNDELIVERED: Discord did not take it.
    """
    arrived = arrival(interaction)
    uncertain = False

    async def attempt() -> object:
        nonlocal uncertain
        try:
            return await send()
        except discord.HTTPException as error:
            if error.code == ALREADY_ACKNOWLEDGED:
                return None  # an earlier attempt has arrived
            uncertain = uncertain or error.status >= SERVER_ERROR
            raise
        except (aiohttp.ClientError, OSError, asyncio.CancelledError) as error:
            uncertain = uncertain or not isinstance(error, aiohttp.ClientConnectorError)
            raise

    try:
        await _again(
            interaction.client,
            attempt,
            until=arrived + DEADLINE_SECONDS,
            attempt_seconds=FIRST_ATTEMPT_SECONDS,
        )
    except UNDELIVERED as error:
        if not uncertain or not _is_passing(error):
            raise
        log.info("perhaps acknowledged: %s", error)
    interaction.extras[ACKNOWLEDGED] = True
    interaction.client.health_record.acknowledged(time.monotonic() - arrived)


async def send_first(
    interaction: Interaction, layout: LayoutView, files: Sequence[discord.File], *, ephemeral: bool
) -> None:
    """Send a message as the first response.

    Raises:
        UNDELIVERED: Discord did not take it.
    """

    async def send() -> None:
        await interaction.response.send_message(
            view=layout, files=_fresh(files), ephemeral=ephemeral
        )

    await _first(interaction, send, layout, files)


async def update_first(
    interaction: Interaction, layout: LayoutView, files: Sequence[discord.File]
) -> None:
    """Replace the message whose component was used, as the first response.

    Raises:
        UNDELIVERED: Discord did not take it.
    """

    async def send() -> None:
        await interaction.response.edit_message(view=layout, attachments=_fresh(files))

    await _first(interaction, send, layout, files)


async def _first(
    interaction: Interaction,
    send: Send[None],
    layout: LayoutView,
    files: Sequence[discord.File],
) -> None:
    """Send a first response that shows `layout`."""
    await acknowledge(interaction, send)
    if not interaction.response.is_done():
        # It is not known how an earlier attempt ended. Editing shows it, and changes nothing.
        await edit_original(interaction, layout, files)


async def edit_original(
    interaction: Interaction, layout: LayoutView, files: Sequence[discord.File]
) -> None:
    """Replace the first response, or the message whose component was used.

    Raises:
        UNDELIVERED: Discord did not take it while the token was valid.
    """

    async def send() -> None:
        await interaction.edit_original_response(view=layout, attachments=_fresh(files))

    await _again(interaction.client, send, until=arrival(interaction) + TOKEN_SECONDS)


async def delete_original(interaction: Interaction) -> None:
    """Delete the first response, or the message whose component was used, if it is still there.

    Raises:
        UNDELIVERED: Discord did not do it while the token was valid.
    """

    async def send() -> None:
        try:
            await interaction.delete_original_response()
        except discord.NotFound:
            return  # somebody else was faster, or an earlier attempt has arrived

    await _again(interaction.client, send, until=arrival(interaction) + TOKEN_SECONDS)


async def follow_up(
    interaction: Interaction, layout: LayoutView, files: Sequence[discord.File]
) -> None:
    """Send an ephemeral message after the first response; never twice.

    Raises:
        UNDELIVERED: Discord did not take it, or it is not known whether it did.
    """

    async def send() -> None:
        await interaction.followup.send(view=layout, files=_fresh(files), ephemeral=True)

    await _again(
        interaction.client, send, until=arrival(interaction) + TOKEN_SECONDS, repeatable=False
    )


async def send_once(
    client: discord.Client,
    send: Callable[..., Awaitable[Sent]],
    files: Sequence[discord.File],
    **message: Any,
) -> Sent:
    """Send a message to a channel with `send`; Discord takes it once.

    Args:
        client: the client; nothing is sent again once it is closed.
        send: sends to the channel, or as a reply.
        files: the files of the message.
        message: the rest of the message.

    Raises:
        UNDELIVERED: Discord did not take it.
    """
    nonce = secrets.token_hex(12)  # at most 25 characters

    async def attempt() -> Sent:
        return await send(files=_fresh(files), nonce=nonce, **message)

    return await _again(client, attempt, until=time.monotonic() + NONCE_SECONDS)


async def _again(
    client: discord.Client,
    send: Send[Sent],
    *,
    until: float,
    attempt_seconds: float | None = None,
    repeatable: bool = True,
) -> Sent:
    """Call `send`, and again after a failure that may pass, while the next attempt is in time.

    Args:
        client: the client; nothing is sent again once it is closed.
        send: sends once.
        until: the moment at which it is too late.
        attempt_seconds: how long an attempt may take; by default `ATTEMPT_SECONDS`.
        repeatable: whether Discord takes a second attempt for the same as the first.

    Raises:
        UNDELIVERED: the last failure.
    """
    pause = FIRST_PAUSE
    while True:
        try:
            async with asyncio.timeout(attempt_seconds or ATTEMPT_SECONDS):
                return await send()
        except UNDELIVERED as error:
            passing = _is_passing(error) if repeatable else _is_certain_to_have_failed(error)
            wait = max(pause, _asked_to_wait(error))
            if not passing or client.is_closed() or time.monotonic() + wait >= until:
                raise
            log.info("sending again in %.2f s: %s", wait, error)
        await asyncio.sleep(wait)
        pause = min(2 * pause, LONGEST_PAUSE)


def _is_passing(error: BaseException) -> bool:
    """Return whether the same may succeed later."""
    if isinstance(error, discord.HTTPException):
        return error.status >= SERVER_ERROR or error.status == TOO_MANY_REQUESTS
    return not isinstance(error, aiohttp.InvalidURL)


def _is_certain_to_have_failed(error: BaseException) -> bool:
    """Return whether Discord has not taken what was sent, and may take it later."""
    if isinstance(error, discord.HTTPException):
        return _is_passing(error)
    return isinstance(error, aiohttp.ClientConnectorError)


def _asked_to_wait(error: BaseException) -> float:
    """Return the seconds that Discord asks to wait, if it does."""
    if not isinstance(error, discord.HTTPException):
        return 0.0
    try:
        return float(error.response.headers.get("Retry-After", 0))
    except ValueError:
        return 0.0


def _fresh(files: Sequence[discord.File]) -> list[discord.File]:
    """Return copies of files that are sent once: sending them closes them."""
    copies = []
    for file in files:
        file.reset()
        copies.append(discord.File(io.BytesIO(file.fp.read()), file.filename))
    return copies
