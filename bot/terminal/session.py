"""What the terminal's commands share: opening the library, and printing results."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from functools import cache, wraps

from bot.background.worker import Limits
from bot.bidi import BIDI
from bot.config import Settings
from bot.errors import DumpError, NothingLoaded
from bot.library.guilds import GuildLibraries
from bot.library.library import Library
from bot.library.questions import TWEETS
from bot.library.spread.spreading import Spreader
from bot.library.workers import Workers
from bot.models import Metadata, Progress
from bot.operations.places import place_in
from bot.reports import LoadReport
from bot.search.bm25 import native
from bot.terminal.arguments import DONE, UNREADABLE
from bot.terminal.program import called_as, joined
from bot.views import json_output, report_text
from bot.views.terminal import output
from bot.views.terminal.next_commands import InShell
from bot.views.terminal.visible import CONTROL, visible

NO_KERNELS = (
    "Searches run without the compiled kernels and are slower. Install a C compiler and Python's "
    "headers (Debian, Ubuntu: apt install gcc python3-dev), then reinstall threadbot with "
    "pip install --force-reinstall --no-cache-dir."
)
WORTH_A_WORKER = 4 << 20
"""Bytes: the terminal reads less itself, as starting a worker takes a third of a second."""
METADATA_OPTIONS = ("author", "source", "date", "title")
"""Options that describe files."""

NEED_NOTHING = ("history", "stats", "undo", "unhide")
"""Commands that have something to say of an empty library."""
NEED_FILES = ("dumps", "forget", "remove")
"""Commands that have something to say of a library whose threads are all hidden."""
ESCAPED = re.compile(f"{CONTROL.pattern}|{BIDI.pattern}")
"""What JSON may have as it is, and a terminal obeys."""
LISTS = ("dumps", "threads")
"""Commands that print a list with `--json`, empty or not."""

Command = Callable[[argparse.Namespace, Settings], Awaitable[int]]
"""Runs a command and returns the exit status."""
LibraryCommand = Callable[[Library, argparse.Namespace], Awaitable[int]]
"""Runs a command on an open library and returns the exit status."""


def on_library(command: LibraryCommand) -> Command:
    """Open the library of the settings, with something loaded, around `command`."""

    @wraps(command)
    async def opening(options: argparse.Namespace, settings: Settings) -> int:
        async with loaded(settings, options) as library:
            return await command(library, options)

    return opening


@asynccontextmanager
async def loaded(settings: Settings, options: argparse.Namespace) -> AsyncIterator[Library]:
    """Open the library of the settings, which must have something loaded.

    Raises:
        NothingLoaded: nothing was ever loaded into it, or all of it was removed or is hidden.
        DumpError: the seeds were to be loaded first, and none of them can be read.
    """
    async with opened(settings, may_be_empty=True, seeds_needed=True) as library:
        if options.command not in NEED_NOTHING:
            try:
                if options.command in NEED_FILES:
                    await library.require_loaded()
                else:
                    await library.require_shown()
            except NothingLoaded:
                if options.command in LISTS and options.json:
                    print_json([])
                raise
        yield library


@asynccontextmanager
async def opened(
    settings: Settings,
    *,
    may_be_empty: bool = False,
    seeds_needed: bool = False,
    progress: Progress | None = None,
    is_service: bool = False,
) -> AsyncIterator[Library]:
    """Open the library of the settings; print to stderr what its first load cannot read.

    Args:
        settings: the settings.
        may_be_empty: whether there may be no seeds for the first load.
        seeds_needed: whether any seed must be readable, if there are seeds.
        progress: called with each step of the first load.
        is_service: whether the program runs for long: then every change is made in a worker, not
            only a large one, and files are verified.

    Raises:
        DumpError: there are no seeds, or none of them can be read.
    """
    async with AsyncExitStack() as stack:
        spreader = None
        if settings.cluster:
            from bot.cluster.ray_hosts import connected  # few libraries are spread

            hosts = connected(settings.cluster, settings.cluster_parts)
            spreader = Spreader(stack.enter_context(hosts))
        library = await stack.enter_async_context(
            Library.open(
                place_in(settings),
                settings.seeds,
                seeds_metadata=Metadata(
                    keep_replies=settings.keep_replies, keep_reposts=settings.keep_reposts
                ),
                may_be_empty=may_be_empty,
                progress=progress,
                workers=workers(settings, least=0 if is_service else WORTH_A_WORKER),
                verifies=is_service,
                spreader=spreader,
            )
        )
        first = library.first_load
        if first:
            if seeds_needed and first.errors and not first.dumps:
                fault = first.errors[0]
                raise DumpError(fault.file, fault.message, line=fault.line)
            print_errors(first)
        if settings.guild is None:
            yield library
            return
        libraries = GuildLibraries(library)
        yield await libraries.own(settings.guild)
        await libraries.settled()


def workers(settings: Settings, least: int = WORTH_A_WORKER) -> Workers:
    """Return which changes are made in a worker, and what it may use."""
    return Workers(Limits(settings.load_seconds, settings.load_memory), least)


def shell_commands(options: argparse.Namespace) -> InShell:
    """Writes commands to paste after `threadbot ask` with these options."""
    guild = () if options.guild is None else ("--guild", str(options.guild))
    repeated = [f"--{each}" for each in ("newest", "explain", "sources") if getattr(options, each)]
    limit = () if options.limit == TWEETS else ("--limit", str(options.limit))
    return InShell(called_as(), guild, tuple(repeated), limit, joined)


@cache
def warn_without_kernels() -> None:
    """Say on stderr, once per process, if the compiled kernels are missing and how to get them."""
    if native.kernels is None:
        print(f"threadbot: {NO_KERNELS}", file=sys.stderr)


def print_report(report: LoadReport, options: argparse.Namespace) -> int:
    """Print what a load changed; return the exit status."""
    if options.json:
        print_json(json_output.load_json(report))
    else:
        output.write(output.report_rows(report), sys.stdout)
    return UNREADABLE if report.errors else DONE


def print_errors(report: LoadReport) -> None:
    """Print to stderr which files cannot be read."""
    for fault in report.errors:
        place = report_text.where(fault.file, fault.line)
        print(visible(f"threadbot: cannot read {place}: {fault.message}"), file=sys.stderr)


def metadata_of(options: argparse.Namespace, settings: Settings) -> Metadata:
    """The metadata of files from the options and settings.

    Raises:
        SettingsError: One or more options are wrong; the message lists all of them.
    """
    # Slow to import, and asking does without.
    from bot.loader.front_matter import metadata_from_options
    from bot.loader.records.csv_table import columns_from_options

    described = metadata_from_options(
        {key: getattr(options, key) for key in METADATA_OPTIONS},
        {key: f"--{key}" for key in METADATA_OPTIONS},
    )
    return replace(
        described,
        columns=columns_from_options(options.column),
        keep_replies=options.keep_replies or settings.keep_replies,
        keep_reposts=options.keep_reposts or settings.keep_reposts,
    )


def print_json(shape: object) -> None:
    """Print `shape` as JSON, for other programs."""
    text = json.dumps(shape, ensure_ascii=False, indent=2)
    print(ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


def print_list(
    records: Sequence[object], rows: Sequence[output.Row], options: argparse.Namespace
) -> None:
    """Print `records` as JSON with `--json`, else `rows`."""
    if options.json:
        print_json(records)
    else:
        output.write(rows, sys.stdout)
