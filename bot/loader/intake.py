"""What reading files gives. Data without behaviour, and without the readers."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.loader.raw.content import Content
from bot.loader.raw.pictures import Pictures
from bot.models import Dump
from bot.reports import DumpFault


@dataclass(frozen=True, slots=True)
class Reading:
    """A file and the dump in it."""

    dump: Dump
    """Its threads and notices."""
    content: Content
    """Its bytes."""
    pictures: Pictures = field(default_factory=Pictures)
    """The pictures beside it that its tweets show."""


@dataclass(frozen=True, slots=True)
class Intake:
    """The result of reading files."""

    readings: tuple[Reading, ...]
    """The files that are dumps, in order."""
    faults: tuple[DumpFault, ...]
    """The files that could not be read, and why."""
