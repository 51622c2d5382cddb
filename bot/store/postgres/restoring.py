"""Takes over what an SQLite file has, from a backup, as new generations of a running bot.

Nothing is deleted: earlier generations stay, so `undo` goes back to what was there before.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bot.loader.raw.pictures import Pictures
from bot.models import Dump, Notice
from bot.store.bulk_reader import BulkReader
from bot.store.postgres.blocking import run
from bot.store.protocol import LibraryStore, Place
from bot.store.restoring import Relation, Restored
from bot.store.rows import Member, NewDump
from bot.store.store import Store


def relations(place: Place, other: Path) -> list[Relation]:
    """Return how each library in the file `other` is related to the one here.

    Raises:
        StoreError: a store cannot be read.
    """

    async def find() -> list[Relation]:
        async with Store.open(other.parent) as there, place.open() as here:
            found = []
            for scope, number in sorted((await there.newest()).items()):
                last = await here.generation(scope)
                made_at = await there.made_at(scope, number)
                is_known = await here.made_at(scope, number) == made_at
                found.append(Relation.between(scope, last, number, is_known=is_known))
            return found

    return run(find())


def take_over(place: Place, other: Path, actor: str) -> list[Restored]:
    """Make what each library in the file `other` has the newest generation of the one here.

    Raises:
        StoreError: a store cannot be read or written.
    """

    async def restore() -> list[Restored]:
        async with Store.open(other.parent) as there, place.open() as here:
            newest = sorted((await there.newest()).items())
            return [await _restored(there, here, scope, number, actor) for scope, number in newest]

    return run(restore())


async def _restored(
    there: LibraryStore, here: LibraryStore, scope: int, number: int, actor: str
) -> Restored:
    """Make generation `number` there the newest one here, unless it is the same."""
    last = await here.generation(scope)
    ours = await here.members(scope, last)
    theirs = await there.members(scope, number)
    hidden = await there.forgotten(scope, number)
    is_same = list(map(_identity, ours)) == list(map(_identity, theirs))
    if last and is_same and hidden == await here.forgotten(scope, last):
        return Restored(scope, last, is_new=False)
    with there.readers() as reader:
        assert isinstance(reader, BulkReader)  # noqa: S101  # the backup is an SQLite file
        dumps = [
            _dump(reader, each, await there.pictures(each.sha256), here.media) for each in theirs
        ]
    made = await here.commit(scope, last, dumps, actor=actor, action="restore", forgotten=hidden)
    tweets = [
        sum([(await store.size(each.id))[1] for each in members])
        for store, members in ((there, theirs), (here, await here.members(scope, made)))
    ]
    return Restored(scope, made, is_new=True, erased=tweets[0] - tweets[1])


def _identity(member: Member) -> tuple[object, ...]:
    """Return what makes a dump the same in two stores."""
    return (
        *(member.file, member.origin, member.sha256, member.metadata),
        member.parser_version,
    )


def _dump(reader: BulkReader, member: Member, kept: Mapping[str, str], media: Path) -> NewDump:
    """Return a dump of the backup, with its threads. A dump that is here already is not stored."""
    rows = reader.roots([member.id]).rows.tolist()
    threads = tuple(each.thread for each in reader.versions(rows))
    notices: tuple[Notice, ...] = ()
    for each in reader.loaded([member]):
        notices = each.dump.notices
    dump = Dump(member.file, member.format, member.sha256, member.metadata, threads, notices)
    # The backup's pictures were moved into the folder of pictures before.
    known = {path: file for path, file in kept.items() if (media / file).exists()}
    pictures = Pictures(known=known, used=known)
    content = reader.content(member.sha256)
    return NewDump(dump, content, member.origin, member.parser_version, pictures)
