"""Decides which dumps the next generation has. Pure.

A reload mirrors the folder of seeds and keeps what was loaded by hand. A load adds to both.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from itertools import islice
from pathlib import PurePosixPath

from bot.loader import PARSER_VERSION
from bot.loader.intake import Intake, Reading
from bot.models import Metadata
from bot.store.rows import Member, NewDump, Origin

LOOKED_AT = 1_000
"""Threads of a file that are looked at for one without an author."""


class NoLongerLoaded(Exception):
    """A file was not read because it was loaded, but now it is not."""


def after_load(members: Sequence[Member], readings: Sequence[Reading]) -> list[Member | NewDump]:
    """Return `members` and the dumps that were read; a file loaded again is replaced.

    A dump is skipped if another one has the same bytes and metadata under a different name.
    """
    wanted: dict[tuple[str, Origin], Member | NewDump] = {
        (each.file, each.origin): each for each in members
    }
    names = {_content(each): (each.file, each.origin) for each in members}
    loaded = {each.sha256: each.file for each in members if each.origin == "loaded"}
    for reading in readings:
        new = _new_dump(reading, "loaded")
        name = (new.dump.file, new.origin)
        if names.get(_content(new), name) != name:
            wanted.pop(name, None)
            continue
        if name in wanted and _content(wanted[name]) == _content(new):
            continue
        wanted.pop((loaded.get(new.dump.sha256, ""), "loaded"), None)
        wanted.pop(name, None)
        wanted[name] = new
        names[_content(new)] = name
        loaded[new.dump.sha256] = new.dump.file
    return list(wanted.values())


def after_reload(
    members: Sequence[Member], intake: Intake
) -> tuple[list[Member | NewDump], tuple[str, ...]]:
    """Return the seeds that were read, then what was loaded by hand; and the seeds kept.

    A seed is kept with its earlier contents if its file can no longer be read.

    Raises:
        NoLongerLoaded: a seed was not read because it was loaded, but it is not among `members`.
    """
    broken = {fault.file for fault in intake.faults}
    kept = [each for each in members if each.origin == "seeds" and _is_of(each.file, broken)]
    wanted: list[Member | NewDump] = [*kept]
    known = {_identity(each): each for each in members}
    taken = {_content(each) for each in kept}
    for reading in intake.readings:
        new = _new_dump(reading, "seeds")
        if _content(new) not in taken:
            taken.add(_content(new))
            member = known.get(_identity(new))
            if member is None and reading.loaded:
                raise NoLongerLoaded
            wanted.append(member or new)
    wanted += [each for each in members if each.origin != "seeds"]
    return wanted, tuple(each.file for each in kept)


def lost_authors(
    members: Sequence[Member], readings: Sequence[Reading]
) -> tuple[tuple[str, str], ...]:
    """Return the files whose author was given when they were loaded before, and is lost now.

    Args:
        members: the dumps so far.
        readings: the files that were read.

    Returns:
        Their names, each with the author's handle.
    """
    given = {each.file: each.metadata.author for each in members if each.metadata.author}
    return tuple(
        (each.dump.file, author)
        for each in readings
        if not each.loaded and each.dump.metadata.author is None
        if (author := given.get(each.dump.file))
        if any(thread.author is None for thread in islice(each.dump.threads, LOOKED_AT))
    )


def unchanged(wanted: Sequence[Member | NewDump], members: Sequence[Member]) -> bool:
    """Whether `wanted` are the same dumps as `members`, none of which is stored anew."""
    if not all(isinstance(each, Member) for each in wanted):
        return False
    return {_identity(each) for each in wanted} == {_identity(each) for each in members}


def _is_of(file: str, broken: Set[str]) -> bool:
    """Whether `file`, or an archive that contains it, is one of `broken`."""
    return any(str(each) in broken for each in (file, *PurePosixPath(file).parents))


def _new_dump(reading: Reading, origin: Origin) -> NewDump:
    return NewDump(reading.dump, reading.content, origin, PARSER_VERSION, reading.pictures)


def _content(each: Member | NewDump) -> tuple[str, Metadata]:
    return _identity(each)[2:]


def _identity(each: Member | NewDump) -> tuple[str, Origin, str, Metadata]:
    if isinstance(each, Member):
        return each.file, each.origin, each.sha256, each.metadata
    return each.dump.file, each.origin, each.dump.sha256, each.dump.metadata
