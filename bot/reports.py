"""Records of loads and of what is served: reports, faults, events and statistics. Data only."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.language import Sentence
from bot.models import Dump


@dataclass(frozen=True, slots=True)
class DumpReport:
    """The result of loading or checking one dump."""

    dump: Dump
    """The dump, as read."""
    added: int
    """Tweets that the library did not have."""
    changed: int
    """Tweets that the library had with a shorter text or fewer details."""
    unchanged: int
    """Tweets that the library already had, unchanged."""


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load or another change changed or, for a preview or check, would change."""

    generation: int
    """The library's generation after it."""
    changed: bool
    """Whether there is a new generation."""
    dumps: tuple[DumpReport, ...]
    """The dumps that were read, in the order given."""
    errors: tuple[DumpFault, ...]
    """The files that could not be read."""
    threads_added: tuple[str, ...]
    """Titles of the threads that are new."""
    threads_removed: tuple[str, ...]
    """Titles of the threads that are gone."""
    threads_changed: tuple[str, ...]
    """Titles of the threads that changed."""
    tweets_before: int
    """How many tweets the library had before."""
    tweets_after: int
    """How many it has now."""
    threads_after: int
    """How many threads it has now."""
    kept: tuple[str, ...] = field(default=())
    """Files that could not be read again; their earlier contents are still served."""
    gone: tuple[str, ...] = field(default=())
    """For a preview: files whose contents would be removed or replaced."""


@dataclass(frozen=True, slots=True)
class DumpFault:
    """A file that could not be read."""

    file: str
    """Its name."""
    line: int | None
    """The line, if there is one to name."""
    message: Sentence | str
    """Why."""


@dataclass(frozen=True, slots=True)
class Event:
    """A change that made a generation."""

    generation: int
    """The generation."""
    at: str
    """When, ISO 8601 in UTC."""
    actor: str
    """Who did it."""
    action: str
    """What: seeds, load, reload, undo, reread, remove or forget."""
    dumps: int
    """How many dumps it has."""


@dataclass(frozen=True, slots=True)
class DumpSummary:
    """A dump that is being served."""

    id: int
    """Its row in the store."""
    file: str
    """Its name."""
    format: str
    """Its detected format; empty if unknown."""
    shared: bool
    """Whether it belongs to the shared library, not to a guild."""


@dataclass(frozen=True, slots=True)
class LibraryFacts:
    """What is served, in a few numbers."""

    version: str
    """The program's version."""
    generation: int
    """The generation that answers."""
    tweets: int
    """How many tweets it has."""
    threads: int
    """How many threads it has."""


@dataclass(frozen=True, slots=True)
class Tally:
    """A count of tweets that share a month, a host or an author."""

    name: str
    """The month (`2025-06`), the host, or the author's handle."""
    tweets: int
    """How many tweets."""


@dataclass(frozen=True, slots=True)
class LibraryStats:
    """Statistics of what is served."""

    generation: int
    """The generation they describe."""
    dumps: int
    """How many dumps are served."""
    complete: int
    """How many threads are complete."""
    previews: int
    """How many are previews, of which only the first tweets are known."""
    tweets: int
    """How many tweets there are."""
    dated: int
    """How many of them have a known date."""
    first: str | None
    """The earliest of those dates, ISO 8601; None if there is none."""
    last: str | None
    """The latest of those dates."""
    months: tuple[Tally, ...]
    """The months with tweets, the earliest first."""
    hosts: tuple[Tally, ...]
    """The hosts that most tweets link to, most first."""
    all_hosts: int
    """How many different hosts there are."""
    authors: tuple[Tally, ...]
    """The authors with most tweets, most first."""
    all_authors: int
    """How many different authors there are."""
    unknown: int
    """How many tweets have no known author."""
