"""Makes a whole store of a damaged one: keeps what is whole, and reads stored files again."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from bot.errors import DumpError, StoreDamaged, StoreError, StoreTooNew
from bot.loader import PARSER_VERSION
from bot.loader.parser import read_dump
from bot.loader.raw.content import Content
from bot.loader.raw.pictures import Pictures
from bot.models import Dump
from bot.operations import placing
from bot.operations.backup import sweep
from bot.operations.placing import linked
from bot.operations.vacuum import IN_USE, NO_FILE, required
from bot.store import newest, picture_files, upkeep
from bot.store.faults import unwritten
from bot.store.migrations import FILE, MIGRATIONS
from bot.store.protocol import Place
from bot.store.rows import NO_UNDO, NewDump, Origin
from bot.store.salvage import Salvage, Salvaged, carry_over, salvaging
from bot.store.store import Store

TEMPORARY = ".repair-"
"""What the names of folders begin with in which a store is made for a while."""


@dataclass(frozen=True, slots=True)
class Repaired:
    """What repairing a store came to."""

    set_aside: Path
    """The folder that has the damaged store now."""
    whole: list[str] = field(default_factory=list)
    """The files whose threads were whole."""
    read_again: list[str] = field(default_factory=list)
    """The files that were read again from their stored bytes."""
    lost: list[str] = field(default_factory=list)
    """What is lost, in sentences."""


def damage(where: Path | Place) -> list[str]:
    """Return what is wrong with the store, as `repair` sees it; nothing if it is sound.

    Raises:
        StoreError: there is none, it cannot be read now, its folder is read-only, or another
            program has it open.
        StoreTooNew: a newer version of the program wrote it.
    """
    store = _file(where)
    if upkeep.is_open_elsewhere(store):
        raise StoreError(store, f"{IN_USE}. Stop it, then repair again.")
    if found := upkeep.damage(store, full=True):
        return found
    schema = upkeep.facts(store).schema
    if schema > len(MIGRATIONS):
        raise StoreTooNew(store, found=schema, known=len(MIGRATIONS))
    there = upkeep.newest_generations(store)
    missing = any(number > there.get(each, 0) for each, number in newest.remembered(store).items())
    return ["the last changes are lost"] if missing else []


async def repair(where: Path | Place, actor: str) -> Repaired:
    """Make a new store of what can be read of the one there, and set that one aside.

    The history before is not kept: each library begins with what it had last.

    Args:
        where: the store's folder, or its place.
        actor: who repairs it.

    Raises:
        StoreError: a program has the store open, nothing of it can be read, or the folder cannot
            be written.
    """
    store = _file(where)
    if await asyncio.to_thread(upkeep.is_open_elsewhere, store):
        raise StoreError(store, f"{IN_USE}. Stop it, then repair again.")
    data = store.parent
    done = Repaired(data)
    await asyncio.to_thread(sweep, data, TEMPORARY)
    try:
        with TemporaryDirectory(dir=data, prefix=TEMPORARY) as name:
            folder = Path(name)
            await asyncio.to_thread(_link_pictures, data, folder)
            with _readable(store) as salvage:
                await _made(folder, salvage, actor, done)
                await asyncio.to_thread(carry_over, folder / FILE, salvage)
                done.lost.extend(
                    f"Rows of the table {each} cannot be read."
                    for each in dict.fromkeys(salvage.gaps)
                )
            aside = await asyncio.to_thread(placing.put_in_place, folder, data)
    except OSError as error:
        raise unwritten(data, error, "the folder cannot be written") from error
    return replace(done, set_aside=aside or data)


async def _made(folder: Path, salvage: Salvage, actor: str, done: Repaired) -> None:
    """Write the libraries of a damaged store into a new one in `folder`."""
    scopes = await asyncio.to_thread(salvage.scopes)
    if not scopes and salvage.gaps:
        raise _nothing_left(salvage.path, f"rows of the table {salvage.gaps[0]} cannot be read")
    async with Store.open(folder) as new:
        for each in scopes:
            if not each.is_sure:
                done.lost.append(
                    "Which files were loaded last is not known, so all that were ever loaded are "
                    "back. Remove those that should be gone."
                )
            dumps = []
            for dump in each.dumps:
                found = await asyncio.to_thread(_dump, salvage, dump, done)
                dumps += [found] if found else []
            await new.commit(
                each.scope,
                0,
                dumps,
                actor=actor,
                action="repair",
                parent=NO_UNDO,
                forgotten=each.forgotten,
            )


def _dump(salvage: Salvage, dump: Salvaged, done: Repaired) -> NewDump | None:
    """Return a dump of a damaged store, and note what became of it; None if all of it is lost."""
    found, content = salvage.threads(dump.id), salvage.content(dump.sha256)
    if found.lost and content is not None:
        try:
            pictures = Pictures(known=salvage.pictures(dump.sha256))
            again = read_dump(content, dump.file, dump.metadata, pictures=pictures)
        except DumpError as error:
            done.lost.append(f"{dump.file}: {error.reason}")
        else:
            done.read_again.append(dump.file)
            return NewDump(again, content, cast(Origin, dump.origin), PARSER_VERSION, pictures)
    if found.lost:
        done.lost.append(f"{dump.file}: threads, and the bytes of the file. Load it again.")
    else:
        done.whole.append(dump.file)
    if not found.threads and found.lost:
        return None
    kept = Dump(dump.file, dump.format, dump.sha256, dump.metadata, found.threads, ())
    origin = cast(Origin, dump.origin)
    return NewDump(kept, content or Content(()), origin, dump.parser_version)


@contextmanager
def _readable(store: Path) -> Iterator[Salvage]:
    """Open a damaged store to be read.

    Raises:
        StoreError: nothing of it can be read.
    """
    with ExitStack() as stack:
        try:
            salvage = stack.enter_context(salvaging(store))
        except StoreDamaged as error:
            raise _nothing_left(store, error.found) from error
        yield salvage


def _file(where: Path | Place) -> Path:
    """Return the file of a store.

    Raises:
        StoreError: there is none, it is read-only, or the store is no file.
    """
    place = required(where, writable=True)
    if not place.is_file:
        raise StoreError(place.name, NO_FILE)
    return place.folder / FILE


def _nothing_left(store: Path, why: str) -> StoreError:
    """Says that there is nothing to make a store of."""
    return StoreError(
        store,
        f"nothing of it can be read ({why}), so it cannot be repaired. Restore a backup with "
        "`threadbot restore --replace FILE`. Without one, move this file away and load the saved "
        "files again.",
    )


def _link_pictures(data: Path, folder: Path) -> None:
    """Have the pictures in a new folder too, without copying them where that is possible."""
    if (data / picture_files.FOLDER).is_dir():
        shutil.copytree(
            data / picture_files.FOLDER, folder / picture_files.FOLDER, copy_function=linked
        )
