"""The commands that search and show threads."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from bot.errors import NOT_LOADED, SettingsError, TweetNotLoaded
from bot.library.library import Library
from bot.models import Thread
from bot.search.query import with_options
from bot.terminal.arguments import DONE, NOTHING_MATCHED
from bot.terminal.chat import converse
from bot.terminal.session import on_library, print_json, shell_commands, warn_without_kernels
from bot.terminal.thread_reader import read_through
from bot.terminal.usage import MINUS
from bot.views import json_output
from bot.views.export import KINDS, exported
from bot.views.terminal import matches_output, output
from bot.views.terminal.answer_output import answer_rows
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
    followed = await library.follow(question)
    if followed and followed.location:
        location = followed.location
        if options.json:
            answer = await library.answer_at(location, question)
            print_json(json_output.answer_json(answer))
        else:
            found = await library.thread(location.thread_id)
            output.write(thread_rows(found, marked=location.position), sys.stdout)
        return DONE
    if followed and not followed.rest:
        output.write(output.threads_rows(followed.threads), sys.stderr)
        raise TweetNotLoaded(question)
    answer = await library.ask(
        followed.rest if followed else question,
        options.limit,
        explain=options.explain,
        newest=options.newest,
        page=options.page,
        exact=options.exact,
    )
    if followed:
        answer = replace(answer, hints=(NOT_LOADED, *answer.hints))
    if answer.hits and options.page > answer.pages:
        only = "1 page" if answer.pages == 1 else f"{answer.pages} pages"
        raise SettingsError(f"--page {options.page}: the answer has only {only}.")
    if options.json:
        print_json(json_output.answer_json(answer))
    else:
        commands = shell_commands(options)
        output.write(answer_rows(answer, commands, all_sources=options.sources), sys.stdout)
    return DONE if answer.hits else NOTHING_MATCHED


def _as_typed(word: str) -> str:
    """Return a word of the question with its dash, for which the parser got another character."""
    return f"-{word[1:]}" if word.startswith(MINUS) else word


@on_library
async def thread(library: Library, options: argparse.Namespace) -> int:
    """`threadbot thread`."""
    reference = " ".join(options.reference)
    location = await library.locate(reference)
    marked = location.position if location else None
    matches = await library.thread_matches(location.thread_id if location else reference, OTHERS)
    found = await library.thread(matches.best.id)
    for path in options.save:
        _save(found, path)
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


def _save(found: Thread, path: Path) -> None:
    """Save a thread to a file, in the format of its extension.

    Raises:
        SettingsError: The extension is unknown, or the file cannot be written.
    """
    kind = path.suffix.lower().removeprefix(".")
    if kind not in KINDS:
        raise SettingsError(f"--save {path}: the name must end in one of .{', .'.join(KINDS)}.")
    try:
        path.write_text(exported(found, kind), encoding="utf-8")
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
