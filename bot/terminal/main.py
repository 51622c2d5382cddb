"""The terminal program: runs a command with its arguments and settings, and exits."""

from __future__ import annotations

import argparse
import asyncio
import io
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bot.config import Settings, environment
from bot.errors import SettingsError, ThreadbotError, TokenMissing
from bot.i18n.messages import ENGLISH
from bot.terminal.arguments import Command, parser
from bot.terminal.session import (
    DONE,
    NOTHING_MATCHED,
    UNREADABLE,
    bar,
    metadata_of,
    opened,
    print_json,
    tell_list,
    told,
    warn_without_kernels,
)

if TYPE_CHECKING:  # Slow to import, and `--help` does not need it.
    from bot.models import Thread

INTERRUPTED = 130
"""Exit status that shells use for a program stopped by Ctrl-C."""
ACTOR = "terminal"


def run() -> None:
    """Entry point of the console script."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    if sys.stdout is None:  # closed by whoever started us
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123  # until the end
    status = main(sys.argv[1:])
    if status == INTERRUPTED:
        # A thread may be waiting for input, and Python would wait for that thread.
        sys.stdout.flush()
        os._exit(status)
    sys.exit(status)


def main(arguments: Sequence[str]) -> int:
    """Run the command that `arguments` name; return the exit status."""
    options = parser(COMMANDS, whichever).parse_args(arguments)
    command: Command = options.command
    try:
        status = asyncio.run(_run(command, options))
        sys.stdout.flush()
        return status
    except ThreadbotError as error:
        print(f"threadbot: {error}", file=sys.stderr)
        return error.exit_status
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has closed it, as `head` does.
        _drop_output()
        return DONE
    except OSError as error:
        _drop_output()
        print(f"threadbot: cannot write the output: {error.strerror}", file=sys.stderr)
        return UNREADABLE


def _drop_output() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


async def _run(command: Command, options: argparse.Namespace) -> int:
    settings = Settings.from_env(environment())
    return await command(options, replace(settings, guild=getattr(options, "guild", None)))


async def ask(options: argparse.Namespace, settings: Settings) -> int:
    """`threadbot ask`."""
    from bot.search.query import with_options

    async with opened(settings) as library:
        question = with_options(
            " ".join(options.question),
            author=options.author,
            since=options.since,
            until=options.until,
            thread=options.thread,
            mentions=options.mentions,
            site=options.site,
            has_link=options.has_link,
        )
        answer = await library.ask(
            question,
            options.limit,
            explain=options.explain,
            newest=options.newest,
            page=options.page,
        )
    from bot.views import json_output
    from bot.views.terminal import output

    if options.json:
        print_json(json_output.answer_json(answer))
    else:
        output.write(output.answer_rows(answer), sys.stdout)
    return DONE if answer.hits else NOTHING_MATCHED


async def thread(options: argparse.Namespace, settings: Settings) -> int:
    """`threadbot thread`."""
    async with opened(settings) as library:
        found = await library.thread(" ".join(options.reference))
    from bot.views import json_output
    from bot.views.terminal import output

    for path in options.save:
        _save(found, path)
        print(f"saved {path}", file=sys.stderr)
    if options.save and not options.json:
        return DONE
    if options.json:
        print_json(json_output.thread_json(found))
        return DONE
    if options.start > len(found.tweets):
        raise SettingsError(
            f"--from {options.start}: the thread has only {len(found.tweets)} tweets."
        )
    output.write(output.thread_rows(found, options.start), sys.stdout)
    return DONE


def _save(found: Thread, path: Path) -> None:
    """Save a thread to a file, in the format of its extension.

    Raises:
        SettingsError: The extension is unknown, or the file cannot be written.
    """
    from bot.views.export import KINDS, exported

    kind = path.suffix.lower().removeprefix(".")
    if kind not in KINDS:
        raise SettingsError(f"--save {path}: the name must end in .{', .'.join(KINDS)}.")
    try:
        path.write_text(exported(found, kind), encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"--save {path}: cannot write the file: {error.strerror}.") from error


async def threads(options: argparse.Namespace, settings: Settings) -> int:
    """`threadbot threads`."""
    async with opened(settings) as library:
        every = library.threads()
    from bot.views import json_output
    from bot.views.terminal import output

    if options.json:
        print_json(json_output.threads_json(every))
    else:
        output.write(output.threads_rows(every), sys.stdout)
    return DONE


async def load(options: argparse.Namespace, settings: Settings) -> int:
    """`threadbot load`."""
    metadata = metadata_of(options, settings)
    warn_without_kernels()
    with bar() as progress:
        async with opened(settings, may_be_empty=True, progress=progress) as library:
            report = await library.load(options.paths, ACTOR, metadata, progress)
    return told(report, options)


async def reload(options: argparse.Namespace, settings: Settings) -> int:
    """`threadbot reload`."""
    warn_without_kernels()
    with bar() as progress:
        async with opened(settings, progress=progress) as library:
            report = library.first_load or await library.reload(ACTOR, progress)
    return told(report, options)


async def undo(options: argparse.Namespace, settings: Settings) -> int:
    """`threadbot undo`."""
    async with opened(settings) as library:
        report = await library.undo(ACTOR)
    return told(report, options)


async def dumps(options: argparse.Namespace, settings: Settings) -> int:
    """`threadbot dumps`."""
    async with opened(settings) as library:
        found = await library.dumps()
    from bot.views import json_output, report_text

    lines = report_text.dump_lines(found, ENGLISH)
    tell_list([json_output.record_json(each) for each in found], lines, options)
    return DONE


async def history(options: argparse.Namespace, settings: Settings) -> int:
    """`threadbot history`."""
    async with opened(settings) as library:
        events = await library.history()
    from bot.views import json_output, report_text

    lines = report_text.history_lines(events, ENGLISH)
    tell_list([json_output.record_json(each) for each in events], lines, options)
    return DONE


async def stats(options: argparse.Namespace, settings: Settings) -> int:
    """`threadbot stats`."""
    async with opened(settings) as library:
        found = await library.stats()
    from bot.views import json_output
    from bot.views.terminal import stats_output

    if options.json:
        print_json(json_output.stats_json(found))
    else:
        stats_output.write_stats(found, sys.stdout)
    return DONE


async def remove(options: argparse.Namespace, settings: Settings) -> int:
    """`threadbot remove`."""
    async with opened(settings) as library:
        report = await library.remove(options.dump, ACTOR)
    return told(report, options)


async def forget(options: argparse.Namespace, settings: Settings) -> int:
    """`threadbot forget`."""
    if options.thread is None and options.author is None:
        raise SettingsError(
            "Name a thread or an author to hide: --thread WORDS or --author HANDLE."
        )
    async with opened(settings) as library:
        report = await library.forget(ACTOR, thread=options.thread, author=options.author)
    return told(report, options)


async def check(options: argparse.Namespace, settings: Settings) -> int:
    """`threadbot check`."""
    from bot.library.library import Library

    metadata = metadata_of(options, settings)
    with bar() as progress:
        async with Library.to_check(settings.data) as library:
            report = await library.check(options.paths, metadata, progress)
    from bot.views import json_output
    from bot.views.terminal import output

    if options.json:
        print_json(json_output.load_json(report, parsed=True))
    else:
        output.write(output.check_rows(report), sys.stdout)
    return UNREADABLE if report.errors else DONE


async def chat(options: argparse.Namespace, settings: Settings) -> int:
    """`threadbot chat`."""
    from bot.terminal.chat import converse

    del options
    async with opened(settings) as library:
        warn_without_kernels()
        await converse(library, sys.stdin, sys.stdout)
    return DONE


async def discord_bot(options: argparse.Namespace, settings: Settings) -> int:
    """`threadbot run`."""
    del options
    if settings.token is None:
        raise TokenMissing
    from bot.app.service import serve

    warn_without_kernels()
    async with opened(settings) as library:
        await serve(library, settings.token, settings.log_level)
    return DONE


async def whichever(options: argparse.Namespace, settings: Settings) -> int:
    """`threadbot` without a command."""
    if settings.token is not None:
        return await discord_bot(options, settings)
    print("DISCORD_TOKEN is not set, so Threadbot runs as a chat in the terminal.")
    print("`threadbot run` explains how to run it on Discord.\n")
    return await chat(options, settings)


COMMANDS: dict[str, Command] = {
    "ask": ask,
    "thread": thread,
    "threads": threads,
    "load": load,
    "check": check,
    "reload": reload,
    "undo": undo,
    "dumps": dumps,
    "remove": remove,
    "forget": forget,
    "history": history,
    "stats": stats,
    "chat": chat,
    "run": discord_bot,
}
"""The function of each command."""
