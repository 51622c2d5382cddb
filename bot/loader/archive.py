"""Reads ZIP archives: X archives, or any zipped dumps. Nothing is unpacked to disk."""

from __future__ import annotations

import io
import lzma
import struct
import weakref
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import IO

from bot.errors import DumpError
from bot.i18n.messages import Sentence, sentence
from bot.loader.raw.content import Content, Part, Stream
from bot.loader.raw.pictures import Source, is_beside
from bot.loader.records import mastodon, x_archive

SIGNATURE = b"PK\x03\x04"
"""The first bytes of a ZIP archive."""
MOST_ENTRIES = 200_000
"""Files in an archive; X archives have one for each picture."""
LARGEST_DIRECTORY = 64 * 1024 * 1024
"""Bytes of an archive's list of files, which is read whole."""
ENTRY = b"PK\x01\x02"
"""The first bytes of a file's entry in the list."""
LARGEST_ENTRY = 8 * 1024 * 1024 * 1024
LARGEST_RATIO = 200
"""Text is compressed 10 to 20 times; a much higher ratio is a ZIP bomb."""
SMALL_WHOLE = 64 * 1024 * 1024
"""Bytes that all files of an archive may have together, whatever its size."""
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Compressions that unpack piece by piece; the others may need gigabytes for a few bytes."""
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error,
    EOFError, NotImplementedError, RuntimeError, ValueError, OSError, IndexError,
)  # fmt: skip
"""Errors that `zipfile` raises for damaged or malicious archives."""


def is_zip(data: bytes) -> bool:
    """Whether `data` begins as a ZIP archive does."""
    return data.startswith(SIGNATURE)


def contents(source: Path | bytes, file: str) -> Iterator[tuple[str, Content | DumpError]]:
    """Yield each dump in the archive: its name, and its content or why it cannot be read.

    An X archive is one dump, named as the ZIP archive is.

    Raises:
        DumpError: the archive itself cannot be read.
    """
    try:
        # Stays open for the parts; reading the directory again for each would be quadratic.
        archive = _opened(source)
        infos = {info.filename: info for info in archive.infolist() if not info.is_dir()}
        size = source.stat().st_size if isinstance(source, Path) else len(source)
    except _TooManyError as error:
        reason = sentence("this ZIP archive contains more than {number} files", number=MOST_ENTRIES)
        raise DumpError(file, reason) from error
    except UNREADABLE as error:
        reason = sentence("this ZIP archive is damaged ({why})", why=str(error))
        raise DumpError(file, reason) from error
    if sum(info.file_size for info in _tight(infos.values())) > max(
        LARGEST_RATIO * size, SMALL_WHOLE
    ):
        raise DumpError(file, sentence("this ZIP archive is compressed too tightly to be text"))
    archives, rest = x_archive.archives_among(infos)
    beside = _beside(archive, infos, file)
    for folder, names in archives.items():
        name = f"{file}/{folder}" if len(archives) > 1 and folder else file
        fault = next((f for each in names if (f := _fault(infos[each], f"{file}/{each}"))), None)
        parts = (
            _part(archive, infos[each], each.removeprefix(f"{folder}/"), file) for each in names
        )
        yield name, fault or Content(tuple(parts), beside)
    for each in mastodon.outboxes_among(rest) or rest:
        path = PurePosixPath(each)
        hidden = any(part.startswith((".", "__MACOSX")) for part in path.parts)
        if not hidden and not is_beside(each):
            fault = _fault(infos[each], f"{file}/{each}")
            part = _part(archive, infos[each], "", file)
            yield f"{file}/{each}", fault or Content((part,), beside)


def _beside(archive: zipfile.ZipFile, infos: Mapping[str, zipfile.ZipInfo], file: str) -> Source:
    """Return the archive's pictures."""
    found = {name: info for name, info in infos.items() if is_beside(name)}
    sizes = {name: info.file_size for name, info in found.items() if not _fault(info, name)}

    def read(name: str) -> bytes:
        try:
            return archive.read(name)
        except UNREADABLE as error:
            raise DumpError(f"{file}/{name}", _unpack_error(error)) from error

    return Source(sizes, read)


def _unpack_error(error: Exception) -> Sentence:
    return sentence("the file cannot be unpacked ({why})", why=str(error))


class _TooManyError(Exception):
    """An archive has more than MOST_ENTRIES files."""


class _Checked(io.BufferedReader):
    """A file whose list of files, which `zipfile` reads at once, is not too long to be kept."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Return the next bytes.

        Raises:
            _TooManyError: they are a list of too many files.
        """
        if size is not None and size > LARGEST_DIRECTORY:
            raise _TooManyError
        data = super().read(size)
        if len(data) >= len(ENTRY) * MOST_ENTRIES and data.count(ENTRY) > MOST_ENTRIES:
            raise _TooManyError
        return data


def _opened(source: Path | bytes) -> zipfile.ZipFile:
    raw = io.FileIO(source) if isinstance(source, Path) else io.BytesIO(source)
    stream = _Checked(raw)
    try:
        archive = zipfile.ZipFile(stream)
    except BaseException:
        stream.close()
        raise
    weakref.finalize(archive, stream.close)
    return archive


def _tight(infos: Iterable[zipfile.ZipInfo]) -> Iterator[zipfile.ZipInfo]:
    """Return the files that are read: those that `_fault` finds no fault with."""
    return (each for each in infos if not _fault(each, each.filename))


def _fault(info: zipfile.ZipInfo, name: str) -> DumpError | None:
    """Return why an entry must not be read, or None."""
    if info.file_size > LARGEST_ENTRY:
        size = LARGEST_ENTRY // 1024**3
        return DumpError(
            name, sentence("the file is larger than {size} GB when unpacked", size=size)
        )
    if info.file_size > LARGEST_RATIO * max(info.compress_size, 1024):
        reason = sentence("the file is compressed too tightly to be text")
        return DumpError(name, reason)
    if info.compress_type not in METHODS:
        reason = sentence("the file is compressed in a way that is not read here; unpack it first")
        return DumpError(name, reason)
    if info.flag_bits & 1:
        return DumpError(name, sentence("the file is locked with a password; unpack it first"))
    return None


def _part(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, file: str) -> Part:
    def opened() -> Stream:
        whole = f"{file}/{info.filename}"
        try:
            return _unpacking(archive.open(info), whole)
        except UNREADABLE as error:
            raise DumpError(whole, _unpack_error(error)) from error

    return Part(name, opened, info.file_size)


def _unpacking(stream: IO[bytes], name: str) -> Stream:
    """Return an open entry as a stream that raises DumpError where it is damaged."""

    def read(size: int) -> bytes:
        try:
            return stream.read(size)
        except UNREADABLE as error:
            raise DumpError(name, _unpack_error(error)) from error

    return Stream(read, stream.close)
