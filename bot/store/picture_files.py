"""Keeps the pictures that were inside dumps as files, named by the hash of their bytes."""

from __future__ import annotations

import re
import time
from collections.abc import Container
from pathlib import Path

from bot.arrays.atomic_file import replacing
from bot.errors import ContentChanged, DumpError, StoreError
from bot.loader.raw.pictures import Pictures, file_name

FOLDER = "media"
"""The folder, beside the store's file."""
NAME = re.compile(r"[0-9a-f]{64}\.(?:jpg|png|gif|webp)")
FRESH = 60 * 60
"""Seconds for which a file may wait for the load that it belongs to."""


def keep(folder: Path, pictures: Pictures) -> None:
    """Copy the pictures that tweets show into `folder`, unless they are there.

    Raises:
        ContentChanged: a picture changed since the dump was read.
        StoreError: the folder cannot be written.
    """
    for path, name in pictures.used.items():
        target = folder / name
        if target.exists():
            continue
        try:
            data = pictures.read(path)
        except (OSError, DumpError) as error:
            raise ContentChanged from error
        if file_name(data) != name:
            raise ContentChanged
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with replacing(target) as out:
                out.write(data)
        except OSError as error:
            reason = f"a picture cannot be written to {folder} ({error.strerror})"
            raise StoreError(target, reason) from error


def sweep(folder: Path, needed: Container[str]) -> int:
    """Delete the pictures in `folder` that no dump needs, and return how many.

    They are from loads that failed. Young ones may belong to a load that is under way.
    """
    deleted = 0
    before = time.time() - FRESH
    for path in folder.iterdir() if folder.is_dir() else ():
        is_ours = NAME.match(path.name) is not None
        if is_ours and path.name not in needed and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
            deleted += 1
    return deleted


def delete_others(folder: Path, kept: Container[str]) -> None:
    """Delete all pictures in `folder` but those to be kept, also young ones.

    Raises:
        StoreError: one cannot be deleted.
    """
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name not in kept and NAME.match(path.name):
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                reason = f"a picture cannot be deleted ({error.strerror})."
                raise StoreError(path, reason) from error
