"""Gives back the free space in the store's file, beside a running bot."""

from __future__ import annotations

import shutil
from pathlib import Path

from bot.errors import StoreError
from bot.store.places import place_of
from bot.store.protocol import Place
from bot.store.upkeep import Vacuumed

IN_USE = "another program (a bot or a chat) has it open"
"""Why a store cannot be replaced."""
NO_FILE = (
    "this store is no file, so it cannot be set aside. PostgreSQL checks its own files; make and "
    "restore its backups with pg_dump and pg_restore."
)
"""Why a store that is no file cannot be replaced or repaired."""


def vacuum(data: Path | Place) -> Vacuumed:
    """Compact the store in `data`, a folder or another place.

    Raises:
        StoreError: there is none, another process writes, or there is too little space.
    """
    place = required(data, writable=True)
    needed, free = place.size(), shutil.disk_usage(place.folder).free
    if place.is_file and free < 2 * needed:
        reason = (
            f"this needs {2 * needed:,} free bytes on the disk, and there are {free:,}. Free some "
            "space and try again; the store is unchanged."
        )
        raise StoreError(place.path, reason)
    return place.vacuum()


def required(data: Path | Place, *, writable: bool = False) -> Place:
    """Return the place of the store in `data`.

    Raises:
        StoreError: there is none, or it shall be `writable` and is not.
    """
    place = place_of(data)
    place.require(writable=writable)
    return place
