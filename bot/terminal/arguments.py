"""The arguments of the terminal program, and their help."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import bot
from bot.views.terminal.message import write

EPILOG = """\
exit status: 0 done · 1 nothing matched, or doctor or health found a fault · 2 wrong usage or
settings · 3 a file or the store cannot be read

Without a command, Threadbot runs the Discord bot if DISCORD_TOKEN is set, else a chat in this
terminal. Settings come from the environment and from a file named .env; see .env.example.
"""
DONE, NOTHING_MATCHED, WRONG, UNREADABLE = 0, 1, 2, 3
"""Exit statuses: of commands, and of the parser for wrong usage."""
SUMMARIES = {
    "ask": "Show the tweets that match a question, with their sources",
    "thread": "Show a whole thread",
    "threads": "List all threads",
    "load": "Load files or folders of saved threads",
    "check": "Show what a load would do, without storing anything",
    "reload": "Reload the folder of shared threads (THREADBOT_SEEDS)",
    "undo": "Undo the last change of the library",
    "dumps": "List the loaded files",
    "remove": "Remove a file; tweets that other files contain too stay",
    "forget": "Hide a thread or author, even after reloads",
    "unhide": "Show a hidden thread or author again; without a name, list what is hidden",
    "history": "List the last changes of the library: when, by whom and what",
    "stats": "Show statistics: tweets by month, linked site and author",
    "chat": "Ask and read in the terminal, question after question",
    "run": "Run the bot on Discord; needs DISCORD_TOKEN",
    "invite": "Show the link that adds the bot to a server",
    "sync": "Register the commands with Discord again, and list them",
    "doctor": "Check settings, store, disk, memory, clock and versions, with advice",
    "health": "Ask the running bot whether it is well; for a container's health check",
    "backup": "Save the library in one file, also while the bot runs",
    "restore": "Go back to a backup, also while the bot runs",
    "vacuum": "Give back the free space in the store's file",
    "repair": "Make a whole store of a damaged one, and say what is lost; asks first",
    "erase": "Erase for good what was removed or hidden; asks first",
    "migrate": "Copy the library from its file into PostgreSQL, and compare both",
}
"""What each command does."""
CONSEQUENCES = {
    "repair": "The bot must be stopped. A sound store stays as it is. Of a damaged one, what is "
    "whole is kept, and the other files are read again from their stored bytes. The history goes, "
    "so nothing from before can be undone. The damaged store stays in a folder replaced-… beside "
    "it. A backup has more: restore one if you can.",
    "erase": "Nothing from before can be undone afterwards. What is hidden stays hidden, also if a "
    "file with it is loaded again. To show it after all, run `threadbot unhide` and load its file "
    "again. Saved files outside of the data folder and backups are not touched.",
    "migrate": "It copies the store of the data folder: all libraries with their files, threads, "
    "pictures, settings and history. Every row is read back and compared. Stop the bot first: what "
    "it changes meanwhile is not copied. The database must be empty: createdb threadbot makes one. "
    "It gets all of the store or nothing, and the file stays as it is.\n\n"
    "Afterwards, set DATABASE_URL to the database for all processes of the bot, and start them. "
    "Example: DATABASE_URL=postgresql://bot@localhost/threadbot threadbot migrate",
}
"""What else the help of a command says: what cannot be taken back."""
WITHOUT_GUILD = (
    "check",
    "reload",
    "chat",
    "run",
    "invite",
    "sync",
    "doctor",
    "health",
    "backup",
    "restore",
    "vacuum",
    "repair",
    "migrate",
)
"""Commands that use the shared library only."""
WITHOUT_JSON = ("chat", "run")
"""Commands that print no result."""


class _Parser(argparse.ArgumentParser):
    """Shows the arguments that it quotes without their control characters."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        write(f"{self.prog}: error: {message}", sys.stderr)
        self.exit(WRONG)


