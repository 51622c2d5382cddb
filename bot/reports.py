"""The records of what was loaded: reports, faults, and who did what. Data, no behaviour."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.language import Sentence
from bot.models import Dump


@dataclass(frozen=True, slots=True)
class DumpReport:
    """What a load or check made of one dump."""

    dump: Dump
    """The dump as read."""
    added: int
    """Tweets that the library did not have."""
    changed: int
    """Tweets that the library had otherwise: shorter, or with less known of them."""
    unchanged: int
    """Tweets that the library had just so."""


@dataclass(frozen=True, slots=True)
class LoadReport:
    """The difference that a load, reload or undo made, or (for a check) would make."""

    generation: int
    """The library's generation after it."""
    changed: bool
    """Whether it made a new generation."""
    dumps: tuple[DumpReport, ...]
    """The dumps that were read, in the order given."""
    errors: tuple[DumpFault, ...]
    """The files of which nothing could be read."""
    threads_added: tuple[str, ...]
    """Titles of the threads that are new."""
    threads_removed: tuple[str, ...]
    """Titles of the threads that are gone."""
    threads_changed: tuple[str, ...]
    """Titles of the threads that are other than before."""
    tweets_before: int
    """How many tweets the library held before."""
    tweets_after: int
    """How many it holds now."""
    threads_after: int
    """How many threads it holds now."""
    kept: tuple[str, ...] = field(default=())
    """Files that could not be read anew, whose earlier contents are still served."""
    gone: tuple[str, ...] = field(default=())
    """Of a preview: files of which the contents would go, or be replaced."""


@dataclass(frozen=True, slots=True)
class DumpFault:
    """A file of which nothing could be read."""

    file: str
    """Its name."""
    line: int | None
    """The line, where there is one to name."""
    message: Sentence | str
    """Why."""


@dataclass(frozen=True, slots=True)
class Event:
    """What made a generation."""

    generation: int
    """The generation."""
    at: str
    """When, ISO 8601 in UTC."""
    actor: str
    """Who did it."""
    action: str
    """What: seeds, load, reload, undo, reread, remove or forget."""
    dumps: int
    """How many dumps it is made of."""


@dataclass(frozen=True, slots=True)
class DumpSummary:
    """A dump that is served."""

    id: int
    """Its row in the store."""
    file: str
    """Its name."""
    format: str
    """What it was recognised as; empty where that is not known."""
    shared: bool
    """Whether it is the operator's, for everyone."""


@dataclass(frozen=True, slots=True)
class LibraryFacts:
    """What is served."""

    version: str
    """The program's."""
    generation: int
    """The generation that answers."""
    tweets: int
    """How many tweets it holds."""
    threads: int
    """How many threads."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many tweets have something in common."""

    name: str
    """What they have: a month (`2025-06`), a host or an author's handle."""
    tweets: int
    """How many they are."""


@dataclass(frozen=True, slots=True)
class LibraryStats:
    """What is served, in figures."""

    generation: int
    """The generation that they are of."""
    dumps: int
    """How many dumps are served."""
    complete: int
    """How many threads are whole."""
    previews: int
    """How many are known by their first tweets only."""
    tweets: int
    """How many tweets there are."""
    dated: int
    """How many of them say when they were posted."""
    first: str | None
    """The day of the first of those, ISO 8601; none where there are none."""
    last: str | None
    """The day of the last of those."""
    months: tuple[Tally, ...]
    """The months in which tweets were posted, the earliest first."""
    hosts: tuple[Tally, ...]
    """The hosts that most tweets link to, with most first."""
    all_hosts: int
    """How many hosts tweets link to."""
    authors: tuple[Tally, ...]
    """The authors of most tweets, with most first."""
    all_authors: int
    """How many authors are known."""
    unknown: int
    """How many tweets there are of which the author is not known."""
