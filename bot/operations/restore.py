"""Restores a backup: as new generations beside a running bot, or in the place of the store."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.errors import StoreError
from bot.operations import placing
from bot.operations.backup import Manifest, extracted, sweep
from bot.operations.vacuum import IN_USE, NO_FILE
from bot.store import picture_files, upkeep
from bot.store.faults import unwritten
from bot.store.migrations import FILE
from bot.store.places import SQLiteFolder, place_of
from bot.store.protocol import Place
from bot.store.restoring import Relation, Restored

TEMPORARY = ".restore-"
"""What the names of folders begin with that have a backup's contents for a while."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was read, checked, and brought up to this program's schema."""

    file: Path
    """The backup's file."""
    folder: Path
    """Where its contents are for a while, in the data folder."""
    manifest: Manifest
    """What it says of itself."""


@asynccontextmanager
async def opened(file: Path, where: Path | Place) -> AsyncIterator[Backup]:
    """Read a backup into a temporary folder in the data folder; delete that at the end.

    Raises:
        BackupUnusable: it is no backup, or it is damaged.
        StoreTooNew: a newer version of the program wrote it.
        StoreError: the data folder cannot be written.
    """
    data = place_of(where).folder
    try:
        await asyncio.to_thread(data.mkdir, mode=0o700, parents=True, exist_ok=True)
        await asyncio.to_thread(sweep, data, TEMPORARY)
        temporary = TemporaryDirectory(dir=data, prefix=TEMPORARY)
    except OSError as error:
        raise unwritten(data, error, "the folder cannot be written") from error
    with temporary as name:
        folder = Path(name) / "backup"
        manifest = await asyncio.to_thread(extracted, file, folder)
        async with SQLiteFolder(folder).open():  # migrates it
            pass
        yield Backup(file, folder, manifest)


def relations(backup: Backup, data: Path | Place) -> list[Relation]:
    """Return how the libraries in a backup are related to those in `data`.

    Raises:
        StoreError: the store in `data` cannot be read.
    """
    return place_of(data).relations(backup.folder / FILE)


def take_over(backup: Backup, data: Path | Place, actor: str) -> list[Restored]:
    """Make what the backup has the newest generation of each library in `data`.

    A running bot serves it within a second of the next question. `undo` goes back.

    Raises:
        StoreError: the store or the folder of pictures cannot be written.
    """
    place = place_of(data)
    placing.add_pictures(backup.folder / picture_files.FOLDER, place.folder / picture_files.FOLDER)
    return place.take_over(backup.folder / FILE, actor)


def put_in_place(backup: Backup, where: Path | Place) -> Path | None:
    """Put the backup's store into the data folder, and set aside what is there.

    Returns:
        The folder with what was set aside, if there was anything.

    Raises:
        StoreError: a running bot has the store open, or a file cannot be moved.
    """
    place = place_of(where)
    if not place.is_file:
        raise StoreError(place.name, NO_FILE)
    data, store = place.folder, place.folder / FILE
    if store.exists() and upkeep.is_open_elsewhere(store):
        raise StoreError(store, f"{IN_USE}. Stop it, then restore again.")
    return placing.put_in_place(backup.folder, data)
