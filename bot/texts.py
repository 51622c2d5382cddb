"""Short texts: many, in a few pieces of memory. Pure."""

from __future__ import annotations

import mmap as mapping
import sys
from array import array
from collections.abc import Iterable, Iterator
from contextlib import suppress
from mmap import mmap

import numpy as np

from bot.frozen import Arrays
from bot.splice import Splice


class Texts:
    """Short texts, one after the other in one piece of memory."""

    def __init__(self) -> None:
        """Begin with none."""
        self._data: bytearray | mmap = bytearray()
        self._starts: array[int] | memoryview[int] = array("q", [0])

    @classmethod
    def of(cls, texts: Iterable[str]) -> Texts:
        """These, in order."""
        made = cls()
        for each in texts:
            made.append(each)
        return made

    def __len__(self) -> int:
        """How many there are."""
        return len(self._starts) - 1

    def __getitem__(self, number: int) -> str:
        """The text with that number."""
        start, end = self._starts[number : number + 2]
        return self._data[start : end - 1].decode("utf-8", errors="surrogatepass")

    def __iter__(self) -> Iterator[str]:
        """Each text, in order."""
        whole = self._data[:].decode("utf-8", errors="surrogatepass")
        return iter(whole.split("\n")[:-1])

    def append(self, text: str) -> None:
        """Add a text at the end; a line break in it becomes a space."""
        if isinstance(self._data, mmap) or isinstance(self._starts, memoryview):
            raise TypeError("texts that were put together are not added to")
        said = text.replace("\n", " ")
        self._data += f"{said}\n".encode(errors="surrogatepass")
        self._starts.append(len(self._data))

    def frozen(self) -> Arrays:
        """The arrays that they are made of."""
        return {
            "data": np.frombuffer(self._data, np.uint8)[: self._starts[-1]],
            "starts": np.frombuffer(self._starts, np.int64),
        }

    @classmethod
    def thawed(cls, arrays: Arrays) -> Texts:
        """What was `frozen`."""
        made = cls()
        made._data = bytearray(arrays["data"].tobytes())
        made._starts = array("q", arrays["starts"].tobytes())
        return made

    def spliced(self, fresh: Texts, splice: Splice) -> Texts:
        """Texts of these and of `fresh`, put together by `splice`."""
        starts = np.frombuffer(self._starts, np.int64), np.frombuffer(fresh._starts, np.int64)
        ends = splice.starts(*starts)
        made = Texts()
        made._data = _room(max(int(ends[-1]), 1))
        data, at = np.frombuffer(made._data, np.uint8), 0
        both = np.frombuffer(self._data, np.uint8), np.frombuffer(fresh._data, np.uint8)
        for part in splice.over(*starts).slices(*both):
            data[at : at + len(part)] = part
            at += len(part)
        made._starts = ends.data
        return made

    def containing(self, wanted: str) -> Iterator[int]:
        """The numbers of the texts that contain `wanted`, which holds no line break, in order."""
        sought = wanted.encode(errors="surrogatepass")
        starts = np.frombuffer(self._starts, np.int64)
        at = self._data.find(sought, 0) if len(self) else -1
        while at >= 0:
            number = int(np.searchsorted(starts, at, side="right")) - 1
            if number >= len(self):
                return
            yield number
            at = self._data.find(sought, int(starts[number + 1]))


def _room(size: int) -> mmap:
    """So many bytes; what Python itself fills or copies keeps all others from running meanwhile.

    In large pages, where the system has them, they are written in a quarter of the time.
    """
    if sys.platform != "linux":  # pragma: no cover - measured on Linux
        return mmap(-1, size)
    room = mmap(-1, size, flags=mapping.MAP_PRIVATE | mapping.MAP_ANONYMOUS)
    with suppress(OSError):  # it has none
        room.madvise(mapping.MADV_HUGEPAGE)
    return room
