"""The terms of an index with their ids, in four arrays: a dict needs ten times the memory. Pure.

A lookup finds the term's CRC-32 by binary search, then compares the bytes of terms that share it.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from bot.arrays.array_file import Arrays

LINE_BREAK = ord("\n")


class Terms(Mapping[str, int]):
    """The id of each term, from 0; immutable."""

    def __init__(
        self,
        data: NDArray[np.uint8],
        starts: NDArray[np.int64],
        hashes: NDArray[np.uint32],
        numbers: NDArray[np.int32],
    ) -> None:
        """Create the mapping from its arrays. Use `of` to create one from strings.

        Args:
            data: uint8[bytes], the terms in UTF-8, concatenated by id.
            starts: int64[terms + 1], where each term starts in `data`.
            hashes: uint32[terms], the CRC-32 of the terms, ascending.
            numbers: int32[terms], the id of the term that each hash belongs to.
        """
        for each in (data, starts, hashes, numbers):
            each.flags.writeable = False
        self._arrays = data, starts, hashes, numbers
        # Reading one item is several times faster from a memoryview than from an array.
        self._data, self._starts = data.data, starts.data
        self._hashes, self._numbers = hashes.data, numbers.data

    @classmethod
    def of(cls, terms: Iterable[str]) -> Terms:
        """Create a mapping of distinct terms, with ids in their order."""
        data, starts, checksums = bytearray(), array("q", [0]), array("I")
        for each in terms:  # a list of all of them would take several times the memory
            encoded = each.encode(errors="surrogatepass")
            data += encoded
            starts.append(len(data))
            checksums.append(crc32(encoded))
        hashes = np.frombuffer(checksums, np.uint32)
        order = hashes.argsort(kind="stable")
        return cls(
            np.frombuffer(data, np.uint8),
            np.frombuffer(starts, np.int64),
            hashes[order],
            order.astype(np.int32),
        )

    def to_arrays(self) -> Arrays:
        """Return the arrays to write to a file."""
        return dict(zip(("data", "starts", "hashes", "numbers"), self._arrays, strict=True))

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Terms:
        """Create the mapping from the arrays that `to_arrays` returned."""
        return cls(*(arrays[each] for each in ("data", "starts", "hashes", "numbers")))

    @property
    def arrays(
        self,
    ) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.uint32], NDArray[np.int32]]:
        """The arrays `data`, `starts`, `hashes` and `numbers`; see `__init__`."""
        return self._arrays

    def encoded(self, term_ids: NDArray[np.int32] | NDArray[np.int64]) -> list[bytes]:
        """Return the terms with these ids, in UTF-8."""
        starts = self._arrays[1]
        borders = zip(starts[term_ids].tolist(), starts[term_ids + 1].tolist(), strict=True)
        return [self._data[start:end].tobytes() for start, end in borders]

    def names(self, term_ids: NDArray[np.int32] | NDArray[np.int64]) -> list[str]:
        """Return the terms with these ids."""
        return [each.decode(errors="surrogatepass") for each in self.encoded(term_ids)]

    def find(self, encoded: Sequence[bytes], hashes: NDArray[np.uint32]) -> NDArray[np.int32]:
        """Return the ids of terms, faster than one lookup for each.

        Args:
            encoded: the terms, in UTF-8.
            hashes: uint32[n], their `hashes_of`.

        Returns:
            int32[n], -1 for a term that is not here.
        """
        found = np.full(len(encoded), -1, np.int32)
        data, starts, known, numbers = self._arrays
        places = known.searchsorted(hashes)
        alike = (places < len(known)).nonzero()[0]
        alike = alike[known[places[alike]] == hashes[alike]]
        term_ids = numbers[places[alike]]
        sizes = starts[term_ids + 1] - starts[term_ids]
        ends = sizes.cumsum()
        at = (starts[term_ids + 1] - ends).repeat(sizes) + np.arange(sizes.sum())
        wanted = [encoded[each] for each in alike.tolist()]
        if sizes.tolist() == [*map(len, wanted)] and data[at].tobytes() == b"".join(wanted):
            found[alike] = term_ids
        else:  # another term has the checksum of one of them
            found[alike] = [self._id_of(each) for each in wanted]
        return found

    def blocks(self, size: int) -> Iterator[memoryview]:
        """Yield the bytes of the terms, each with a line break after it, `size` at a time."""
        data, starts = self._arrays[:2]
        for first in range(0, len(self), size):
            here = starts[first : first + size + 1]
            yield np.insert(data[here[0] : here[-1]], here[1:] - here[0], LINE_BREAK).data

    def containing(self, text: str) -> NDArray[np.int64]:
        """Return the ids of the terms that have `text` in them: int64[n], ascending."""
        sought, whole = text.encode(errors="surrogatepass"), self._data.tobytes()
        found: list[int] = []
        at = whole.find(sought)
        while at >= 0:
            number = bisect_right(self._starts, at) - 1
            end = self._starts[number + 1]
            if at + len(sought) <= end:
                found.append(number)
                at = end - 1
            at = whole.find(sought, at + 1)
        return np.array(found, np.int64)

    def __len__(self) -> int:
        """Return the number of terms."""
        return len(self._numbers)

    def __iter__(self) -> Iterator[str]:
        """Iterate over the terms, by id."""
        whole = self._data.tobytes()
        starts = self._arrays[1].tolist()
        for start, end in pairwise(starts):
            yield whole[start:end].decode(errors="surrogatepass")

    def __getitem__(self, term: str) -> int:
        """Return the id of `term`.

        Raises:
            KeyError: there is no such term.
        """
        term_id = self._id_of(term.encode(errors="surrogatepass"))
        if term_id < 0:
            raise KeyError(term)
        return term_id

    def _id_of(self, encoded: bytes) -> int:
        """Return the id of a term, which is in UTF-8; -1 if it is not here."""
        wanted = crc32(encoded)
        at = bisect_left(self._hashes, wanted)
        while at < len(self._hashes) and self._hashes[at] == wanted:
            term_id = self._numbers[at]
            if self._data[self._starts[term_id] : self._starts[term_id + 1]] == encoded:
                return int(term_id)
            at += 1
        return -1


def hashes_of(encoded: Sequence[bytes]) -> NDArray[np.uint32]:
    """Return uint32[n]: the checksums of terms, which are in UTF-8; for `Terms.find`."""
    return np.fromiter(map(crc32, encoded), np.uint32, len(encoded))