class _Paragraphs(argparse.HelpFormatter):
    """Wraps each paragraph of a text on its own."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        paragraphs = text.strip().split("\n\n")
        return "\n\n".join(
            super(_Paragraphs, self)._fill_text(p, width, indent) for p in paragraphs
        )


def parser() -> argparse.ArgumentParser:
    """The argument parser.

    In its results, `command` is the command's name, or None, and `parser` is the command's parser.
    """
    root = _Parser(
        prog="threadbot",
        description="Search saved X threads. Answers quote the authors and link to the sources.",
        epilog=EPILOG,
        formatter_class=_Paragraphs,
        allow_abbrev=False,
    )
    root.add_argument("--version", action="version", version=f"threadbot {bot.__version__}")
    root.set_defaults(command=None, parser=root)
    commands = root.add_subparsers(title="commands", metavar="COMMAND")
    for name, summary in SUMMARIES.items():
        command = commands.add_parser(
            name,
            help=summary,
            description=f"{summary}.",
            epilog=CONSEQUENCES.get(name),
            formatter_class=_Paragraphs,
            allow_abbrev=False,
        )
        command.set_defaults(command=name, parser=command)
        if name in OWN_ARGUMENTS:
            OWN_ARGUMENTS[name](command)
        if name not in WITHOUT_GUILD:
            command.add_argument(
                "--guild",
                type=_positive,
                metavar="ID",
                help="use the library of this Discord server",
            )
        if name not in WITHOUT_JSON:
            command.add_argument("--json", action="store_true", help="print JSON")
    return root


def _add_ask(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "question",
        nargs="*",
        help="words to search for; an option that narrows the search can stand alone; with "
        "operators, put all of it in quotes: "
        "'chips \"export controls\" -rumour site:wsj.com mentions:anna has:link'",
    )
    _add_filters(command)
    command.add_argument("--explain", action="store_true", help="explain each score")
    command.add_argument(
        "--newest", action="store_true", help="newest first (default: best match first)"
    )
    command.add_argument(
        "--exact", action="store_true", help="search for the words as written, without repair"
    )
    command.add_argument(
        "--sources", action="store_true", help="list every source, and the file and line"
    )
    command.add_argument("--page", type=_positive, default=1, metavar="N", help="show page N")
    command.add_argument(
        "--limit", type=_positive, default=7, metavar="N", help="tweets per page (default: 7)"
    )


FILTERS = ("author", "since", "until", "thread", "mentions", "site", "has_link")
"""Where the results have the options that narrow a search."""


def _add_filters(command: argparse.ArgumentParser) -> None:
    """Add the options that narrow a search."""
    command.add_argument(
        "--author", metavar="HANDLE", help="only tweets by this author (from:HANDLE)"
    )
    command.add_argument(
        "--since", metavar="DATE", help="only tweets from this date or later (since:DATE)"
    )
    command.add_argument(
        "--until", metavar="DATE", help="only tweets from this date or earlier (until:DATE)"
    )
    command.add_argument(
        "--thread",
        metavar="WORDS",
        help="only tweets in this thread: its id, or words from its title",
    )
    command.add_argument(
        "--mentions", metavar="HANDLE", help="only tweets that mention this handle"
    )
    command.add_argument(
        "--site", metavar="HOST", help="only tweets that link to this site (site:HOST)"
    )
    command.add_argument("--has-link", action="store_true", help="only tweets with a link")


def _add_thread(command: argparse.ArgumentParser) -> None:
    command.add_argument("reference", nargs="+", help="words from its title, its id or its link")
    command.add_argument(
        "--from", dest="start", type=_positive, default=1, metavar="N", help="start at tweet N"
    )
    command.add_argument(
        "--save",
        action="append",
        type=Path,
        default=[],
        metavar="FILE",
        help="save it as .md, .txt or .json, which `load` can read; may be repeated",
    )
    command.add_argument("--force", action="store_true", help="overwrite files that exist")


def _add_load(command: argparse.ArgumentParser) -> None:
    command.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a file or a folder")
    command.add_argument(
        "--author", metavar="HANDLE", help="handle of the author, if the file does not name one"
    )
    command.add_argument(
        "--source", metavar="URL", help="URL of the saved page, if the file does not contain it"
    )
    command.add_argument("--date", help="date of the main thread, such as 2025-06-13")
    command.add_argument("--title", help="title of the main thread")
    command.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="KEY=NAME",
        help="which column of a table, or key of your own JSON, has the text, id, author, date …: "
        "text=Body; may be repeated",
    )
    command.add_argument(
        "--keep-replies", action="store_true", help="also load replies to other people"
    )
    command.add_argument("--keep-reposts", action="store_true", help="also load reposts")


def _add_confirmed_load(command: argparse.ArgumentParser) -> None:
    _add_load(command)
    command.add_argument(
        "--yes", "-y", action="store_true", help="load files that do not look like threads, too"
    )


def _add_remove(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "dump",
        metavar="DUMP",
        help="the file's name or path, or the number that `threadbot dumps` lists it with",
    )
    _add_yes(command)


def _add_forget(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--thread", metavar="WORDS", help="words from its title, its id or its link"
    )
    command.add_argument("--author", metavar="HANDLE", help="handle of the author")
    _add_yes(command)


def _add_unhide(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "name",
        nargs="*",
        metavar="NAME",
        help="words from the thread's title, the author's handle, or the id that is listed",
    )


def _add_yes(command: argparse.ArgumentParser) -> None:
    command.add_argument("--yes", "-y", action="store_true", help="do not ask for confirmation")


def _add_doctor(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--full", action="store_true", help="read all of the store, and compare every hash"
    )
    command.add_argument(
        "--online", action="store_true", help="ask Discord about the token and the time, too"
    )


def _add_backup(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", type=Path, metavar="FILE", help="the file to write, a ZIP")
    command.add_argument("--force", action="store_true", help="replace a file of that name")


def _add_restore(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", type=Path, metavar="FILE", help="a file that `backup` wrote")
    command.add_argument(
        "--replace",
        action="store_true",
        help="put it in the place of the store, which is set aside; the bot must be stopped",
    )
    _add_yes(command)


def _add_migrate(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--to",
        metavar="URL",
        help="the database: postgresql://user@host/name. By default DATABASE_URL, which others on "
        "this machine cannot read, as they can an option",
    )


OWN_ARGUMENTS: dict[str, Callable[[argparse.ArgumentParser], None]] = {
    "ask": _add_ask,
    "thread": _add_thread,
    "load": _add_confirmed_load,
    "check": _add_load,
    "remove": _add_remove,
    "forget": _add_forget,
    "unhide": _add_unhide,
    "doctor": _add_doctor,
    "backup": _add_backup,
    "restore": _add_restore,
    "repair": _add_yes,
    "erase": _add_yes,
    "migrate": _add_migrate,
}
"""Adds the arguments of each command that has any of its own."""


def _positive(value: str) -> int:
    if not value.isdecimal() or int(value) < 1:
        raise argparse.ArgumentTypeError(f"{value} is not a positive whole number")
    return int(value)
