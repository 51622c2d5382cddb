"""Stores short strings in one block of memory. Pure."""

from __future__ import annotations

import mmap as mapping
import sys
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from mmap import mmap

import numpy as np

from bot.arrays.array_file import Arrays
from bot.arrays.gather import Gather

BLOCK = 8_192
"""Strings that are searched at once: few enough for the processor's cache."""


class Strings:
    """A list of short strings, in UTF-8, each followed by a line break."""

    def __init__(self) -> None:
        """Start with no strings."""
        self._data: bytearray | mmap | memoryview[int] = bytearray()
        self._starts: array[int] | memoryview[int] = array("q", [0])

    @classmethod
    def of(cls, texts: Iterable[str]) -> Strings:
        """Return the strings of `texts`."""
        made = cls()
        for each in texts:
            made.append(each)
        return made

    def __len__(self) -> int:
        """Return the number of strings."""
        return len(self._starts) - 1

    def __getitem__(self, number: int) -> str:
        """Return the string with that number."""
        start, end = self._starts[number : number + 2]
        return str(self._data[start : end - 1], "utf-8", errors="surrogatepass")

    def __iter__(self) -> Iterator[str]:
        """Yield each string, in order."""
        whole = str(self._data[: self._starts[-1]], "utf-8", errors="surrogatepass")
        return iter(whole.split("\n")[:-1])

    def append(self, text: str) -> None:
        """Add a string at the end. Line breaks in it become spaces.

        Raises:
            TypeError: these strings were made from others or from arrays, and are read-only.
        """
        if not isinstance(self._data, bytearray) or isinstance(self._starts, memoryview):
            raise TypeError("these strings are read-only")
        line = text.replace("\n", " ")
        self._data += f"{line}\n".encode(errors="surrogatepass")
        self._starts.append(len(self._data))

    def to_arrays(self) -> Arrays:
        """Return its arrays for `from_arrays`: `data` uint8[bytes], `starts` int64[strings + 1]."""
        return {
            "data": np.frombuffer(self._data, np.uint8)[: self._starts[-1]],
            "starts": np.frombuffer(self._starts, np.int64),
        }

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Strings:
        """Return the strings whose `to_arrays` returned `arrays`."""
        made = cls()
        made._data = arrays["data"].data  # not copied, as a file may be mapped
        made._starts = arrays["starts"].data
        return made

    @classmethod
    def gathered(cls, parts: Sequence[Strings], gather: Gather) -> Strings:
        """Return the strings that `gather` picks from those of `parts`."""
        starts = [np.frombuffer(each._starts, np.int64) for each in parts]
        ends = gather.starts(starts)
        made = cls()
        made._data = _allocated(max(int(ends[-1]), 1))
        data, at = np.frombuffer(made._data, np.uint8), 0
        wholes = [np.frombuffer(each._data, np.uint8) for each in parts]
        for part, start, end in gather.over(starts).runs:
            data[at : at + end - start] = wholes[part][start:end]
            at += end - start
        made._starts = ends.data
        return made

    def blocks(self, size: int) -> Iterator[memoryview]:
        """Yield the bytes of the strings with their line breaks, `size` strings at a time."""
        data = memoryview(self._data)
        for first in range(0, len(self), size):
            last = min(first + size, len(self))
            yield data[self._starts[first] : self._starts[last]]

    def containing(self, wanted: str) -> Iterator[int]:
        """Yield the numbers of the strings that contain `wanted`, which has no line break."""
        sought = wanted.encode(errors="surrogatepass")
        starts = np.frombuffer(self._starts, np.int64)
        for place, some in enumerate(self.blocks(BLOCK)):
            first, block = int(starts[place * BLOCK]), some.tobytes()  # a buffer has no `find`
            at = block.find(sought)
            while 0 <= at < len(block):
                number = int(np.searchsorted(starts, first + at, side="right")) - 1
                yield number
                at = block.find(sought, int(starts[number + 1]) - first)


def _allocated(size: int) -> mmap:
    """Return `size` bytes for NumPy to fill.

    A bytearray would be zeroed and copied while Python's lock is held, which stops all other
    threads. Large pages, where the system has them, are written in a quarter of the time.
    """
    if sys.platform != "linux":  # pragma: no cover - measured on Linux
        return mmap(-1, size)
    memory = mmap(-1, size, flags=mapping.MAP_PRIVATE | mapping.MAP_ANONYMOUS)
    with suppress(OSError):  # large pages are not available
        memory.madvise(mapping.MADV_HUGEPAGE)
    return memory
