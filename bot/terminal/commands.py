"""The commands by name, and what runs without one."""

from __future__ import annotations

import argparse
import sys

from bot.config import Settings
from bot.errors import TokenMissing
from bot.library.slow_answers import SlowAnswers
from bot.terminal import hosting, managing, reading
from bot.terminal.arguments import DONE
from bot.terminal.session import Command, opened, warn_without_kernels

NOTHING_SHARED = (
    "threadbot: No shared threads are loaded: there is no file in {folder}. Servers can load their "
    "own with /reload. To share threads with all servers, use `threadbot load PATH…`."
)


async def run(options: argparse.Namespace, settings: Settings) -> int:
    """`threadbot run`."""
    del options
    if settings.token is None:
        raise TokenMissing
    # discord.py is slow to import, and only this needs it
    from bot.app.service import serve
    from bot.app.sharding import Shards
    from bot.app.uploads import MB, Quotas

    warn_without_kernels()
    async with opened(settings, may_be_empty=True, seeds_needed=True, is_service=True) as library:
        if not library.tweets and not await library.dumps():
            print(NOTHING_SHARED.format(folder=settings.seeds), file=sys.stderr)
        library.slow_answers = SlowAnswers(settings.slow_ms, settings.log_questions)
        await serve(
            library,
            settings.token,
            settings.log_level,
            operators=settings.operators,
            quotas=Quotas(
                per_guild=settings.upload_mb_per_server * MB,
                total=settings.upload_mb * MB,
                reserve=settings.free_mb * MB,
            ),
            log_format=settings.log_format,
            checks=settings.http,
            shards=Shards(settings.shards, settings.shard_ids),
        )
    return DONE


async def run_or_chat(options: argparse.Namespace, settings: Settings) -> int:
    """`threadbot` without a command."""
    if settings.token is not None:
        return await run(options, settings)
    print("DISCORD_TOKEN is not set, so Threadbot runs as a chat in the terminal.")
    print("`threadbot run` explains how to run it on Discord.\n")
    return await reading.chat(options, settings)


def _operating(name: str) -> Command:
    """The command of that name in `operating`, which is imported when it runs: asking is faster."""

    async def command(options: argparse.Namespace, settings: Settings) -> int:
        from bot.terminal import operating

        return await operating.COMMANDS[name](options, settings)

    command.__name__ = name
    return command


COMMANDS: dict[str, Command] = {
    "ask": reading.ask,
    "thread": reading.thread,
    "threads": reading.threads,
    "load": managing.load,
    "check": managing.check,
    "reload": managing.reload,
    "undo": managing.undo,
    "dumps": managing.dumps,
    "remove": managing.remove,
    "forget": managing.forget,
    "unhide": managing.unhide,
    "history": managing.history,
    "stats": managing.stats,
    "chat": reading.chat,
    "run": run,
    "invite": hosting.invite,
    "sync": hosting.sync,
    "doctor": _operating("doctor"),
    "health": _operating("health"),
    "backup": _operating("backup"),
    "restore": _operating("restore"),
    "vacuum": _operating("vacuum"),
    "repair": _operating("repair"),
    "erase": _operating("erase"),
}
"""The function of each command."""
