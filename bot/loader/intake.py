"""What reading files gives. Data without behaviour, and without the readers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.loader.raw.content import Content
from bot.loader.raw.pictures import Pictures
from bot.models import Dump
from bot.reports import DumpFault


@dataclass(frozen=True, slots=True)
class Loaded:
    """A dump that is loaded, and what is known of it without reading its file again."""

    dump: Dump
    """Its notices, without its threads."""
    threads: int
    """Number of threads in it."""
    tweets: int
    """Number of tweets in them."""
    pictures: Mapping[str, str] = field(default_factory=dict)
    """The names in the library of the pictures that were kept of it, by path."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A file and the dump in it."""

    dump: Dump
    """Its threads and notices."""
    content: Content
    """Its bytes."""
    pictures: Pictures = field(default_factory=Pictures)
    """The pictures beside it that its tweets show."""
    loaded: Loaded | None = None
    """For a file that has not changed since it was loaded: what is known of it. It was not parsed,
    so `dump` has no threads and `content` no bytes."""


@dataclass(frozen=True, slots=True)
class Intake:
    """The result of reading files."""

    readings: tuple[Reading, ...]
    """The files that are dumps, in order."""
    faults: tuple[DumpFault, ...]
    """The files that could not be read, and why."""
