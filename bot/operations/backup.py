"""Writes a backup: the store and the pictures of dumps, in one ZIP file with their hashes.

The backup is read back and compared before it gets its name, so a file of that name is whole.
"""

from __future__ import annotations

import glob
import hashlib
import json
import os
import shutil
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from bot import __version__
from bot.arrays.atomic_file import sync_folder
from bot.errors import BackupUnusable, OutputExists, StoreDamaged, StoreError
from bot.operations.vacuum import required
from bot.store import picture_files, upkeep
from bot.store.faults import unwritten
from bot.store.migrations import FILE
from bot.store.protocol import Place

FORMAT = 1
"""Raised with every change to what a backup is made of."""
MANIFEST = "manifest.json"
DAMAGED = (
    BadZipFile,
    zlib.error,
    KeyError,
    TypeError,
    ValueError,
    EOFError,
    NotImplementedError,
    RuntimeError,
)
"""What reading a damaged ZIP file or manifest raises; RuntimeError: an entry is encrypted."""
ABANDONED = 6 * 3600.0
"""Seconds after which a temporary folder is taken for one of a program that was killed."""
CHUNK = 1 << 20
"""Bytes that are read at a time."""
MOST_OF_MANIFEST = 64 * CHUNK
"""Bytes of a manifest, at most."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself."""

    format: int
    """FORMAT, when it was written."""
    version: str
    """The version of the program that wrote it."""
    created_at: str
    """When it was written: ISO 8601 in UTC."""
    counts: Mapping[str, int]
    """The number of rows of each table of the store."""
    files: Mapping[str, str]
    """The SHA-256 of each file, by its name in the backup."""
    missing: tuple[str, ...]
    """Pictures that the store names, and that the folder did not have."""


def back_up(data: Path | Place, target: Path, *, is_forced: bool = False) -> Manifest:
    """Write a backup of the data folder `data` to `target`, while the bot may be running.

    Args:
        data: the store's folder, or its place.
        target: the backup's file.
        is_forced: whether to replace a file of that name.

    Raises:
        OutputExists: there is a file of that name.
        StoreError: the store cannot be read or is damaged, or the backup cannot be written.
    """
    place = required(data)
    _require_place(target)
    if target.exists() and not is_forced:
        raise OutputExists(target)
    prefix = f".{target.name}."
    sweep(target.parent, prefix)
    with _writing(target), TemporaryDirectory(dir=target.parent, prefix=prefix) as name:
        folder = Path(name)
        partial = folder / "partial"
        with _of_the_store(place.name, folder, target):
            manifest = _written(place, folder / FILE, partial)
        (folder / FILE).unlink()
        restored = folder / "restored"
        if _unpacked(partial, restored) != manifest:
            raise BackupUnusable(target, "it is not what was written")
        if found := upkeep.damage(restored / FILE, full=True):
            raise _damaged(place.name, found[0])
        _require_rows(target, restored, manifest)
        partial.replace(target)
        sync_folder(target.parent)
    return manifest


def _require_place(target: Path) -> None:
    """Check that a backup can be a file of that name.

    Raises:
        StoreError: it is a folder, or in none.
    """
    if target.is_dir():
        name = target / "threadbot.zip"
        raise StoreError(target, f"this is a folder. Name a file in it, such as {name}.")
    if not target.parent.is_dir():
        reason = f"the folder {target.parent} does not exist. Create it, or choose another one."
        raise StoreError(target, reason)


@contextmanager
def _of_the_store(store: Path | str, folder: Path, target: Path) -> Iterator[None]:
    """Have errors name the store or the backup, not a temporary file in `folder`.

    Raises:
        StoreError: as inside.
    """
    try:
        yield
    except StoreDamaged as error:
        raise _damaged(store, error.found) from error
    except StoreError as error:
        is_ours = isinstance(error.path, Path) and folder in error.path.parents
        raise StoreError(target if is_ours else error.path, error.reason) from error


def _damaged(store: Path | str, found: str) -> StoreError:
    return StoreError(
        store,
        f"it is damaged ({found}), so no backup was written. Stop the bot and run `threadbot "
        "repair`, or restore an earlier backup with `threadbot restore --replace FILE`.",
    )


def _written(place: Place, copy: Path, partial: Path) -> Manifest:
    """Write the backup to `partial`, with the store's copy at `copy`."""
    place.copy(copy)
    if found := upkeep.damage(copy):
        raise _damaged(place.name, found[0])
    media = place.folder / picture_files.FOLDER
    names = upkeep.pictures(copy)
    missing = tuple(each for each in names if not (media / each).is_file())
    files = {FILE: copy} | {
        f"{picture_files.FOLDER}/{each}": media / each for each in names if each not in missing
    }
    handle = os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, upkeep.OWNER_ONLY)
    with os.fdopen(handle, "wb") as out:
        with ZipFile(out, "w") as archive:
            sums = {name: _added(archive, name, path) for name, path in files.items()}
            manifest = Manifest(
                FORMAT,
                __version__,
                datetime.now(UTC).isoformat(timespec="seconds"),
                upkeep.counts(copy),
                sums,
                missing,
            )
            archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
        out.flush()
        os.fsync(out.fileno())
    return manifest


