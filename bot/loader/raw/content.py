"""Gives access to a dump's bytes: in memory, in a file, in an archive or in the store."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Protocol

from bot.loader.raw.packed_pieces import PackedPieces
from bot.loader.raw.pictures import Source

SMALL = 16 * 1024 * 1024
"""Bytes of a file that may be held in memory."""
PIECE = 1024 * 1024
"""Bytes that are read at a time."""


class Readable(Protocol):
    """A stream of bytes that is a context manager."""

    def read(self, size: int, /) -> bytes:
        """Return the next bytes, at most `size`; none at the end."""

    def __enter__(self) -> Readable:
        """Return the stream."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
        /,
    ) -> bool | None:
        """Close it."""


class Stream:
    """A stream of bytes that calls two functions."""

    def __init__(self, read: Callable[[int], bytes], close: Callable[[], object]) -> None:
        """Read with `read`; call `close` at the end of a `with` block."""
        self._read = read
        self._close = close

    def read(self, size: int, /) -> bytes:
        """Return the next bytes, at most `size`; none at the end."""
        return self._read(size)

    def __enter__(self) -> Stream:
        """Return the stream."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the stream."""
        self._close()


@dataclass(frozen=True)
class Part:
    """One of the files of a dump."""

    name: str
    """Its path inside the dump; empty if the dump is one file."""
    open: Callable[[], Readable]
    """Open it at its beginning. Raises OSError, or DumpError if an archive is damaged."""
    size: int
    """Its length in bytes."""


@dataclass(frozen=True)
class Content:
    """A dump's bytes: one file, or (an X archive) several that belong together."""

    parts: tuple[Part, ...]
    """The files, in a fixed order."""
    beside: Source | None = field(default=None, compare=False)
    """The pictures that lie beside them; not part of the dump's identity."""

    @classmethod
    def of(cls, data: bytes) -> Content:
        """Return content in memory."""
        return cls((Part("", lambda: io.BytesIO(data), len(data)),))

    @classmethod
    def at(cls, path: Path, name: str = "") -> Content:
        """Return the content of a file. A small one is read at once, before it can change.

        Raises:
            OSError: it cannot be read.
        """
        size = path.stat().st_size
        if size <= SMALL and not name:
            return cls.of(path.read_bytes())
        return cls((Part(name, lambda: path.open("rb"), size),))

    @property
    def size(self) -> int:
        """Return the total length in bytes."""
        return sum(part.size for part in self.parts)

    @cached_property
    def sha256(self) -> str:
        """Return the dump's identity in hexadecimal: for one file, the SHA-256 of its bytes."""
        whole = self.hashing()
        for part in self.parts:
            for _ in whole.pieces(part):
                pass
        return whole.hexdigest()

    def has_hash(self, digest: str) -> None:
        """Remember the result of `hashing`, so that the bytes need not be read again."""
        self.__dict__["sha256"] = digest

    @property
    def kept(self) -> PackedPieces | None:
        """All bytes, packed, if whoever read them kept them."""
        kept: PackedPieces | None = self.__dict__.get("_kept")
        return kept

    def keep(self, pieces: PackedPieces) -> None:
        """Keep all bytes for those who store them, so that they need not be read again."""
        if pieces.is_whole:
            self.__dict__["_kept"] = pieces

    def hashing(self) -> Hashing:
        """Return a hash for reading all parts in order; its digest equals `sha256`."""
        return Hashing()

    def read(self) -> bytes:
        """Return all bytes, part by part.

        Raises:
            DumpError: a part is in an archive that is damaged.
            OSError: a part cannot be read.
        """
        return b"".join(piece for part in self.parts for piece in pieces(part))


class Hashing:
    """Hashes parts while they are read."""

    def __init__(self) -> None:
        """Start with no bytes."""
        self._whole = hashlib.sha256()

    def pieces(self, part: Part) -> Iterator[bytes]:
        """Yield the bytes of `part`, and add them to the hash."""
        if part.name:
            self._whole.update(f"{part.name}\0{part.size}\0".encode())
        for piece in pieces(part):
            self._whole.update(piece)
            yield piece

    def hexdigest(self) -> str:
        """Return the hash of all bytes so far, in hexadecimal."""
        return self._whole.hexdigest()


def pieces(part: Part) -> Iterator[bytes]:
    """Yield the bytes of `part`, at most PIECE at a time.

    Raises:
        DumpError: it is in an archive that is damaged.
        OSError: it cannot be read.
    """
    with part.open() as stream:
        while piece := stream.read(PIECE):
            yield piece
