"""Which dumps the next generation is made of. Pure.

A reload mirrors the folder of seeds and leaves alone what was loaded by hand; a load adds to it.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from pathlib import PurePosixPath

from bot.intake import Intake, Reading
from bot.loader import PARSER_VERSION
from bot.models import Metadata
from bot.rows import Member, NewDump, Origin


def after_load(members: Sequence[Member], readings: Sequence[Reading]) -> list[Member | NewDump]:
    """`members` and what was read; a file that is there already gives way to its new content.

    Bytes that are there under another name, with the same said of them, are not taken twice.
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
    """The seeds as they were read, then what was loaded by hand; and the files kept as they were.

    Those are the ones that can't be read any more: what they held is served on.
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
            wanted.append(known.get(_identity(new), new))
    wanted += [each for each in members if each.origin != "seeds"]
    return wanted, tuple(each.file for each in kept)


def same(wanted: Sequence[Member | NewDump], members: Sequence[Member]) -> bool:
    """Whether a generation of `wanted` would be that of `members` again."""
    return {_identity(each) for each in wanted} == {_identity(each) for each in members}


def _is_of(file: str, broken: Set[str]) -> bool:
    """Whether `file` is one of `broken`, or lies in an archive that is."""
    return any(str(each) in broken for each in (file, *PurePosixPath(file).parents))


def _new_dump(reading: Reading, origin: Origin) -> NewDump:
    return NewDump(reading.dump, reading.content, origin, PARSER_VERSION)


def _content(each: Member | NewDump) -> tuple[str, Metadata]:
    return _identity(each)[2:]


def _identity(each: Member | NewDump) -> tuple[str, Origin, str, Metadata]:
    if isinstance(each, Member):
        return each.file, each.origin, each.sha256, each.metadata
    return each.dump.file, each.origin, each.dump.sha256, each.dump.metadata
