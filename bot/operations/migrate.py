"""Copies the store from its file into PostgreSQL, all of it or nothing, and compares both."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.errors import StoreDamaged
from bot.operations.vacuum import required
from bot.store import picture_files
from bot.store.migrations import FILE
from bot.store.places import SQLiteFolder, in_postgres
from bot.store.protocol import Place


@dataclass(frozen=True, slots=True)
class Migrated:
    """What was copied."""

    source: Path
    """The file, which stays as it is."""
    target: str
    """The address of the database, without its password."""
    counts: Mapping[str, int]
    """The number of rows of each table; they are the same in both."""


async def migrate(data: Path, url: str) -> Migrated:
    """Copy the store in the folder `data` into the database at `url`, and compare every row.

    Args:
        data: the data folder.
        url: the address of an empty database.

    Raises:
        StoreError: there is no store, it is damaged, or the database has a library already.
        PostgresMissing: asyncpg is not installed.
    """
    place = required(data)
    async with SQLiteFolder(data).open():  # brings an earlier schema up to date
        pass
    if found := await asyncio.to_thread(_damage, place):
        raise StoreDamaged(data / FILE, found[0])
    target = in_postgres(data, url)
    media = data / picture_files.FOLDER
    counts = await asyncio.to_thread(target.copy_from, data / FILE, media)
    return Migrated(data / FILE, target.name, counts)


def _damage(place: Place) -> list[str]:
    return place.damage(full=True)
