"""Files to dumps: found and read, synchronously; the library runs it in a thread."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.errors import DumpError, SeedsMissing
from bot.loader import archive, read_dump
from bot.loader.content import Content
from bot.models import Dump, DumpFault, Metadata


@dataclass(frozen=True, slots=True)
class Reading:
    """A file, read as a dump."""

    dump: Dump
    """What is in it."""
    content: Content
    """Its bytes."""


@dataclass(frozen=True, slots=True)
class Intake:
    """Files, read."""

    readings: tuple[Reading, ...]
    """Those that are dumps, in order."""
    faults: tuple[DumpFault, ...]
    """Those that could not be read, and why."""


def take_in_seeds(folder: Path) -> Intake:
    """Read every dump in the folder of seeds; a dump is named by its path from there.

    Raises:
        SeedsMissing: there is no such folder, or no file in it.
    """
    if not folder.is_dir():
        raise SeedsMissing(folder)
    try:
        found = _files_in(folder)
    except OSError as error:
        raise DumpError(str(folder), f"the folder cannot be read: {error.strerror}") from error
    if not found:
        raise SeedsMissing(folder, empty=True)
    named = [(_printable(path.relative_to(folder)), path) for path in found]
    return _take_in(named, Metadata(), detailed=False)


def take_in(
    paths: Sequence[Path], metadata: Metadata | None = None, *, detailed: bool = False
) -> Intake:
    """Read dumps that somebody names: files, or folders with all their files."""
    named: dict[str, Path] = {}
    missing: list[DumpFault] = []
    for path in paths:
        try:
            found = _files_in(path) if path.is_dir() else [path]
        except OSError as error:
            missing.append(DumpFault(str(path), None, f"cannot be read: {error.strerror}"))
            continue
        if not found:
            missing.append(DumpFault(str(path), None, "this folder holds no dump"))
        named.update((file_name(each), each) for each in found)
    intake = _take_in(named.items(), metadata or Metadata(), detailed=detailed)
    return Intake(intake.readings, (*missing, *intake.faults))


def file_name(path: Path) -> str:
    """What a dump loaded by hand goes by: its whole path, for another folder may have its like."""
    return _printable(path.absolute())


def _printable(path: Path) -> str:
    """A path as text; bytes of it that are no UTF-8 are shown as \ufffd."""
    return os.fsencode(path).decode("utf-8", errors="replace")


def _files_in(folder: Path) -> list[Path]:
    """All files below `folder` but hidden ones, in order of their names; no pipes and devices."""
    found: list[Path] = []
    for where, folders, names in os.walk(folder, onerror=_raise):
        folders[:] = [name for name in folders if not name.startswith(".")]
        paths = [Path(where, name) for name in names if not name.startswith(".")]
        found += [path for path in paths if path.is_file() or not path.exists()]
    return sorted(found)


def _raise(error: OSError) -> None:
    raise error


def _take_in(files: Iterable[tuple[str, Path]], metadata: Metadata, *, detailed: bool) -> Intake:
    readings: list[Reading] = []
    faults: list[DumpFault] = []
    for name, path in files:
        if path.exists() and not path.is_file():
            faults.append(DumpFault(name, None, "this is no file"))
            continue
        try:
            for dump_name, data, known in _dumps_in(name, path.read_bytes(), metadata):
                read = (
                    data
                    if isinstance(data, DumpError)
                    else _read(data, dump_name, known, detailed=detailed)
                )
                if isinstance(read, DumpError):
                    faults.append(DumpFault(read.file, read.line, read.reason))
                else:
                    readings.append(read)
        except OSError as error:
            faults.append(DumpFault(name, None, f"the file cannot be read: {error.strerror}"))
        except DumpError as error:
            faults.append(DumpFault(error.file, error.line, error.reason))
    return Intake(tuple(readings), tuple(faults))


def _read(data: bytes, name: str, metadata: Metadata, *, detailed: bool) -> Reading | DumpError:
    content = Content.of(data)
    try:
        return Reading(read_dump(content, name, metadata, detailed=detailed), content)
    except DumpError as error:
        return error


def _dumps_in(
    name: str, data: bytes, metadata: Metadata
) -> Iterator[tuple[str, bytes | DumpError, Metadata]]:
    """The file itself, or those in it if it is a ZIP archive; what is known of each.

    Raises:
        DumpError: a ZIP archive can't be read, or holds nothing.
    """
    if not archive.is_zip(data):
        yield name, data, metadata
        return
    empty = True
    for inner, content, author in archive.entries(data, name):
        empty = False
        yield inner, content, replace(metadata, author=metadata.author or author)
    if empty:
        raise DumpError(name, "there is no dump in this ZIP archive")
