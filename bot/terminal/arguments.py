"""The arguments of the terminal program, and their help."""

from __future__ import annotations

import argparse
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import bot
from bot.config import Settings

EPILOG = """\
exit status: 0 done · 1 nothing matched · 2 wrong usage or settings · 3 a file or the store
cannot be read

Without a command, Threadbot runs on Discord if DISCORD_TOKEN is set, else as a chat here.
It reads settings from the environment and from a file named .env; see .env.example.
"""

Command = Callable[[argparse.Namespace, Settings], Awaitable[int]]
"""Runs a command and returns the exit status."""


def parser(commands: Mapping[str, Command], alone: Command) -> argparse.ArgumentParser:
    """The argument parser; `commands` run by name, and `alone` runs without a command."""
    made = argparse.ArgumentParser(
        prog="threadbot",
        description="Search saved X threads. Answers quote the authors and link to the sources.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("--version", action="version", version=f"threadbot {bot.__version__}")
    made.set_defaults(command=alone)
    said = made.add_subparsers(title="commands", metavar="COMMAND")

    def command(name: str, summary: str) -> argparse.ArgumentParser:
        one = said.add_parser(name, help=summary, description=f"{summary}.")
        one.set_defaults(command=commands[name])
        return one

    asking = command("ask", "Show the tweets that match a question, with their sources")
    asking.add_argument(
        "question",
        nargs="+",
        help="words to search for; quote it to use operators: "
        "'chips \"export controls\" -rumour site:wsj.com mentions:anna has:link'",
    )
    asking.add_argument(
        "--author", metavar="HANDLE", help="only tweets by this author (from:HANDLE)"
    )
    asking.add_argument(
        "--since", metavar="DATE", help="only tweets from this date or later (since:DATE)"
    )
    asking.add_argument(
        "--until", metavar="DATE", help="only tweets from this date or earlier (until:DATE)"
    )
    asking.add_argument(
        "--thread", help="only tweets in this thread: its id, or words from its title"
    )
    asking.add_argument("--mentions", metavar="HANDLE", help="only tweets that mention this handle")
    asking.add_argument(
        "--site", metavar="HOST", help="only tweets that link to this site (site:HOST)"
    )
    asking.add_argument("--has-link", action="store_true", help="only tweets with a link")
    asking.add_argument("--explain", action="store_true", help="explain each score")
    asking.add_argument(
        "--newest",
        action="store_true",
        help="newest first (default: best match)",
    )
    asking.add_argument("--page", type=_positive, default=1, metavar="N", help="show page N")
    asking.add_argument("--limit", type=_positive, default=5, help="threads to show (default: 5)")
    reading = command("thread", "Show a whole thread")
    reading.add_argument("reference", nargs="+", help="words from its title, its id or its link")
    reading.add_argument(
        "--from", dest="start", type=_positive, default=1, metavar="N", help="start at tweet N"
    )
    reading.add_argument(
        "--save",
        action="append",
        type=Path,
        default=[],
        metavar="FILE",
        help="save it as .md, .txt or .json, which `load` can read; may be repeated",
    )
    listing = command("threads", "List all threads")
    loading = command("load", "Load files into the library")
    checking = command("check", "Show what a load would do, without storing anything")
    for each in (loading, checking):
        each.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a file or a folder")
        each.add_argument("--author", help="handle of the author, if the file does not name one")
        each.add_argument("--source", help="URL of the saved page, if the file does not contain it")
        each.add_argument("--date", help="date of the main thread, such as 2025-06-13")
        each.add_argument("--title", help="title of the main thread")
        each.add_argument(
            "--keep-replies", action="store_true", help="also load replies to other people"
        )
        each.add_argument("--keep-reposts", action="store_true", help="also load reposts")
    reloading = command("reload", "Reload the folder of seeds")
    undoing = command("undo", "Undo the last change of the library")
    listing_dumps = command("dumps", "List the loaded files")
    removing = command("remove", "Remove a file; tweets that other files contain too stay")
    removing.add_argument(
        "dump", metavar="DUMP", help="the file's name, as `threadbot dumps` lists it"
    )
    forgetting = command("forget", "Hide a thread or author, even after reloads")
    forgetting.add_argument(
        "--thread", metavar="WORDS", help="words from its title, its id or its link"
    )
    forgetting.add_argument("--author", metavar="HANDLE", help="handle of the author")
    telling = command("history", "List who loaded, removed, hid or undid something, and when")
    counting = command("stats", "Show statistics: tweets by month, linked site and author")
    changing = (removing, forgetting, listing_dumps, telling, counting)
    command("chat", "Ask and read in the terminal, question after question")
    command("run", "Run the bot on Discord")
    for each in (asking, reading, listing, loading, undoing, *changing):
        each.add_argument(
            "--guild", type=_positive, metavar="ID", help="use the library of this Discord server"
        )
    for each in (asking, reading, listing, loading, checking, reloading, undoing, *changing):
        each.add_argument("--json", action="store_true", help="print JSON")
    return made


def _positive(value: str) -> int:
    if not value.isdecimal() or int(value) < 1:
        raise argparse.ArgumentTypeError(f"{value} is not a positive whole number")
    return int(value)
