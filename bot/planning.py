"""Which dumps the next generation is made of. Pure.

A reload mirrors the folder of seeds and leaves alone what was loaded by hand; a load adds to it.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.intake import Intake, Reading
from bot.loader import PARSER_VERSION
from bot.models import Metadata
from bot.rows import Member, NewDump, Origin


def after_load(members: Sequence[Member], readings: Sequence[Reading]) -> list[Member | NewDump]:
    """`members` and what was read; a file that is there already gives way to its new content."""
    wanted: list[Member | NewDump] = list(members)
    for reading in readings:
        if not _has_bytes(wanted, reading):
            new = _new_dump(reading, "loaded")
            wanted = [each for each in wanted if not _is_of_file(each, new)]
            wanted.append(new)
    return wanted


def after_reload(
    members: Sequence[Member], intake: Intake
) -> tuple[list[Member | NewDump], tuple[str, ...]]:
    """The seeds as they were read, then what was loaded by hand; and the files kept as they were.

    Those are the ones that can't be read any more: what they held is served on.
    """
    broken = tuple(fault.file for fault in intake.faults)
    kept = [each for each in members if each.origin == "seeds" and _is_of(each.file, broken)]
    wanted: list[Member | NewDump] = [*kept]
    known = {_identity(each): each for each in members}
    for reading in intake.readings:
        if not _has_bytes(wanted, reading):
            new = _new_dump(reading, "seeds")
            wanted.append(known.get(_identity(new), new))
    wanted += [each for each in members if each.origin != "seeds"]
    return wanted, tuple(each.file for each in kept)


def same(wanted: Sequence[Member | NewDump], members: Sequence[Member]) -> bool:
    """Whether a generation of `wanted` would be that of `members` again."""
    return {_identity(each) for each in wanted} == {_identity(each) for each in members}


def _is_of(file: str, broken: tuple[str, ...]) -> bool:
    """Whether `file` is one of `broken`, or lies in an archive that is."""
    return any(file == each or file.startswith(f"{each}/") for each in broken)


def _new_dump(reading: Reading, origin: Origin) -> NewDump:
    return NewDump(reading.dump, reading.data, origin, PARSER_VERSION)


def _has_bytes(wanted: Sequence[Member | NewDump], reading: Reading) -> bool:
    """Whether a dump of the same bytes, with the same said of it, is among `wanted`."""
    mine = (reading.dump.sha256, reading.dump.metadata)
    return any(_identity(each)[2:] == mine for each in wanted)


def _is_of_file(each: Member | NewDump, new: NewDump) -> bool:
    """Whether it is the same file's earlier content, or its bytes with other metadata."""
    file, origin, sha256, _ = _identity(each)
    return origin == new.origin and (file == new.dump.file or sha256 == new.dump.sha256)


def _identity(each: Member | NewDump) -> tuple[str, Origin, str, Metadata]:
    if isinstance(each, Member):
        return each.file, each.origin, each.sha256, each.metadata
    return each.dump.file, each.origin, each.dump.sha256, each.dump.metadata
