"""The terms of an index and their numbers, in a few pieces of memory: a dict takes ten times more.

A term is found by its CRC-32 among all, sorted; of those that share one, by its bytes. Pure.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from bot.arrays.array_file import Arrays


class Terms(Mapping[str, int]):
    """Each term's number, from 0; immutable."""

    def __init__(
        self,
        data: NDArray[np.uint8],
        starts: NDArray[np.int64],
        hashes: NDArray[np.uint32],
        numbers: NDArray[np.int32],
    ) -> None:
        """Be made of these; `of` makes them.

        Args:
            data: uint8[bytes], the terms in UTF-8, one after the other.
            starts: int64[terms + 1], where each one's bytes begin.
            hashes: uint32[terms], what each one's bytes come to, ascending.
            numbers: int32[terms], whose each of these is.
        """
        for each in (data, starts, hashes, numbers):
            each.flags.writeable = False
        self._arrays = data, starts, hashes, numbers
        # Single items of a memoryview are read several times as fast as an array's.
        self._data, self._starts = data.data, starts.data
        self._hashes, self._numbers = hashes.data, numbers.data

    @classmethod
    def of(cls, terms: Iterable[str]) -> Terms:
        """These, which are all different, numbered in their order."""
        empty = np.empty(0, np.uint8), np.zeros(1, np.int64)
        none = cls(*empty, np.empty(0, np.uint32), np.empty(0, np.int32))
        return none.and_(terms)

    def and_(self, terms: Iterable[str]) -> Terms:
        """These and `terms`, which are others, numbered on."""
        said = [each.encode(errors="surrogatepass") for each in terms]
        data, starts, hashes, numbers = self._arrays
        sizes = np.fromiter(map(len, said), np.int64, len(said))
        theirs = np.fromiter(map(crc32, said), np.uint32, len(said))
        hashes = np.concatenate((hashes, theirs))
        fresh = np.arange(len(self), len(self) + len(said), dtype=np.int32)
        order = hashes.argsort(kind="stable")
        return Terms(
            np.concatenate((data, np.frombuffer(b"".join(said), np.uint8))),
            np.concatenate((starts[:-1], starts[-1] + np.cumsum([0, *sizes], dtype=np.int64))),
            hashes[order],
            np.concatenate((numbers, fresh))[order],
        )

    def only(self, kept: NDArray[np.bool_]) -> Terms:
        """Those of bool[terms] `kept`, numbered anew."""
        return Terms.of(term for term, stays in zip(self, kept.tolist(), strict=True) if stays)

    def to_arrays(self) -> Arrays:
        """The arrays that they are made of."""
        return dict(zip(("data", "starts", "hashes", "numbers"), self._arrays, strict=True))

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Terms:
        """What `to_arrays` returned."""
        return cls(*(arrays[each] for each in ("data", "starts", "hashes", "numbers")))

    @property
    def arrays(
        self,
    ) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.uint32], NDArray[np.int32]]:
        """What they are made of: data, starts, hashes and numbers."""
        return self._arrays

    def __len__(self) -> int:
        """How many there are."""
        return len(self._numbers)

    def __iter__(self) -> Iterator[str]:
        """Each term, in the order of the numbers."""
        whole = self._data.tobytes()
        starts = self._arrays[1].tolist()
        for start, end in pairwise(starts):
            yield whole[start:end].decode(errors="surrogatepass")

    def __getitem__(self, term: str) -> int:
        """The number of `term`.

        Raises:
            KeyError: it is none of these.
        """
        said = term.encode(errors="surrogatepass")
        wanted = crc32(said)
        at = bisect_left(self._hashes, wanted)
        while at < len(self._hashes) and self._hashes[at] == wanted:
            number = self._numbers[at]
            if self._data[self._starts[number] : self._starts[number + 1]] == said:
                return int(number)
            at += 1
        raise KeyError(term)
