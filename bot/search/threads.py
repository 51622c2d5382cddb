"""Which tweets are of which thread. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


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
