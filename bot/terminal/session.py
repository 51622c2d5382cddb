"""What the terminal's commands share: opening the library, and printing results."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from bot.config import Settings

if TYPE_CHECKING:  # Slow to import, and `--help` does not need it.
    from bot.library.library import Library
    from bot.models import Metadata, Progress
    from bot.reports import LoadReport

DONE, NOTHING_MATCHED, WRONG_USAGE, UNREADABLE = 0, 1, 2, 3
OF_DUMPS = ("author", "source", "date", "title")
"""Options that say something of dumps."""
NO_KERNELS = (
    "Searches run without the compiled kernels and are slower. Install a C compiler and Python's "
    "headers (Debian, Ubuntu: apt install gcc python3-dev), then reinstall threadbot with "
    "pip install --force-reinstall --no-cache-dir."
)


@asynccontextmanager
async def opened(
    settings: Settings, *, may_be_empty: bool = False, progress: Progress | None = None
) -> AsyncIterator[Library]:
    """Open the library of the settings; print to stderr what its first load cannot read."""
    from bot.library.guilds import GuildLibraries
    from bot.library.library import Library
    from bot.models import Metadata

    async with Library.open(
        settings.data,
        settings.seeds,
        seeds_metadata=Metadata(
            keep_replies=settings.keep_replies, keep_reposts=settings.keep_reposts
        ),
        may_be_empty=may_be_empty,
        progress=progress,
    ) as library:
        if library.first_load:
            tell_errors(library.first_load)
        if settings.guild is None:
            yield library
            return
        libraries = GuildLibraries(library)
        yield await libraries.own(settings.guild)
        await libraries.settled()


@cache
def warn_without_kernels() -> None:
    """Say on stderr, once per process, if the compiled kernels are missing and how to get them."""
    from bot.search.bm25 import native

    if native.kernels is None:
        print(f"threadbot: {NO_KERNELS}", file=sys.stderr)


def bar() -> AbstractContextManager[Progress | None]:
    """A progress bar on stderr if that is a terminal."""
    from bot.views.terminal import output

    return output.bar(sys.stderr)


def told(report: LoadReport, options: argparse.Namespace) -> int:
    """Print what a load changed; return the exit status."""
    from bot.views import json_output
    from bot.views.terminal import output

    if options.json:
        print_json(json_output.load_json(report))
    else:
        output.write(output.report_rows(report), sys.stdout)
    return UNREADABLE if report.errors else DONE


def tell_errors(report: LoadReport) -> None:
    """Print to stderr which files cannot be read."""
    from bot.views.report_text import where

    for fault in report.errors:
        place = where(fault.file, fault.line)
        print(f"threadbot: cannot read {place}: {fault.message}", file=sys.stderr)


def metadata_of(options: argparse.Namespace, settings: Settings) -> Metadata:
    """The metadata of files from the options and settings.

    Raises:
        SettingsError: One or more options are wrong; the message lists all of them.
    """
    from bot.loader.front_matter import said_of

    return replace(
        said_of(
            {key: getattr(options, key) for key in OF_DUMPS}, {key: f"--{key}" for key in OF_DUMPS}
        ),
        keep_replies=options.keep_replies or settings.keep_replies,
        keep_reposts=options.keep_reposts or settings.keep_reposts,
    )


def print_json(shape: object) -> None:
    """Print `shape` as JSON, for other programs."""
    print(json.dumps(shape, ensure_ascii=False, indent=2))


def tell_list(records: Sequence[object], lines: Sequence[str], options: argparse.Namespace) -> None:
    """Print `records` as JSON with `--json`, else `lines`."""
    if options.json:
        print_json(records)
    else:
        print(*lines, sep="\n")
