"""The bot as a service: lists its features, builds the client with them, and runs it."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

import aiohttp
import discord

from bot.app.client import Feature, Threadbot
from bot.app.commands import (
    about,
    ask,
    delete,
    library,
    mention,
    more,
    post,
    reload,
    thread,
    welcome,
)
from bot.app.registration import Registered
from bot.app.reply import reply_to_error
from bot.background.worker import get_ready
from bot.errors import DiscordUnreachable, TokenRefused
from bot.library.library import Library

log = logging.getLogger(__name__)

FEATURES: tuple[Feature, ...] = (
    ask.FEATURE,
    thread.FEATURE,
    about.FEATURE,
    reload.FEATURE,
    library.FEATURE,
    post.FEATURE,
    more.FEATURE,
    mention.FEATURE,
    delete.FEATURE,
    welcome.FEATURE,
)
"""All features of the bot."""

AUTHENTICATION_FAILED = 4004
"""https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway"""


def build_client(
    library: Library, features: Sequence[Feature] = FEATURES, *, register_only: bool = False
) -> Threadbot:
    """Build the client that serves `library` with `features`; see `Threadbot`.

    Raises:
        CommandAlreadyRegistered: two commands have the same name.
    """
    client = Threadbot(library, features, register_only=register_only)
    client.tree.error(reply_to_error)
    return client


async def serve(library: Library, token: str, log_level: str) -> None:
    """Run the bot until Ctrl-C or SIGTERM.

    Raises:
        TokenRefused: Discord does not accept the token.
        DiscordUnreachable: no connection can be made.
    """
    getting_ready = asyncio.create_task(get_ready())
    gc.collect()
    gc.freeze()
    discord.utils.setup_logging(level=logging.getLevelNamesMapping()[log_level], root=True)
    task = asyncio.current_task()
    assert task is not None  # noqa: S101  # a running coroutine belongs to a task
    loop = asyncio.get_running_loop()
    with suppress(NotImplementedError):  # Windows has neither SIGTERM nor its handlers
        loop.add_signal_handler(signal.SIGTERM, task.cancel, "SIGTERM")
    try:
        with _readable_errors():
            async with build_client(library) as client:
                await client.start(token)
    except asyncio.CancelledError as error:
        if error.args != ("SIGTERM",):
            raise
        log.info("stopped")
    finally:
        await getting_ready
        with suppress(NotImplementedError):
            loop.remove_signal_handler(signal.SIGTERM)


async def register_again(library: Library, token: str) -> list[Registered]:
    """Register the commands, whether they have changed or not; return what Discord has now.

    Raises:
        TokenRefused: Discord does not accept the token.
        RegistrationRefused: Discord does not accept the commands.
        DiscordUnreachable: no connection can be made.
    """
    with _readable_errors():
        async with build_client(library, register_only=True) as client:
            await client.login(token)
            return await client.registration.register()


async def application_of(token: str) -> int:
    """Return the id of the application that `token` belongs to.

    Raises:
        TokenRefused: Discord does not accept the token.
        DiscordUnreachable: no connection can be made.
    """
    with _readable_errors():
        async with discord.Client(intents=discord.Intents.none()) as client:
            await client.login(token)
            return (await client.application_info()).id


@contextmanager
def _readable_errors() -> Iterator[None]:
    """Turn the errors of a failed connection into Threadbot's own.

    Raises:
        TokenRefused: Discord does not accept the token.
        DiscordUnreachable: no connection can be made.
    """
    try:
        yield
    except discord.LoginFailure as error:
        raise TokenRefused from error
    except discord.ConnectionClosed as error:
        if error.code == AUTHENTICATION_FAILED:
            raise TokenRefused from error
        raise DiscordUnreachable(f"it closed the connection with code {error.code}") from error
    except (aiohttp.ClientError, discord.HTTPException, discord.GatewayNotFound, OSError) as error:
        raise DiscordUnreachable(str(error) or type(error).__name__) from error
    except AttributeError as error:
        # When the first connection fails, discord.py uses a socket that it does not have yet.
        if error.obj is not None or not isinstance(
            error.__context__, (OSError, aiohttp.ClientError)
        ):
            raise
        raise DiscordUnreachable(str(error.__context__)) from error
