"""The commands that change a library, and those that list what it has loaded."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from functools import partial

from bot.background.memory import loading
from bot.config import Settings
from bot.errors import FilesDoubted, SettingsError
from bot.i18n.messages import ENGLISH
from bot.library.library import Library
from bot.operations.places import place_in
from bot.reports import LoadReport
from bot.terminal import asking, undoing
from bot.terminal.arguments import DONE, UNREADABLE
from bot.terminal.asking import ACTOR, at_terminal
from bot.terminal.program import called_as, joined
from bot.terminal.session import (
    METADATA_OPTIONS,
    loaded,
    metadata_of,
    on_library,
    opened,
    print_json,
    print_list,
    print_report,
    warn_without_kernels,
    workers,
)
from bot.views import json_output, removal_text, report_text
from bot.views.terminal import output, stats_output

KEPT = ("replies", "reposts")
"""What `load` leaves out unless an option says so."""


async def load(options: argparse.Namespace, settings: Settings) -> int:
    """`threadbot load`."""
    asker = at_terminal(sure=options.yes, json=options.json)
    warn_without_kernels()
    try:
        report = await _load(options, settings, is_confirmed=asker.sure)
    except FilesDoubted as doubted:
        if not await asking.may_load(asker, doubted, options.paths, partial(_command, options)):
            return DONE
        report = await _load(options, settings, is_confirmed=True)
    return print_report(report, options)


def _command(options: argparse.Namespace, paths: Sequence[str]) -> str:
    """The command that loads other paths with the same options."""
    named = {"--guild": options.guild} | {
        f"--{key}": getattr(options, key) for key in METADATA_OPTIONS
    }
    words = [word for key, value in named.items() if value is not None for word in (key, value)]
    words += [word for each in options.column for word in ("--column", each)]
    words += [f"--keep-{each}" for each in KEPT if getattr(options, f"keep_{each}")]
    dashes = ["--"] if any(each.startswith("-") for each in paths) else []
    return joined([*called_as(), "load", *map(str, words), *dashes, *paths])


async def _load(
    options: argparse.Namespace, settings: Settings, *, is_confirmed: bool
) -> LoadReport:
    metadata = metadata_of(options, settings)
    with loading(), output.bar(sys.stderr) as progress:
        async with opened(settings, may_be_empty=True, progress=progress) as library:
            return await library.load(
                options.paths, ACTOR, metadata, progress, is_confirmed=is_confirmed
            )


async def check(options: argparse.Namespace, settings: Settings) -> int:
    """`threadbot check`."""
    metadata = metadata_of(options, settings)
    with loading(), output.bar(sys.stderr) as progress:
        async with Library.to_check(place_in(settings), workers=workers(settings)) as library:
            report = await library.check(options.paths, metadata, progress)
    if options.json:
        print_json(json_output.load_json(report, parsed=True))
    else:
        output.write(output.check_rows(report), sys.stdout)
    return UNREADABLE if report.errors else DONE


async def reload(options: argparse.Namespace, settings: Settings) -> int:
    """`threadbot reload`."""
    warn_without_kernels()
    with loading(), output.bar(sys.stderr) as progress:
        async with opened(settings, progress=progress) as library:
            report = library.first_load or await library.reload(ACTOR, progress)
    return print_report(report, options)


@on_library
async def undo(library: Library, options: argparse.Namespace) -> int:
    """`threadbot undo`."""
    report, undone = await undoing.undo(library, ACTOR)
    if options.json:
        event = json_output.record_json(undone) if undone else None
        print_json({**json_output.load_json(report), "undone": event})
    else:
        again = undoing.in_shell(undone, options.guild)
        output.write(undoing.undone_rows(report, undone, again), sys.stdout)
    return DONE


@on_library
async def remove(library: Library, options: argparse.Namespace) -> int:
    """`threadbot remove`."""
    asker = at_terminal(sure=options.yes, json=options.json)
    return print_removal(await asking.remove(library, asker, options.dump), options)


async def forget(options: argparse.Namespace, settings: Settings) -> int:
    """`threadbot forget`."""
    if options.thread is None and options.author is None:
        raise SettingsError(
            "Name a thread or an author to hide: --thread WORDS or --author HANDLE."
        )
    asker = at_terminal(sure=options.yes, json=options.json)
    async with loaded(settings, options) as library:
        report = await asking.forget(library, asker, thread=options.thread, author=options.author)
        return print_removal(report, options)


@on_library
async def unhide(library: Library, options: argparse.Namespace) -> int:
    """`threadbot unhide`."""
    if not options.name:
        hidden = await library.removal.hidden()
        lines = removal_text.listed_hidden(hidden, "threadbot unhide ID")
        rows = [output.text_row(each) for each in lines]
        print_list([json_output.hidden_json(each) for each in hidden], rows, options)
        return DONE
    report = await asking.unhide(library, ACTOR, " ".join(options.name))
    return print_removal(report, options)


def print_removal(report: LoadReport | None, options: argparse.Namespace) -> int:
    """Print what is gone, if anything, and how it comes back; return the exit status."""
    if report is None:
        return DONE
    status = print_report(report, options)
    if not options.json:
        guild = "" if options.guild is None else f" --guild {options.guild}"
        print(f"To undo this: threadbot undo{guild}")
    return status


@on_library
async def dumps(library: Library, options: argparse.Namespace) -> int:
    """`threadbot dumps`."""
    found = await library.dumps()
    rows = output.dumps_rows(found, output.width(sys.stdout))
    note = removal_text.shared_note(found, ENGLISH) if options.guild is not None else None
    rows += [output.text_row(note)] if note else []
    print_list([json_output.record_json(each) for each in found], rows, options)
    return DONE


@on_library
async def history(library: Library, options: argparse.Namespace) -> int:
    """`threadbot history`."""
    events = await library.history()
    rows = [output.text_row(each) for each in report_text.history_lines(events, ENGLISH)]
    print_list([json_output.record_json(each) for each in events], rows, options)
    return DONE


@on_library
async def stats(library: Library, options: argparse.Namespace) -> int:
    """`threadbot stats`."""
    found = await library.stats()
    if options.json:
        print_json(json_output.stats_json(found))
    else:
        stats_output.write_stats(found, sys.stdout)
    return DONE
