"""The terminal program: command line and settings in, parts wired, exit status out."""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractContextManager, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.command_line import Command, parser
from bot.config import Settings, environment
from bot.errors import SettingsError, ThreadbotError, TokenMissing

if TYPE_CHECKING:  # The library takes long to import, and `--help` does without.
    from bot.library import Library
    from bot.models import LoadReport, Metadata, Progress, Thread

DONE, NOTHING_MATCHED, WRONG_USAGE, UNREADABLE = 0, 1, 2, 3
INTERRUPTED = 130
"""As a shell reports a program that Ctrl-C stopped."""
ACTOR = "terminal"


def run() -> None:
    """The console script."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    if sys.stdout is None:  # closed by whoever started us
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123  # until the end
    status = main(sys.argv[1:])
    if status == INTERRUPTED:
        # A thread may be waiting for a line to be typed, and Python would wait for that thread.
        sys.stdout.flush()
        os._exit(status)
    sys.exit(status)


def main(arguments: Sequence[str]) -> int:
    """Do what the command line says; returns the exit status."""
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
        # Whoever read our output has enough; nothing more can be said there.
        _drop_output()
        return DONE
    except OSError as error:
        _drop_output()
        print(f"threadbot: the output cannot be written: {error.strerror}", file=sys.stderr)
        return UNREADABLE


def _drop_output() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


async def _run(command: Command, options: argparse.Namespace) -> int:
    return await command(options, Settings.from_env(environment()))


async def ask(options: argparse.Namespace, settings: Settings) -> int:
    """`threadbot ask`."""
    from bot.query import with_options

    async with _library(settings) as library:
        question = with_options(
            " ".join(options.question),
            author=options.author,
            since=options.since,
            until=options.until,
            thread=options.thread,
        )
        answer = await library.ask(
            question,
            options.limit,
            explain=options.explain,
            newest=options.newest,
            page=options.page,
        )
    from bot.views import contracts, terminal

    if options.json:
        _print_json(contracts.answer_json(answer))
    else:
        terminal.write(terminal.answer_rows(answer), sys.stdout)
    return DONE if answer.hits else NOTHING_MATCHED


async def thread(options: argparse.Namespace, settings: Settings) -> int:
    """`threadbot thread`."""
    async with _library(settings) as library:
        found = await library.thread(" ".join(options.reference))
    from bot.views import contracts, terminal

    for path in options.save:
        _save(found, path)
        print(f"saved {path}", file=sys.stderr)
    if options.save and not options.json:
        return DONE
    if options.json:
        _print_json(contracts.thread_json(found))
        return DONE
    if options.start > len(found.tweets):
        raise SettingsError(f"--from {options.start}: that thread has {len(found.tweets)} tweets.")
    terminal.write(terminal.thread_rows(found, options.start), sys.stdout)
    return DONE


def _save(found: Thread, path: Path) -> None:
    """Write a thread to a file, of the kind that its name ends in.

    Raises:
        SettingsError: the ending is of no kind, or the file cannot be written.
    """
    from bot.views.export import KINDS, exported

    kind = path.suffix.lower().removeprefix(".")
    if kind not in KINDS:
        raise SettingsError(f"--save {path}: let its name end in .{', .'.join(KINDS)}.")
    try:
        path.write_text(exported(found, kind), encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"--save {path}: cannot be written: {error.strerror}.") from error


async def threads(options: argparse.Namespace, settings: Settings) -> int:
    """`threadbot threads`."""
    async with _library(settings) as library:
        every = library.threads()
    from bot.views import contracts, terminal

    if options.json:
        _print_json(contracts.threads_json(every))
    else:
        terminal.write(terminal.threads_rows(every), sys.stdout)
    return DONE


async def load(options: argparse.Namespace, settings: Settings) -> int:
    """`threadbot load`."""
    metadata = _metadata(options, settings)
    with _bar() as progress:
        async with _library(settings, may_be_empty=True, progress=progress) as library:
            report = await library.load(options.paths, ACTOR, metadata, progress)
    return _told(report, options)


async def reload(options: argparse.Namespace, settings: Settings) -> int:
    """`threadbot reload`."""
    with _bar() as progress:
        async with _library(settings, progress=progress) as library:
            report = library.first_load or await library.reload(ACTOR, progress)
    return _told(report, options)


async def undo(options: argparse.Namespace, settings: Settings) -> int:
    """`threadbot undo`."""
    async with _library(settings) as library:
        report = await library.undo(ACTOR)
    return _told(report, options)


async def check(options: argparse.Namespace, settings: Settings) -> int:
    """`threadbot check`."""
    from bot.library import Library

    metadata = _metadata(options, settings)
    with _bar() as progress:
        async with Library.to_check(settings.data) as library:
            report = await library.check(options.paths, metadata, progress)
    from bot.views import contracts, terminal

    if options.json:
        _print_json(contracts.load_json(report, parsed=True))
    else:
        terminal.write(terminal.check_rows(report), sys.stdout)
    return UNREADABLE if report.errors else DONE


async def chat(options: argparse.Namespace, settings: Settings) -> int:
    """`threadbot chat`."""
    from bot.chat import converse

    del options
    async with _library(settings) as library:
        await converse(library, sys.stdin, sys.stdout)
    return DONE


async def discord_bot(options: argparse.Namespace, settings: Settings) -> int:
    """`threadbot run`."""
    del options
    if settings.token is None:
        raise TokenMissing
    from bot.app.client import serve

    async with _library(settings) as library:
        await serve(library, settings.token, settings.log_level)
    return DONE


async def whichever(options: argparse.Namespace, settings: Settings) -> int:
    """`threadbot` alone."""
    if settings.token is not None:
        return await discord_bot(options, settings)
    print("There is no DISCORD_TOKEN, so this is Threadbot as a chat, here in the terminal.")
    print("How to have it on Discord: threadbot run\n")
    return await chat(options, settings)


@asynccontextmanager
async def _library(
    settings: Settings, *, may_be_empty: bool = False, progress: Progress | None = None
) -> AsyncIterator[Library]:
    """The library that the settings name; what its first load could not read is told on stderr."""
    from bot.library import Library
    from bot.models import Metadata

    async with Library.open(
        settings.data,
        settings.seeds,
        said_of_seeds=Metadata(
            keep_replies=settings.keep_replies, keep_reposts=settings.keep_reposts
        ),
        may_be_empty=may_be_empty,
        progress=progress,
    ) as library:
        if library.first_load:
            _tell_errors(library.first_load)
        yield library


def _bar() -> AbstractContextManager[Progress | None]:
    """How far a load is, on stderr where that is a terminal."""
    from bot.views.terminal import bar

    return bar(sys.stderr)


def _told(report: LoadReport, options: argparse.Namespace) -> int:
    from bot.views import contracts, terminal

    if options.json:
        _print_json(contracts.load_json(report))
    else:
        terminal.write(terminal.report_rows(report), sys.stdout)
    return UNREADABLE if report.errors else DONE


def _tell_errors(report: LoadReport) -> None:
    from bot.views.text import where

    for fault in report.errors:
        place = where(fault.file, fault.line)
        print(f"threadbot: could not read {place}: {fault.message}", file=sys.stderr)


def _metadata(options: argparse.Namespace, settings: Settings) -> Metadata:
    """What the options, and the settings, say of the dumps.

    Raises:
        SettingsError: with every option that is not what it should be.
    """
    from bot.loader.front_matter import READERS
    from bot.models import Metadata

    said: dict[str, Any] = {}
    problems: list[str] = []
    for key, (read, expected) in READERS.items():
        value = getattr(options, key)
        if value is None:
            continue
        taken = read(value)
        if taken is None:
            problems.append(f"--{key} {value}: that is no {expected}.")
        else:
            said[key] = taken
    if problems:
        raise SettingsError(*problems)
    return Metadata(
        **said,
        keep_replies=options.keep_replies or settings.keep_replies,
        keep_reposts=options.keep_reposts or settings.keep_reposts,
    )


def _print_json(shape: object) -> None:
    print(json.dumps(shape, ensure_ascii=False, indent=2))


COMMANDS: dict[str, Command] = {
    "ask": ask,
    "thread": thread,
    "threads": threads,
    "load": load,
    "check": check,
    "reload": reload,
    "undo": undo,
    "chat": chat,
    "run": discord_bot,
}
"""What does each command."""
