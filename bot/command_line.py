"""What the terminal program's command line can say, and its help."""

from __future__ import annotations

import argparse
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import bot
from bot.config import Settings

EPILOG = """\
exit status: 0 done · 1 nothing matched · 2 wrong usage or settings · 3 a dump or the store
could not be read

Without a command: the Discord bot if DISCORD_TOKEN is set, else a chat in the terminal.
Settings are read from the environment and from a file .env; see .env.example.
"""

Command = Callable[[argparse.Namespace, Settings], Awaitable[int]]
"""Does a command; gives the exit status."""


def parser(commands: Mapping[str, Command], alone: Command) -> argparse.ArgumentParser:
    """What the command line can say; `commands` do it, and `alone` what no command was said for."""
    made = argparse.ArgumentParser(
        prog="threadbot",
        description="Ask saved X threads; the answers are the authors' words, with their sources.",
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

    asking = command("ask", "Show the tweets that answer a question, each with its sources")
    asking.add_argument(
        "question",
        nargs="+",
        help="words to look for; in quotes it may hold operators: "
        "'chips \"export controls\" -rumour site:wsj.com mentions:anna has:link'",
    )
    asking.add_argument("--author", metavar="HANDLE", help="only tweets by them (from:HANDLE)")
    asking.add_argument("--since", metavar="DAY", help="only of that day or later (since:DAY)")
    asking.add_argument("--until", metavar="DAY", help="only of that day or earlier (until:DAY)")
    asking.add_argument("--thread", help="only of that thread: its id, or words of its title")
    asking.add_argument("--mentions", metavar="HANDLE", help="only tweets that mention them")
    asking.add_argument("--site", metavar="HOST", help="only tweets that link there (site:HOST)")
    asking.add_argument("--has-link", action="store_true", help="only tweets with a link")
    asking.add_argument("--explain", action="store_true", help="tell what each score is made of")
    asking.add_argument(
        "--newest",
        action="store_true",
        help="the newest first, of the tweets with the most of the words",
    )
    asking.add_argument("--page", type=_positive, default=1, metavar="N", help="show page N")
    asking.add_argument("--limit", type=_positive, default=5, help="threads to show (default: 5)")
    reading = command("thread", "Show a whole thread")
    reading.add_argument("reference", nargs="+", help="words of its title, its id or its link")
    reading.add_argument(
        "--from", dest="start", type=_positive, default=1, metavar="N", help="start at tweet N"
    )
    reading.add_argument(
        "--save",
        action="append",
        type=Path,
        default=[],
        metavar="FILE",
        help="write it to a file (.md, .txt or .json) that a load reads back; may be repeated",
    )
    listing = command("threads", "List every thread")
    loading = command("load", "Add dumps to the library")
    checking = command("check", "Tell what a load would make of dumps; stores nothing")
    for each in (loading, checking):
        each.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a file or a folder")
        each.add_argument("--author", help="handle of the threads' author")
        each.add_argument("--source", help="URL of the page that was saved")
        each.add_argument("--date", help="date of the main thread, as 2025-06-13")
        each.add_argument("--title", help="title of the main thread")
        each.add_argument(
            "--keep-replies", action="store_true", help="make threads of answers to other people"
        )
        each.add_argument(
            "--keep-reposts", action="store_true", help="make threads of what was reposted"
        )
    reloading = command("reload", "Read the folder of seeds again")
    undoing = command("undo", "Take the last load or reload back")
    listing_dumps = command("dumps", "List the files that are served")
    removing = command("remove", "Take a file out of the library; what other files hold too stays")
    removing.add_argument("dump", metavar="DUMP", help="its name, as `threadbot dumps` has it")
    forgetting = command("forget", "Show a thread or an author no more, whatever is loaded")
    forgetting.add_argument("--thread", metavar="WORDS", help="words of its title, its id or link")
    forgetting.add_argument("--author", metavar="HANDLE", help="whose threads")
    telling = command("history", "Tell who loaded, undid, removed or forgot something, and when")
    counting = command("stats", "Tell in figures what is served: by month, host and author")
    changing = (removing, forgetting, listing_dumps, telling, counting)
    command("chat", "Ask and read here in the terminal, question after question")
    command("run", "Be a bot on Discord")
    for each in (asking, reading, listing, loading, undoing, *changing):
        each.add_argument(
            "--guild", type=_positive, metavar="ID", help="in that Discord server's own library"
        )
    for each in (asking, reading, listing, loading, checking, reloading, undoing, *changing):
        each.add_argument("--json", action="store_true", help="print JSON for programs")
    return made


def _positive(value: str) -> int:
    if not value.isdecimal() or int(value) < 1:
        raise argparse.ArgumentTypeError(f"{value} is no number from 1 on")
    return int(value)
