"""The commands that search and show threads."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bot.errors import SettingsError, ThreadNotFound, not_shown
from bot.library.library import Library
from bot.logs import ANSWER
from bot.models import Followed, Thread
from bot.search.query import with_options
from bot.terminal.arguments import DONE, NOTHING_MATCHED
from bot.terminal.chat import converse
from bot.terminal.program import called_as, joined, with_commands
from bot.terminal.session import on_library, print_json, shell_commands, warn_without_kernels
from bot.terminal.thread_reader import read_through
from bot.terminal.usage import MINUS
from bot.views import json_output
from bot.views.export import KINDS, exported
from bot.views.terminal import matches_output, output
from bot.views.terminal.answer_output import answer_rows
from bot.views.terminal.matches_output import not_loaded_rows
from bot.views.terminal.thread_output import thread_rows
from bot.views.terminal.visible import visible

OTHERS = 5
"""Other threads with the same words in their title that are listed below a thread."""


@on_library
async def ask(library: Library, options: argparse.Namespace) -> int:
    """`threadbot ask`."""
    question = with_options(
        " ".join(_as_typed(each) for each in options.question),
        author=options.author,
        since=options.since,
        until=options.until,
        thread=options.thread,
        mentions=options.mentions,
        site=options.site,
        has_link=options.has_link,
    )
    read = await library.read(question)
    if isinstance(read, Followed):
        return await _linked(library, options, question, read)
    answer = await library.ask(
        read.text,
        options.limit,
        explain=options.explain,
        newest=options.newest,
        page=options.page,
        exact=options.exact,
        hints=read.hints,
    )
    commands = shell_commands(options)
    if answer.hits and options.page > answer.pages:
        only = "1 page" if answer.pages == 1 else f"{answer.pages} pages"
        last = commands.page(answer, answer.pages)
        raise SettingsError(f"--page {options.page}: the answer has only {only}. Type: {last}")
    if options.json:
        print_json(json_output.answer_json(answer, ANSWER.get()))
    else:
        output.write(answer_rows(answer, commands, all_sources=options.sources), sys.stdout)
    return DONE if answer.hits else NOTHING_MATCHED


async def _linked(
    library: Library, options: argparse.Namespace, question: str, linked: Followed
) -> int:
    """Show the tweet that a question links to, in its thread.

    Raises:
        TweetNotLoaded: it is not loaded; threads by its author are listed first.
        TweetIsHidden: it is hidden.
    """
    location = linked.location
    if location is None:
        output.write(not_loaded_rows(linked), sys.stderr)
        raise not_shown(question, is_hidden=linked.is_hidden)
    if options.json:
        answer = await library.answer_at(location, question)
        print_json(json_output.answer_json(answer, ANSWER.get()))
    else:
        found = await library.thread(location.thread_id)
        output.write(thread_rows(found, marked=location.position), sys.stdout)
    return DONE


def _as_typed(word: str) -> str:
    """Return a word of the question with its dash, for which the parser got another character."""
    return f"-{word[1:]}" if word.startswith(MINUS) else word


@on_library
async def thread(library: Library, options: argparse.Namespace) -> int:
    """`threadbot thread`."""
    reference = " ".join(options.reference)
    location = await library.locate(reference)
    marked = location.position if location else None
    named = location.thread_id if location else reference
    try:
        matches = await library.thread_matches(named, OTHERS)
    except ThreadNotFound as error:
        guild = () if options.guild is None else ("--guild", str(options.guild))
        ids = [joined([*called_as(), "thread", *guild, each]) for each in error.starting]
        raise with_commands(error, ids) from error
    found = await library.thread(matches.best.id)
    for path in options.save:
        _save(found, path, force=options.force)
        print(visible(f"saved {path}"), file=sys.stderr)
    if options.json:
        print_json(json_output.thread_json(found))
    elif options.start > len(found.tweets) and not options.save:
        raise SettingsError(
            f"--from {options.start}: the thread has only {len(found.tweets)} tweets."
        )
    elif not options.save and sys.stdin.isatty() and sys.stdout.isatty():
        await read_through(found, options.start, sys.stdin, sys.stdout, marked=marked)
        output.write(matches_output.matches_rows(matches), sys.stdout)
    elif not options.save:
        output.write(thread_rows(found, options.start, marked=marked), sys.stdout)
        output.write(matches_output.matches_rows(matches), sys.stdout)
    return DONE


def _save(found: Thread, path: Path, *, force: bool) -> None:
    """Save a thread to a file, in the format of its extension.

    Args:
        found: the thread.
        path: the file.
        force: whether a file that exists is overwritten.

    Raises:
        SettingsError: The extension is unknown, or the file cannot be written or exists.
    """
    kind = path.suffix.lower().removeprefix(".")
    if kind not in KINDS:
        raise SettingsError(f"--save {path}: the name must end in one of .{', .'.join(KINDS)}.")
    try:
        with path.open("w" if force else "x", encoding="utf-8") as file:
            file.write(exported(found, kind))
    except FileExistsError as error:
        raise SettingsError(
            f"--save {path}: the file exists. Add --force to overwrite it."
        ) from error
    except OSError as error:
        raise SettingsError(f"--save {path}: cannot write the file: {error.strerror}.") from error


@on_library
async def threads(library: Library, options: argparse.Namespace) -> int:
    """`threadbot threads`."""
    every = library.threads()
    if options.json:
        print_json(json_output.threads_json(every))
    else:
        output.write(output.threads_rows(every), sys.stdout)
    return DONE


@on_library
async def chat(library: Library, options: argparse.Namespace) -> int:
    """`threadbot chat`."""
    del options
    warn_without_kernels()
    await converse(library, sys.stdin, sys.stdout)
    return DONE
