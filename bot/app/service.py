"""The bot as a service: lists its features, builds the client with them, and runs it."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
from collections.abc import Collection, Iterator, Sequence
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
from bot.app.identify_turns import FileTurns, IdentifyTurns
from bot.app.registration import Registered
from bot.app.reply import reply_to_error
from bot.app.sharding import Shards
from bot.app.status_server import Address, answering_checks
from bot.app.uploads import Quotas
from bot.background.memory import use_little_memory
from bot.background.worker import get_ready
from bot.errors import DiscordUnreachable, ShardingRequired, ShardRefused, TokenRefused
from bot.library.library import Library
from bot.logs import ANSWER, set_up

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

AUTHENTICATION_FAILED, INVALID_SHARD, SHARDING_REQUIRED = 4004, 4010, 4011
"""https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway"""


def build_client(
    library: Library,
    features: Sequence[Feature] = FEATURES,
    *,
    register_only: bool = False,
    operators: Collection[int] = (),
    quotas: Quotas | None = None,
    shards: Shards | None = None,
    turns: IdentifyTurns | None = None,
) -> Threadbot:
    """Build the client that serves `library` with `features`; see `Threadbot`.

    Raises:
        CommandAlreadyRegistered: two commands have the same name.
    """
    client = Threadbot(
        library,
        features,
        register_only=register_only,
        operators=operators,
        quotas=quotas,
        shards=shards,
        turns=turns,
    )
    client.tree.error(reply_to_error)
    return client


async def serve(
    library: Library,
    token: str,
    log_level: str,
    *,
    operators: Collection[int] = (),
    quotas: Quotas | None = None,
    log_format: str = "auto",
    checks: Address | None = None,
    shards: Shards | None = None,
    turns: IdentifyTurns | None = None,
) -> None:
    """Run the bot until Ctrl-C or SIGTERM; the latter lets acknowledged work finish.

    Args:
        library: the shared library.
        token: the bot's token.
        log_level: the log's level.
        operators: the ids of the users who may change the shared library.
        quotas: how much may be uploaded.
        log_format: the log's format; see `logs.set_up`.
        checks: where to answer `/healthz` and `/metrics`, if anywhere.
        shards: which shards this process has; by default all that Discord recommends.
        turns: when shards may begin sessions; by default in turn with all processes that use the
            library's folder.

    Raises:
        TokenRefused: Discord does not accept the token.
        ShardRefused: there is no shard of that number.
        ShardingRequired: a shard would have too many servers.
        SessionStartsUsedUp: the bot was started too often today.
        DiscordUnreachable: no connection can be made.
    """
    use_little_memory()
    # Another process of the bot waits for its first worker, and needs 40 MB less until then.
    is_first = shards is None or shards.ids is None or 0 in shards.ids
    getting_ready = asyncio.create_task(get_ready()) if is_first else None
    gc.collect()
    gc.freeze()
    set_up(log_level, log_format)
    ANSWER.set(None)  # each answer gets its own
    task = asyncio.current_task()
    assert task is not None  # noqa: S101  # a running coroutine belongs to a task
    loop = asyncio.get_running_loop()
    client = build_client(
        library,
        operators=operators,
        quotas=quotas,
        shards=shards,
        turns=turns or FileTurns(library.folder),
    )
    stops: list[asyncio.Task[None]] = []

    async def stop() -> None:
        if not client.stopping.begun:  # a second signal ends it at once
            log.info("stopping; finishing %d answers", client.stopping.answers)
            await client.stopping.stop()
        task.cancel("SIGTERM")

    with suppress(NotImplementedError):  # Windows has neither SIGTERM nor its handlers
        loop.add_signal_handler(signal.SIGTERM, lambda: stops.append(loop.create_task(stop())))
    try:
        with _readable_errors():
            async with client, answering_checks(client, checks):
                await client.start(token)
    except asyncio.CancelledError as error:
        if error.args != ("SIGTERM",):
            raise
        log.info("stopped")
    finally:
        if getting_ready is not None:
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
        ShardRefused: there is no shard of that number.
        ShardingRequired: a shard would have too many servers.
        DiscordUnreachable: no connection can be made.
    """
    try:
        yield
    except discord.LoginFailure as error:
        raise TokenRefused from error
    except discord.ConnectionClosed as error:
        if error.code == AUTHENTICATION_FAILED:
            raise TokenRefused from error
        if error.code == INVALID_SHARD:
            raise ShardRefused(error.shard_id) from error
        if error.code == SHARDING_REQUIRED:
            raise ShardingRequired from error
        raise DiscordUnreachable(f"it closed the connection with code {error.code}") from error
    except (aiohttp.ClientError, discord.HTTPException, discord.GatewayNotFound, OSError) as error:
        raise DiscordUnreachable(str(error) or type(error).__name__) from error
