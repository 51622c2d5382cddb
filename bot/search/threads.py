"""Which tweets are of which thread. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.search.offsets import Offsets

Numbers = NDArray[np.int64]


class AnyThreads(Protocol):
    """The threads of an index or of a stack of layers. A thread's tweets are neighbours."""

    @property
    def ascend(self) -> bool:
        """Whether the numbers of tweets ascend in order: by their threads' order, then position."""

    def thread_of(self, docs: Numbers) -> NDArray[np.int32]:
        """Return int32[n]: the thread of each of `docs`, int64[n], which ascend."""

    def first_of(self, threads: NDArray[np.int32]) -> Numbers:
        """Return int64[n]: the document of the first tweet of each of `threads`, which ascend."""

    def in_order(self, threads: NDArray[np.int32]) -> Numbers | None:
        """Return which tweet is where in order.

        Args:
            threads: int32[n], the threads of tweets that ascend.

        Returns:
            int64[n], the tweets' places in order; None if they are in order as they are.
        """


@dataclass(frozen=True, slots=True)
class Threads:
    """The threads of an index, whose tweets are neighbours in it, in order."""

    starts: NDArray[np.int64]
    """int64[threads]: the document of each thread's first tweet, ascending."""
    of: NDArray[np.int32]
    """int32[tweets]: the thread of each document. Four bytes a tweet, as searching is slower."""

    @classmethod
    def at(cls, starts: NDArray[np.int64], tweets: int) -> Threads:
        """Return the threads that start at these documents, of `tweets` documents in total."""
        sizes = np.diff(starts, append=tweets)
        return cls(starts, np.arange(len(starts), dtype=np.int32).repeat(sizes))

    @property
    def ascend(self) -> bool:
        """Whether the numbers of tweets ascend in order: always."""
        return True

    def thread_of(self, docs: Numbers) -> NDArray[np.int32]:
        """Return int32[n]: the thread of each of `docs`."""
        return self.of[docs]

    def first_of(self, threads: NDArray[np.int32]) -> Numbers:
        """Return int64[n]: the document of the first tweet of each of `threads`."""
        return self.starts[threads]

    def in_order(self, threads: NDArray[np.int32]) -> Numbers | None:
        """Return None: the numbers of tweets ascend in order."""
        del threads
        return None


class LayeredThreads:
    """The threads of a stack of layers, numbered layer after layer. It shares their arrays."""

    def __init__(self, parts: Sequence[tuple[Threads, Numbers]]) -> None:
        """Put layers together.

        Args:
            parts: each layer's threads, and int64[threads], the order of these among the threads of
                all layers, strictly ascending.
        """
        self._parts = [threads for threads, _ in parts]
        self._orders = [order for _, order in parts]
        self._documents = Offsets.of(len(each.of) for each in self._parts)
        self._threads = Offsets.of(len(each.starts) for each in self._parts)
        ends = [(int(each[0]), int(each[-1])) for each in self._orders if len(each)]
        self.ascend = all(one[1] < other[0] for one, other in pairwise(ends))
        """Whether the numbers of tweets ascend in order."""

    def thread_of(self, docs: Numbers) -> NDArray[np.int32]:
        """Return int32[n]: the thread of each of `docs`, int64[n], which ascend."""
        found = np.empty(len(docs), np.int32)
        for part, here, own in self._documents.slices(docs):
            threads = self._parts[part].of.take(own)
            np.add(threads, self._threads.starts[part].astype(np.int32), out=found[here])
        return found

    def first_of(self, threads: NDArray[np.int32]) -> Numbers:
        """Return int64[n]: the document of the first tweet of each of `threads`, which ascend."""
        found = np.empty(len(threads), np.int64)
        for part, here, own in self._threads.slices(threads):
            starts = self._parts[part].starts.take(own)
            np.add(starts, self._documents.starts[part], out=found[here])
        return found

    def order_of(self, threads: NDArray[np.int32]) -> Numbers:
        """Return int64[n]: the order of each of `threads`, which ascend."""
        found = np.empty(len(threads), np.int64)
        for part, here, own in self._threads.slices(threads):
            found[here] = self._orders[part][own]
        return found

    def in_order(self, threads: NDArray[np.int32]) -> Numbers | None:
        """Return which tweet is where in order; see `AnyThreads`."""
        if self.ascend:
            return None
        keys = self.order_of(threads)
        if (keys[1:] >= keys[:-1]).all():
            return None
        return keys.argsort(kind="stable")  # merges the layers, each of which is sorted
