"""Which dumps the next generation has: the rules of loads and reloads, in tables."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from bot.library.next_generation import NoLongerLoaded, after_load, after_reload, unchanged
from bot.loader import PARSER_VERSION
from bot.loader.intake import Intake, Loaded, Reading
from bot.loader.parser import read_dump
from bot.loader.raw.content import Content
from bot.models import Metadata
from bot.reports import DumpFault
from bot.store.rows import Member, NewDump, Origin

SIGNED, BARE = Metadata(author="anna"), Metadata()


@dataclass(frozen=True, slots=True)
class File:
    """A file with a tweet on one animal."""

    name: str
    """Its name."""
    animal: str
    """The animal."""
    metadata: Metadata
    """What was said of it when it was loaded."""

    @property
    def reading(self) -> Reading:
        """The file, read just now."""
        data = f"A thread on the {self.animal}".encode()
        return Reading(read_dump(data, self.name, self.metadata), Content.of(data))

    def member(self, row: int, origin: Origin) -> Member:
        """The file, in a generation already."""
        dump = self.reading.dump
        return Member(row, dump.file, origin, dump.sha256, dump.metadata, PARSER_VERSION)


def okapi(name: str, metadata: Metadata = SIGNED) -> File:
    return File(name, "okapi", metadata)


def zebra(name: str) -> File:
    return File(name, "zebra", SIGNED)


def shown(wanted: list[Member | NewDump]) -> list[str]:
    """Each dump in short: its origin and name, and `new` if it is to be stored."""
    return [
        f"{each.origin} {each.file}"
        if isinstance(each, Member)
        else f"new {each.origin} {each.dump.file}"
        for each in wanted
    ]


def generation(seeds: list[File], loaded: list[File]) -> list[Member]:
    """A generation of seeds, and then of what was loaded by hand."""
    origins: list[tuple[File, Origin]] = [
        *((each, "seeds") for each in seeds),
        *((each, "loaded") for each in loaded),
    ]
    return [file.member(row, origin) for row, (file, origin) in enumerate(origins, start=1)]


@dataclass(frozen=True, slots=True)
class Load:
    """A load by hand, and what becomes of the generation."""

    files: list[File]
    """What is loaded."""
    expected: list[str]
    """The dumps of the next generation."""
    seeds: tuple[File, ...] = ()
    """The seeds so far."""
    loaded: tuple[File, ...] = ()
    """What was loaded by hand so far."""


LOADS = {
    "a new file is added at the end": Load(
        [zebra("z")], ["loaded o", "new loaded z"], loaded=(okapi("o"),)
    ),
    "the same file again changes nothing": Load([okapi("o")], ["loaded o"], loaded=(okapi("o"),)),
    "a file with new content takes the place of the old": Load(
        [zebra("a")], ["new loaded a"], loaded=(okapi("a"),)
    ),
    "a file of which something else is said takes the place of the old": Load(
        [okapi("a", BARE)], ["new loaded a"], loaded=(okapi("a"),)
    ),
    "a copy under another name is skipped": Load(
        [okapi("copy")], ["loaded o"], loaded=(okapi("o"),)
    ),
    "a copy of a seed is skipped": Load([okapi("copy")], ["seeds o"], seeds=(okapi("o"),)),
    "a copy of which something else is said takes the place of the original": Load(
        [okapi("copy", BARE)], ["new loaded copy"], loaded=(okapi("o"),)
    ),
    "a copy of which something else is said stands beside a seed": Load(
        [okapi("copy", BARE)], ["seeds o", "new loaded copy"], seeds=(okapi("o"),)
    ),
    "a file that became a copy of a seed is dropped": Load(
        [okapi("a")], ["seeds o"], seeds=(okapi("o"),), loaded=(zebra("a"),)
    ),
    "a file of a seed's name stands beside the seed": Load(
        [zebra("a")], ["seeds a", "new loaded a"], seeds=(okapi("a"),)
    ),
    "of two copies the first is loaded": Load([okapi("a"), okapi("b")], ["new loaded a"]),
    "of two files of one name the second is loaded": Load(
        [okapi("a"), zebra("a")], ["new loaded a"]
    ),
    "after a copy that is skipped the next file is loaded": Load(
        [okapi("copy"), zebra("z")], ["loaded o", "new loaded z"], loaded=(okapi("o"),)
    ),
    "after a file that is unchanged the next file is loaded": Load(
        [okapi("o"), zebra("z")], ["loaded o", "new loaded z"], loaded=(okapi("o"),)
    ),
    "of two copies of which different things are said the second is loaded": Load(
        [okapi("a", BARE), okapi("b")], ["new loaded b"]
    ),
    "nothing changes nothing": Load([], ["seeds o", "loaded z"], (okapi("o"),), (zebra("z"),)),
}


@pytest.mark.parametrize("load", LOADS.values(), ids=LOADS.keys())
def test_after_a_load(load: Load) -> None:
    members = generation([*load.seeds], [*load.loaded])
    wanted = after_load(members, [each.reading for each in load.files])
    assert shown(wanted) == load.expected
    assert unchanged(wanted, members) == (
        not any(each.startswith("new") for each in load.expected) and len(wanted) == len(members)
    )


def test_of_two_files_of_one_name_the_content_of_the_second_is_loaded() -> None:
    (wanted,) = after_load([], [okapi("a").reading, zebra("a").reading])
    assert isinstance(wanted, NewDump)
    assert wanted.dump == zebra("a").reading.dump
    assert wanted.parser_version == PARSER_VERSION


@dataclass(frozen=True, slots=True)
class Reload:
    """The folder of seeds, read again, and what becomes of the generation."""

    files: list[File]
    """What is in the folder now."""
    expected: list[str]
    """The dumps of the next generation."""
    seeds: tuple[File, ...] = ()
    """The seeds so far."""
    loaded: tuple[File, ...] = ()
    """What was loaded by hand so far."""
    unreadable: tuple[str, ...] = ()
    """Files in the folder that cannot be read now."""
    kept: tuple[str, ...] = ()
    """Seeds that keep what was read of them earlier."""


RELOADS = {
    "a new seed is added": Reload(
        [okapi("o"), zebra("z")], ["seeds o", "new seeds z"], seeds=(okapi("o"),)
    ),
    "a seed that is gone is dropped": Reload(
        [okapi("o")], ["seeds o"], seeds=(okapi("o"), zebra("z"))
    ),
    "a seed with new content is read anew": Reload(
        [zebra("a")], ["new seeds a"], seeds=(okapi("a"),)
    ),
    "a seed under a new name is that seed anew": Reload(
        [okapi("b")], ["new seeds b"], seeds=(okapi("a"),)
    ),
    "what was loaded by hand stays, after the seeds": Reload(
        [okapi("o")], ["new seeds o", "loaded z"], loaded=(zebra("z"),)
    ),
    "of two copies the first is read": Reload([okapi("a"), okapi("b")], ["new seeds a"]),
    "a seed that cannot be read any more is kept": Reload(
        [zebra("z")],
        ["seeds o", "new seeds z"],
        seeds=(okapi("o"),),
        unreadable=("o",),
        kept=("o",),
    ),
    "a seed in an archive that cannot be read any more is kept": Reload(
        [],
        ["seeds x.zip/data/o"],
        seeds=(okapi("x.zip/data/o"), zebra("x.zip.old/z")),
        unreadable=("x.zip",),
        kept=("x.zip/data/o",),
    ),
    "a copy of a seed that is kept is not read": Reload(
        [okapi("copy")], ["seeds o"], seeds=(okapi("o"),), unreadable=("o",), kept=("o",)
    ),
    "a file that never could be read is nothing to keep": Reload([], [], unreadable=("o",)),
    "what was loaded by hand is no seed to keep": Reload(
        [], ["loaded o"], loaded=(okapi("o"),), unreadable=("o",)
    ),
}


@pytest.mark.parametrize("reload", RELOADS.values(), ids=RELOADS.keys())
def test_after_a_reload(reload: Reload) -> None:
    members = generation([*reload.seeds], [*reload.loaded])
    faults = tuple(DumpFault(each, None, "the file is empty") for each in reload.unreadable)
    intake = Intake(tuple(each.reading for each in reload.files), faults)
    wanted, kept = after_reload(members, intake)
    assert shown(wanted) == reload.expected
    assert kept == reload.kept


def test_the_same_dumps_in_another_order_are_unchanged() -> None:
    members = generation([okapi("o")], [zebra("z")])
    assert unchanged(members[::-1], members)
    assert not unchanged(members[:1], members)
    assert not unchanged([*members, okapi("more").member(9, "loaded")], members)
    for other in (
        replace(members[0], file="p"),
        replace(members[0], origin="loaded"),
        replace(members[0], sha256="0"),
        replace(members[0], metadata=Metadata()),
    ):
        assert not unchanged([other, members[1]], members)
    assert unchanged([replace(members[0], id=9, parser_version=0), members[1]], members)


def test_a_seed_that_was_not_parsed_stays_as_it_is_or_is_parsed_after_all() -> None:
    reading = okapi("a.txt").reading
    loaded = Loaded(replace(reading.dump, threads=()), threads=1, tweets=1)
    intake = Intake((Reading(loaded.dump, Content(()), loaded=loaded),), ())
    member = okapi("a.txt").member(1, "seeds")
    assert after_reload([member], intake) == ([member], ())
    for others in ([], [okapi("b.txt").member(1, "seeds")], [okapi("a.txt").member(1, "loaded")]):
        with pytest.raises(NoLongerLoaded):
            after_reload(others, intake)
