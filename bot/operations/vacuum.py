"""Gives back the free space in the store's file, beside a running bot."""

from __future__ import annotations

import shutil
from pathlib import Path

from bot.errors import StoreError
from bot.store import upkeep
from bot.store.faults import READ_ONLY
from bot.store.migrations import FILE
from bot.store.opening import is_writable
from bot.store.upkeep import Vacuumed

IN_USE = "another program (a bot or a chat) has it open"
"""Why a store cannot be replaced."""


def vacuum(data: Path) -> Vacuumed:
    """Compact the store in `data`.

    Raises:
        StoreError: there is none, another process writes, or there is too little space.
    """
    store = require_writable(require_store(data))
    needed, free = upkeep.size(store), shutil.disk_usage(data).free
    if free < 2 * needed:
        reason = (
            f"this needs {2 * needed:,} free bytes on the disk, and there are {free:,}. Free some "
            "space and try again; the store is unchanged."
        )
        raise StoreError(store, reason)
    return upkeep.vacuum(store)


def require_store(data: Path) -> Path:
    """Return the file of the store in `data`.

    Raises:
        StoreError: there is none.
    """
    store = data / FILE
    if not store.is_file():
        raise StoreError(store, "there is no store here. Set THREADBOT_DATA to its folder.")
    return store


def require_writable(store: Path) -> Path:
    """Return the file of a store, if it and its folder can be written.

    Raises:
        StoreError: they cannot.
    """
    if not is_writable(store):
        raise StoreError(store, READ_ONLY)
    return store
