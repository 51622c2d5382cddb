"""Spools posts to disk while a dump is read, for access in any order."""

from __future__ import annotations

import json
import tempfile
import weakref
import zlib
from array import array
from itertools import pairwise
from typing import IO

import msgspec
import numpy as np
from numpy.typing import NDArray

from bot.loader.raw.content import PIECE
from bot.loader.raw.packed_pieces import LEVEL
from bot.loader.records.posts import Post

IN_MEMORY = 16 * 1024 * 1024
"""Bytes of posts that stay in memory; more go to a file."""
WINDOW = 256 * 1024
"""Bytes to write or read at a time. Posts are mostly read in the order in which they were added."""
GROUP = 64
"""Posts whose places are counted from that of the first: each takes four bytes instead of eight."""
JSON = b"["
"""How a post begins that is spooled as JSON, because it has half a surrogate pair."""
ARRAY = b"\xdd"
"""How an array begins in MessagePack; its length follows, in four bytes.
https://github.com/msgpack/msgpack/blob/master/spec.md#array-format-family"""

Packed = bytes | list[Post]
"""Posts as a MessagePack array; or as they are, if one has half a surrogate pair."""


class Spool:
    """Posts by number, in the order in which they were added."""

    def __init__(self) -> None:
        """Start with no posts."""
        self._file: IO[bytes] | None = None
        self._new = bytearray()
        """The posts at the end, which are not in the file."""
        self._in_file = 0
        """Bytes in the file."""
        self._bases, self._starts = array("q", [0]), array("I", [0])
        """Where every GROUP-th post starts; and where each one does, from there on."""
        self._end = 0
        self._window, self._window_start = b"", 0
        self._has_json = False
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(Post).decode

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle the posts without their file: a worker sends what it has read, packed."""
        borders = [*range(0, self._end, PIECE), self._end]
        return Spool.restored, (
            [zlib.compress(self._bytes(start, end), LEVEL) for start, end in pairwise(borders)],
            self._bases,
            self._starts,
            self._has_json,
        )

    @classmethod
    def restored(
        cls,
        pieces: list[bytes],
        bases: array[int],
        starts: array[int],
        has_json: bool,  # noqa: FBT001  # pickling passes values by position
    ) -> Spool:
        """Return the posts that were pickled."""
        made = cls()
        for each in pieces:
            made._new += zlib.decompress(each)
            if len(made._new) >= IN_MEMORY:
                made._move()
        made._end = made._in_file + len(made._new)
        made._bases, made._starts, made._has_json = bases, starts, has_json
        return made

    def __len__(self) -> int:
        """Return the number of posts."""
        return len(self._starts) - 1

    def add(self, post: Post) -> None:
        """Add a post at the end."""
        try:
            data = self._encode(post)
        except UnicodeEncodeError:
            data = json.dumps(msgspec.to_builtins(post)).encode()
            self._has_json = True
        self._new += data
        self._end += len(data)
        if len(self._starts) % GROUP == 0:
            self._bases.append(self._end)
        self._starts.append(self._end - self._bases[-1])
        if len(self._new) >= (IN_MEMORY if self._file is None else WINDOW):
            self._move()

    def _move(self) -> None:
        """Move the posts to an unnamed file, which is deleted with this object."""
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115  # for as long as the dump is
            weakref.finalize(self, self._file.close)
        self._file.seek(self._in_file)
        self._file.write(self._new)
        self._file.flush()
        self._in_file += len(self._new)
        self._new = bytearray()

    def __getitem__(self, number: int) -> Post:
        """Return the post with that number."""
        data = self._bytes(self._start(number), self._start(number + 1))
        if data.startswith(JSON):
            return msgspec.convert(json.loads(data), Post)
        return self._decode(data)

    def packed(self, numbers: NDArray[np.int32]) -> Packed:
        """Return the posts with those numbers; takes less time than one by one."""
        if self._has_json:
            return [self[each] for each in numbers.tolist()]
        borders = np.flatnonzero(np.diff(numbers, prepend=-2, append=-2) != 1)
        firsts, lasts = numbers[borders[:-1]].tolist(), numbers[borders[1:] - 1].tolist()
        start = self._start
        runs = (
            self._bytes(start(first), start(last + 1))
            for first, last in zip(firsts, lasts, strict=True)
        )
        return b"".join((ARRAY, len(numbers).to_bytes(4, "big"), *runs))

    def _start(self, number: int) -> int:
        """Return where the post with that number starts."""
        return self._bases[number // GROUP] + self._starts[number]

    def _bytes(self, start: int, end: int) -> bytes:
        if self._file is not None and start < self._in_file < end:
            return self._bytes(start, self._in_file) + self._bytes(self._in_file, end)
        if start >= self._in_file or self._file is None:
            return bytes(self._new[start - self._in_file : end - self._in_file])
        at = start - self._window_start
        if at < 0 or end > self._window_start + len(self._window):
            self._file.seek(start)
            self._window = self._file.read(max(end - start, min(WINDOW, self._in_file - start)))
            self._window_start, at = start, 0
        return self._window[at : at + end - start]


def unpacked(posts: Packed) -> list[Post]:
    """Return what `Spool.packed` packed."""
    return _POSTS.decode(posts) if isinstance(posts, bytes) else posts


_POSTS = msgspec.msgpack.Decoder(list[Post])
