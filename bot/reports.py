"""Records of loads: reports, faults, history and statistics. Data without behaviour."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.i18n.messages import Sentence
from bot.models import Dump

ID_SHOWN = 6
"""Characters of an id that tell apart what has no name any more, and are enough to name it."""


@dataclass(frozen=True, slots=True)
class DumpReport:
    """The result of loading or checking one file."""

    dump: Dump
    """The parsed file; after a load, its threads may be left out."""
    added: int
    """Number of tweets that are new to the library."""
    changed: int
    """Number of tweets that replace a shorter or less complete version."""
    unchanged: int
    """Number of tweets that the library already had, unchanged."""
    threads: int
    """Number of threads in the file."""
    tweets: int
    """Number of tweets in them."""


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load, reload or undo changed, or what a check would change."""

    generation: int
    """The library's generation after the load."""
    changed: bool
    """Whether the load made a new generation."""
    dumps: tuple[DumpReport, ...]
    """The files that were read, in the given order."""
    errors: tuple[DumpFault, ...]
    """The files that cannot be read."""
    threads_added: tuple[str, ...]
    """Titles of new threads, the first ones of many."""
    threads_removed: tuple[str, ...]
    """Titles of removed threads, the first ones of many."""
    threads_changed: tuple[str, ...]
    """Titles of changed threads, the first ones of many."""
    tweets_before: int
    """Number of tweets before the load."""
    tweets_after: int
    """Number of tweets after the load."""
    threads_after: int
    """Number of threads after the load."""
    kept: tuple[str, ...] = field(default=())
    """Files that cannot be read now, whose earlier version stays loaded."""
    gone: tuple[str, ...] = field(default=())
    """In a preview: files whose contents would be removed or replaced."""
    action: str = ""
    """The action, as in `Event`; empty if nothing was done."""
    lost_authors: tuple[tuple[str, str], ...] = ()
    """Files that were loaded before with an author that was given, and now have none; with him."""
    more_added: int = 0
    """How many new threads there are besides those whose titles are here."""
    more_removed: int = 0
    """How many removed threads there are besides these."""
    more_changed: int = 0
    """How many changed threads there are besides these."""
    hidden: tuple[HiddenThreads, ...] = field(default=())
    """The threads of these files that are not shown, because somebody hid them before."""


@dataclass(frozen=True, slots=True)
class HiddenThreads:
    """Threads of a file that stay hidden."""

    name: str
    """What was hidden: a handle with the @, or the title of a thread; empty if it was erased."""
    author: bool
    """Whether it is an author."""
    threads: int
    """How many threads of the file it hides."""


@dataclass(frozen=True, slots=True)
class DumpFault:
    """A file that cannot be read."""

    file: str
    """The file's name."""
    line: int | None
    """The line, if one is known."""
    message: Sentence | str
    """The reason."""


@dataclass(frozen=True, slots=True)
class Event:
    """An event of the history; each makes a generation."""

    generation: int
    """The generation that it made."""
    at: str
    """Time, ISO 8601 in UTC."""
    actor: str
    """Who did it."""
    action: str
    """The action: seeds, load, reload, undo, reread, remove, forget, unhide, restore, erase or
    repair."""
    dumps: int
    """Number of files in the generation."""
    removed: tuple[str, ...] = ()
    """Names of the files that `remove` took out; empty for other actions."""
    hidden_threads: tuple[str, ...] = ()
    """Titles of the threads that `forget` hid."""
    hidden_authors: tuple[str, ...] = ()
    """Handles of the authors that `forget` hid, with the @."""
    unhidden: tuple[str, ...] = ()
    """Titles and handles that `unhide` shows again; without those that were erased."""
    loaded: tuple[str, ...] = ()
    """Names of the files that `load` added or replaced; empty for other actions."""
    undone: Event | None = None
    """The event that `undo` took back; None for other actions."""


@dataclass(frozen=True, slots=True)
class DumpSummary:
    """A loaded file."""

    id: int
    """Its row in the store."""
    file: str
    """The file's name."""
    format: str
    """The detected format; empty if unknown."""
    shared: bool
    """Whether it belongs to the operator's shared library."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """A thread or an author that a library hides."""

    kind: Literal["thread", "author"]
    """The kind."""
    name: str
    """The thread's title, or the handle with the @; empty if it was erased."""
    id: str
    """Names it as long as it is hidden: 16 hexadecimal digits."""
    keys: tuple[str, ...]
    """Its keys in the store."""


@dataclass(frozen=True, slots=True)
class Going:
    """A thread, an author's threads or a file that somebody may remove, before they confirm it."""

    kind: Literal["thread", "author", "dump"]
    """The kind."""
    name: str
    """A title, a handle with the @, or a file's name."""
    key: str
    """Names it to `forget` or `remove`: a thread's id, or the hash of a handle or the row of a
    file after a #."""
    threads: int
    """Number of threads."""
    tweets: int
    """Number of tweets."""
    author: str | None = None
    """For a thread: its author's handle, if known."""
    shared: bool = False
    """For a file: whether it belongs to the shared library."""


@dataclass(frozen=True, slots=True)
class Removing:
    """What somebody may remove at once, before they confirm it."""

    going: tuple[Going, ...]
    """What goes."""
    seal: str
    """Changes whenever that changes: sixteen hexadecimal digits."""


@dataclass(frozen=True, slots=True)
class LibraryFacts:
    """What is loaded, for `/about`."""

    version: str
    """The version of the program."""
    generation: int
    """The current generation."""
    tweets: int
    """Number of tweets."""
    threads: int
    """Number of threads."""


@dataclass(frozen=True, slots=True)
class Tally:
    """The number of tweets with a common property."""

    name: str
    """The property: a month (`2025-06`), a host or an author's handle."""
    tweets: int
    """Number of tweets."""


@dataclass(frozen=True, slots=True)
class LibraryStats:
    """Statistics of a library."""

    generation: int
    """The generation that was counted."""
    dumps: int
    """Number of files."""
    complete: int
    """Number of complete threads."""
    previews: int
    """Number of previews."""
    tweets: int
    """Number of tweets."""
    dated: int
    """Number of tweets with a date."""
    first: str | None
    """Date of the earliest, ISO 8601; None without dates."""
    last: str | None
    """Date of the latest; None without dates."""
    months: tuple[Tally, ...]
    """Tweets by month, earliest first."""
    hosts: tuple[Tally, ...]
    """Hosts with the most linking tweets, most first."""
    all_hosts: int
    """Number of all linked hosts."""
    authors: tuple[Tally, ...]
    """Authors with the most tweets, most first."""
    all_authors: int
    """Number of all named authors."""
    unknown: int
    """Number of tweets without an author."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found."""

    check: str
    """The check: settings, token, store …"""
    state: Literal["ok", "warning", "fault"]
    """How bad it is."""
    message: str
    """What was found."""
    advice: str = ""
    """What to do."""


@dataclass(frozen=True, slots=True)
class GatewaySays:
    """How a bot may connect, as Discord says."""

    shards: int
    """How many shards Discord recommends."""
    starts: int
    """How many sessions the bot may begin in a day."""
    starts_left: int
    """How many of them are left."""
    reset_seconds: float
    """Seconds until all are left again."""


@dataclass(frozen=True, slots=True)
class DiscordSays:
    """What Discord said to the doctor."""

    application: int | None = None
    """The application that the token belongs to; None if Discord does not accept it."""
    date: datetime | None = None
    """Discord's time, if it said so."""
    problem: str = ""
    """Why Discord was not reached, or does not accept the token."""
    gateway: GatewaySays | None = None
    """How the bot may connect; None if Discord did not say."""
