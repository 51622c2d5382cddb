"""Packs the bytes of a dump, piece by piece, and keeps them in a temporary file."""

from __future__ import annotations

import logging
import tempfile
import weakref
import zlib
from collections.abc import Iterator
from typing import IO

LEVEL = 1
"""zlib's fastest level. It compresses JSON to a seventh."""
Row = tuple[int, int, bytes]
"""The number of a part, the place of a piece in it, and the piece, packed."""

log = logging.getLogger(__name__)


def packed(piece: bytes) -> bytes:
    """Pack a piece."""
    return zlib.compress(piece, LEVEL)


class PackedPieces:
    """The packed pieces of a dump that was read once, for those who store it."""

    def __init__(self) -> None:
        """Start with none."""
        self._file: IO[bytes] | None = None
        self._sizes: list[tuple[int, int, int]] = []
        """Of each piece its part, its place in it, and how many bytes it takes."""
        self.is_whole = True
        """Whether all pieces that were added are kept: the disk may be full."""

    def add(self, part: int, place: int, piece: bytes) -> None:
        """Add the next piece."""
        if not self.is_whole:
            return
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile()  # noqa: SIM115  # for as long as this object
                weakref.finalize(self, self._file.close)
            data = packed(piece)
            self._file.write(data)
        except OSError as error:
            log.info("not keeping the packed pieces of a dump: %s", error)
            self.is_whole = False
            self._sizes.clear()
            if self._file is not None:
                self._file.truncate(0)
            return
        self._sizes.append((part, place, len(data)))

    def rows(self) -> Iterator[Row]:
        """Yield the pieces, in order.

        Raises:
            OSError: they cannot be read.
        """
        if self._file is not None:
            self._file.seek(0)
        for part, place, size in self._sizes:
            yield part, place, self._file.read(size) if self._file else b""