def _added(archive: ZipFile, name: str, path: Path) -> str:
    """Add the file at `path` to the archive, and return its hash. Pictures are compressed already.

    Returns:
        The SHA-256 in hexadecimal.
    """
    info = ZipInfo(name, datetime.now(UTC).timetuple()[:6])
    info.compress_type = ZIP_DEFLATED if name == FILE else ZIP_STORED
    info.external_attr = upkeep.OWNER_ONLY << 16
    with path.open("rb") as source, archive.open(info, "w", force_zip64=True) as out:
        return _copied(source, out)


def extracted(backup: Path, folder: Path) -> Manifest:
    """Write what is in a backup to `folder`, a new one; check it, and return its manifest.

    Raises:
        BackupUnusable: it is no backup, or it is damaged.
        StoreError: `folder` cannot be written.
    """
    manifest = _unpacked(backup, folder)
    if found := upkeep.damage(folder / FILE, full=True):
        raise BackupUnusable(backup, f"the store in it is damaged ({found[0]})")
    _require_rows(backup, folder, manifest)
    return manifest


def _require_rows(backup: Path, folder: Path, manifest: Manifest) -> None:
    """Check that the store in `folder`, from a backup, has the rows that the manifest says.

    Raises:
        BackupUnusable: it has others.
    """
    if upkeep.counts(folder / FILE) != manifest.counts:
        raise BackupUnusable(backup, "the store in it has other rows than it says")


def _unpacked(backup: Path, folder: Path) -> Manifest:
    """Write what is in a backup to `folder`, compare the hashes, and return its manifest.

    Raises:
        BackupUnusable: it is no backup, or it is damaged.
        StoreError: `folder` cannot be written.
    """
    with _readable(backup), ZipFile(backup) as archive:
        manifest = _manifest(backup, archive)
        with _writing(folder):
            (folder / picture_files.FOLDER).mkdir(parents=True, mode=0o700)
        for name, expected in manifest.files.items():
            with archive.open(name) as source, _writing(folder / name):
                handle = os.open(folder / name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
                with os.fdopen(handle, "wb") as out:
                    if _copied(source, out) != expected:
                        raise BackupUnusable(backup, f"{name} in it has changed")
                    out.flush()
                    os.fsync(out.fileno())
    return manifest


def _manifest(backup: Path, archive: ZipFile) -> Manifest:
    with archive.open(MANIFEST) as source:
        values = json.loads(source.read(MOST_OF_MANIFEST))
    if values["format"] > FORMAT:
        raise BackupUnusable(backup, "a newer version of Threadbot wrote it. Upgrade Threadbot")
    manifest = Manifest(**{**values, "missing": tuple(values["missing"])})
    for name in manifest.files:
        folder, _, file = name.rpartition("/")
        is_picture = folder == picture_files.FOLDER and picture_files.NAME.fullmatch(file)
        if name != FILE and not is_picture:
            raise BackupUnusable(backup, f"{name!r} in it is no file of a backup")
    return manifest


def _copied(source: IO[bytes], out: IO[bytes]) -> str:
    """Copy a stream to another one, and return the SHA-256 of its bytes in hexadecimal."""
    whole = hashlib.sha256()
    while chunk := source.read(CHUNK):
        whole.update(chunk)
        out.write(chunk)
    return whole.hexdigest()


def sweep(folder: Path, prefix: str, age: float = ABANDONED) -> None:
    """Delete the temporary folders that a killed program left, if they are so many seconds old."""
    for each in folder.glob(f"{glob.escape(prefix)}*"):
        with suppress(OSError):
            if each.is_dir() and each.stat().st_mtime <= time.time() - age:
                shutil.rmtree(each, ignore_errors=True)


@contextmanager
def _readable(backup: Path) -> Iterator[None]:
    """Turn the errors of a file that is no backup into a message.

    Raises:
        BackupUnusable: it is no backup, or it is damaged.
    """
    try:
        yield
    except OSError as error:
        raise BackupUnusable(backup, error.strerror or str(error)) from error
    except DAMAGED as error:
        raise BackupUnusable(backup, f"it is not a backup, or it is damaged ({error})") from error


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """Turn the errors of a full disk and the like into a message.

    Raises:
        StoreError: the file cannot be written.
    """
    try:
        yield
    except OSError as error:
        raise unwritten(path, error, "it cannot be written") from error
