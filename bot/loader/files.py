"""Finds and reads dump files. Synchronous; the library runs it in a thread."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from bot.errors import DumpError, SeedsMissing
from bot.file_names import absolute
from bot.i18n.messages import Sentence, sentence
from bot.loader import archive
from bot.loader.intake import Intake, Loaded, Reading
from bot.loader.parser import read_dump
from bot.loader.raw.content import Content
from bot.loader.raw.pictures import Pictures, Room, Source, is_beside
from bot.loader.records import x_archive
from bot.models import Metadata, Progress, Step
from bot.reports import DumpFault

NO_BYTES = Content(())
"""Stands for the bytes of a dump that are in the store already."""


def take_in_seeds(
    folder: Path,
    metadata: Metadata | None = None,
    progress: Progress | None = None,
    loaded: Mapping[str, Loaded] | None = None,
) -> Intake:
    """Read every dump in the seeds folder. Dumps are named relative to it.

    Args:
        folder: the folder.
        metadata: metadata given for all of them.
        progress: called with the progress in each file.
        loaded: the seeds that are loaded, by name; one that has not changed is not parsed.

    Raises:
        SeedsMissing: there is no such folder, or no file in it.
        DumpError: the folder cannot be read.
    """
    if not folder.is_dir():
        raise SeedsMissing(folder)
    try:
        found = _dumps_at(folder, below=folder)
    except OSError as error:
        reason = sentence("the folder cannot be opened ({why})", why=str(error.strerror))
        raise DumpError(str(folder), reason) from error
    if not found:
        raise SeedsMissing(folder, empty=True)
    reader = _Reader(metadata or Metadata(), progress, loaded=loaded)
    return reader.read_all(found, dict.fromkeys(found, _pictures_in(folder)))


def take_in(
    paths: Sequence[Path],
    metadata: Metadata | None = None,
    *,
    below: Path | None = None,
    detailed: bool = False,
    progress: Progress | None = None,
) -> Intake:
    """Read dumps by path: files, and folders with all their files.

    Args:
        paths: the files and folders.
        metadata: metadata given for all of them.
        below: a folder that holds all of `paths`. Dumps are named by their paths from there;
            without it, by their absolute paths.
        detailed: whether to record what becomes of each line or record.
        progress: called with the progress in each file.
    """
    named: dict[str, Sequence[tuple[str, Path]]] = {}
    missing: list[DumpFault] = []
    beside: dict[str, Source | None] = {}
    for path in paths:
        try:
            found = _dumps_at(path, below)
        except OSError as error:
            reason = sentence("the folder cannot be opened ({why})", why=str(error.strerror))
            missing.append(DumpFault(str(path), None, reason))
            continue
        if not found:
            missing.append(DumpFault(str(path), None, "the folder contains no files"))
        named |= found
        beside |= dict.fromkeys(found, _pictures_in(path))
    intake = _Reader(metadata or Metadata(), progress, detailed=detailed).read_all(named, beside)
    return Intake(intake.readings, (*missing, *intake.faults))


def file_name(path: Path) -> str:
    """Return the name of a dump loaded by path: the absolute path, which is unique."""
    return _printable(absolute(path))


def _printable(path: Path) -> str:
    """Return `path` as text; bytes that are not UTF-8 become \ufffd."""
    return os.fsencode(path).decode("utf-8", errors="replace")


def _file(path: Path) -> Sequence[tuple[str, Path]]:
    return [("", path)]


def _dumps_at(path: Path, below: Path | None) -> Mapping[str, Sequence[tuple[str, Path]]]:
    """Return the dumps at `path` by name: a file each, or the files of an X archive.

    Raises:
        OSError: the folder `path` cannot be read.
    """

    def named(path: Path) -> str:
        return file_name(path) if below is None else _printable(path.relative_to(below))

    if not path.is_dir():
        return {named(path): _file(path)}
    files = {each.relative_to(path).as_posix(): each for each in _files_in(path)}
    archives, rest = x_archive.archives_among(files)
    found = {named(files[name]): _file(files[name]) for name in rest if not is_beside(name)}
    for where, names in archives.items():
        parts = [(name.removeprefix(f"{where}/"), files[name]) for name in names]
        found[named(path / (where or "data"))] = parts
    return dict(sorted(found.items()))


def _pictures_in(folder: Path) -> Source | None:
    """Return the pictures in a folder; None if `folder` is a file."""
    if not folder.is_dir():
        return None
    found = {each.relative_to(folder).as_posix(): each for each in _files_in(folder)}
    sizes = {
        name: path.stat().st_size
        for name, path in found.items()
        if is_beside(name) and path.is_file()
    }
    return Source(sizes, lambda name: found[name].read_bytes())


def _files_in(folder: Path) -> list[Path]:
    """Return all files below `folder`, sorted, except hidden ones, pipes and devices."""
    found: list[Path] = []
    for where, folders, names in os.walk(folder, onerror=_raise):
        folders[:] = [name for name in folders if not name.startswith(".")]
        paths = [Path(where, name) for name in names if not name.startswith(".")]
        found += [path for path in paths if path.is_file() or not path.exists()]
    return sorted(found)


def _raise(error: OSError) -> None:
    raise error


class _Reader:
    """Reads files as dumps, and collects the faults of those that cannot be read."""

    def __init__(
        self,
        metadata: Metadata,
        progress: Progress | None,
        *,
        detailed: bool = False,
        loaded: Mapping[str, Loaded] | None = None,
    ) -> None:
        self._metadata = metadata
        self._progress = progress
        self._detailed = detailed
        self._loaded = loaded or {}
        self._readings: list[Reading] = []
        self._faults: list[DumpFault] = []
        self._room = Room()

    def read_all(
        self,
        dumps: Mapping[str, Sequence[tuple[str, Path]]],
        beside: Mapping[str, Source | None],
    ) -> Intake:
        for name, files in dumps.items():
            try:
                for dump_name, content in _contents(name, files, beside[name]):
                    self._read(dump_name, content)
            except OSError as error:
                self._fault(
                    name,
                    None,
                    sentence("the file cannot be opened ({why})", why=str(error.strerror)),
                )
            except DumpError as error:
                self._fault(error.file, error.line, error.reason)
        return Intake(tuple(self._readings), tuple(self._faults))

    def _read(self, name: str, content: Content | DumpError) -> None:
        try:
            if isinstance(content, DumpError):
                raise content
            progress = self._byte_counter(name, content.size)
            if known := self._unchanged(name, content):
                self._readings.append(Reading(known.dump, NO_BYTES, loaded=known))
                return
            pictures = Pictures(content.beside, self._room)
            dump = read_dump(
                content,
                name,
                self._metadata,
                detailed=self._detailed,
                progress=progress,
                pictures=pictures,
            )
        except DumpError as error:
            self._fault(error.file, error.line, error.reason)
        else:
            self._readings.append(Reading(dump, content, pictures))

    def _unchanged(self, name: str, content: Content) -> Loaded | None:
        """Return what is loaded of the dump, if neither it nor its pictures have changed."""
        known = self._loaded.get(name)
        if known is None or known.dump.metadata != self._metadata:
            return None
        if known.dump.sha256 != content.sha256:
            return None
        pictures = Pictures(content.beside)
        if any(pictures.at(path) != kept for path, kept in known.pictures.items()):
            return None
        self._room.left -= pictures.size(known.pictures)
        return known

    def _byte_counter(self, name: str, size: int) -> Callable[[int], None] | None:
        progress = self._progress
        if progress is None:
            return None
        done = 0

        def count(more: int) -> None:
            nonlocal done
            done += more
            progress(Step(sentence("reading {file}", file=name), done, size))

        progress(Step(sentence("reading {file}", file=name), 0, size))
        return count

    def _fault(self, file: str, line: int | None, reason: Sentence | str) -> None:
        self._faults.append(DumpFault(file, line, reason))


def _contents(
    name: str, files: Sequence[tuple[str, Path]], beside: Source | None
) -> Iterator[tuple[str, Content | DumpError]]:
    """Yield the dumps in a file: itself, those in a ZIP archive, or one dump of several files.

    Raises:
        DumpError: a ZIP archive cannot be read or has no files to read.
    """
    if len(files) > 1 or files[0][0]:
        parts = [part for inner, path in files for part in Content.at(path, inner).parts]
        yield name, Content(tuple(parts), beside)
        return
    path = files[0][1]
    if path.exists() and not path.is_file():
        raise DumpError(name, sentence("this is not a regular file"))
    with path.open("rb") as stream:
        beginning = stream.read(len(archive.SIGNATURE))
    if not archive.is_zip(beginning):
        yield name, replace(Content.at(path), beside=beside)
        return
    empty = True
    for inner in archive.contents(path, name):
        empty = False
        yield inner
    if empty:
        raise DumpError(name, sentence("this ZIP archive contains no files to read"))
