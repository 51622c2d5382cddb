"""The commands by name, and what runs without one."""

from __future__ import annotations

import argparse
import sys

from bot.config import Settings
from bot.errors import TokenMissing
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
    from bot.app.service import serve  # discord.py is slow to import, and only this needs it

    warn_without_kernels()
    async with opened(
        settings, may_be_empty=True, seeds_needed=True, all_in_workers=True
    ) as library:
        if not library.tweets and not await library.dumps():
            print(NOTHING_SHARED.format(folder=settings.seeds), file=sys.stderr)
        await serve(library, settings.token, settings.log_level)
    return DONE


async def run_or_chat(options: argparse.Namespace, settings: Settings) -> int:
    """`threadbot` without a command."""
    if settings.token is not None:
        return await run(options, settings)
    print("DISCORD_TOKEN is not set, so Threadbot runs as a chat in the terminal.")
    print("`threadbot run` explains how to run it on Discord.\n")
    return await reading.chat(options, settings)


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
    "history": managing.history,
    "stats": managing.stats,
    "chat": reading.chat,
    "run": run,
    "invite": hosting.invite,
    "sync": hosting.sync,
}
"""The function of each command."""
