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
from bot.terminal.session import on_library, print_json, warn_without_kernels
from bot.views import json_output
from bot.views.export import KINDS, exported
from bot.views.terminal import output


@on_library
async def ask(library: Library, options: argparse.Namespace) -> int:
    """`threadbot ask`."""
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
    followed = await library.follow(question)
    if followed and followed.location and not options.json:
        location = followed.location
        found = await library.thread(location.thread_id)
        output.write(output.thread_rows(found, marked=location.position), sys.stdout)
        return DONE
    if followed and not followed.location and not followed.rest:
        output.write(output.threads_rows(followed.threads), sys.stderr)
        raise TweetNotLoaded(question)
    if followed and followed.location:
        answer = await library.answer_at(followed.location, question)
        print_json(json_output.answer_json(answer))
        return DONE
    answer = await library.ask(
        followed.rest if followed else question,
        options.limit,
        explain=options.explain,
        newest=options.newest,
        page=options.page,
    )
    if followed:
        answer = replace(answer, hints=(NOT_LOADED, *answer.hints))
    if options.json:
        print_json(json_output.answer_json(answer))
    else:
        output.write(output.answer_rows(answer), sys.stdout)
    return DONE if answer.hits else NOTHING_MATCHED


@on_library
async def thread(library: Library, options: argparse.Namespace) -> int:
    """`threadbot thread`."""
    reference = " ".join(options.reference)
    location = await library.locate(reference)
    found = await library.thread(location.thread_id if location else reference)
    for path in options.save:
        _save(found, path)
        print(f"saved {path}", file=sys.stderr)
    if options.json:
        print_json(json_output.thread_json(found))
    elif options.start > len(found.tweets) and not options.save:
        raise SettingsError(
            f"--from {options.start}: the thread has only {len(found.tweets)} tweets."
        )
    elif not options.save:
        marked = location.position if location else None
        output.write(output.thread_rows(found, options.start, marked=marked), sys.stdout)
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
