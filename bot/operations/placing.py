"""Puts a whole store in the place of another one, which stays in a folder beside it.

Only one step decides which store is there: the new file takes the old one's name. What comes before
copies names or deletes what can be made again, so that it can be taken back on a full disk, too.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from bot.arrays.atomic_file import sync_folder
from bot.errors import StoreError
from bot.store import picture_files
from bot.store.faults import unwritten
from bot.store.migrations import FILE
from bot.store.opening import NEWEST

SET_ASIDE = "replaced-"
"""What the names of folders begin with that have a store that was replaced."""
LOG = (f"{FILE}-wal", f"{FILE}-shm")
"""What belongs to the file of a store, and to no other."""
INDEX_FILES = "index-*"
"""The files that are made again from a store."""


def put_in_place(new: Path, data: Path) -> Path | None:
    """Put the store of the folder `new` into `data`, and set aside what is there.

    The pictures of both stay in `data`: their names are their hashes.

    Returns:
        The folder with the names of what was there before, if there was anything.

    Raises:
        StoreError: a file cannot be written or moved. The store that was there stays.
    """
    aside = data / f"{SET_ASIDE}{datetime.now(UTC).strftime('%Y%m%d-%H%M%S-%f')}"
    there = list(_there(data))
    try:
        if there:
            _keep(there, aside)
        add_pictures(new / picture_files.FOLDER, data / picture_files.FOLDER)
    except (OSError, StoreError) as error:
        shutil.rmtree(aside, ignore_errors=True)
        if isinstance(error, OSError):
            raise unwritten(data, error, "a file cannot be set aside") from error
        raise
    try:
        _exchange(new, data)
    except OSError as error:
        _take_back(aside, data)
        raise unwritten(data, error, "a file cannot be moved") from error
    try:
        sync_folder(data)
    except OSError as error:
        reason = (
            f"the new store is in place, but the disk reports an error ({error.strerror}). Check "
            "the disk, then do this again; else a power cut could bring the old store back."
        )
        raise StoreError(data, reason) from error
    return aside if there else None


def _there(data: Path) -> Iterator[Path]:
    """Yield the files of a store in `data`, and the folder of its pictures."""
    names = (FILE, *LOG, picture_files.FOLDER, NEWEST)
    yield from (data / each for each in names if (data / each).exists())
    yield from sorted(data.glob(INDEX_FILES))


def _keep(there: list[Path], aside: Path) -> None:
    """Give files names in the new folder `aside`, too, or copy them where that is impossible."""
    aside.mkdir(mode=0o700)
    for each in there:
        if each.is_dir():
            shutil.copytree(each, aside / each.name, copy_function=linked)
        else:
            linked(each, aside / each.name)
    sync_folder(aside)
    sync_folder(aside.parent)


def linked(source: str | Path, target: str | Path) -> str:
    """Have a file under another name, too; copy it where the file system has no links."""
    try:
        os.link(source, target)
    except OSError:
        return str(shutil.copy2(source, target))
    return str(target)


def add_pictures(source: Path, target: Path) -> None:
    """Move the pictures that are missing in `target` there; their names are their hashes.

    Raises:
        StoreError: one cannot be written.
    """
    try:
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        for each in source.iterdir() if source.is_dir() else ():
            if (target / each.name).exists():
                continue
            os.utime(each)  # a sweep leaves young files alone
            each.replace(target / each.name)
        sync_folder(target)
    except OSError as error:
        raise unwritten(target, error, "a picture cannot be written") from error


def _exchange(new: Path, data: Path) -> None:
    """Put the new file in the place of the old one, without its log, note and index files."""
    has_log = any((data / each).exists() for each in LOG)
    for each in (*(data / name for name in LOG), *data.glob(INDEX_FILES)):
        each.unlink(missing_ok=True)
    if not has_log:
        _note(new, data)
    # Without its log the old file may lack changes. If this ends here, the old note says so.
    (new / FILE).replace(data / FILE)
    if has_log:
        with suppress(OSError):
            _note(new, data)


def _note(new: Path, data: Path) -> None:
    """Have the note of the new store; without one nothing is compared."""
    (data / NEWEST).unlink(missing_ok=True)
    if (new / NEWEST).exists():
        with suppress(OSError):
            (new / NEWEST).replace(data / NEWEST)


def _take_back(aside: Path, data: Path) -> None:
    """Have in `data` what belongs to the old file. What is set aside stays if that is impossible.

    A damaged store may answer with its index files, and cannot make them again.
    """
    with suppress(OSError):
        for each in [*(aside / name for name in (*LOG, NEWEST)), *aside.glob(INDEX_FILES)]:
            if each.exists():
                (data / each.name).unlink(missing_ok=True)
                linked(each, data / each.name)
        shutil.rmtree(aside)
