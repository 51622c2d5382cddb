"""What each document says, as term numbers in its own order; a large one waits in a file.

Phrases are looked for in it, and the words that the best documents share. It is four bytes a
token, of which a question reads a few thousand: so it is mapped from a nameless file, and memory
holds only what is read of it.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from typing import IO

import numpy as np
from numpy.typing import NDArray

from bot.frozen import Arrays
from bot.splice import Splice

IN_MEMORY = 4_000_000
"""Tokens that are kept in memory; more wait in a file."""


@dataclass(frozen=True, slots=True)
class Forward:
    """All documents; immutable."""

    _starts: NDArray[np.int64]
    _terms: NDArray[np.int32]

    def frozen(self) -> Arrays:
        """The arrays that it is made of."""
        return {"starts": self._starts, "terms": self._terms}

    @classmethod
    def thawed(cls, arrays: Arrays) -> Forward:
        """What was `frozen`."""
        return cls(arrays["starts"], arrays["terms"])

    def spliced(
        self, fresh: Forward, splice: Splice, renumbered: NDArray[np.int32] | None
    ) -> Forward:
        """Both, put together by `splice`; terms under the numbers that they have now, if others."""
        builder = ForwardBuilder()
        parts = splice.over(self._starts, fresh._starts)
        for part in parts.slices(self._terms, fresh._terms):
            builder.add(part if renumbered is None else renumbered[part])
        return builder.done(splice.starts(self._starts, fresh._starts))

    def of(self, docs: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """What `docs` say, int32[tokens], one after the other; and, for each of these tokens, which
        of `docs` says it: int64[tokens], places in `docs`.
        """
        starts = self._starts[docs]
        lengths = self._starts[docs + 1] - starts
        ends = lengths.cumsum()
        owners = np.arange(len(docs)).repeat(lengths)
        at = (starts + lengths - ends)[owners]
        at += np.arange(len(at))
        return self._terms[at], owners


class ForwardBuilder:
    """Takes the documents' terms in, one document after the other."""

    def __init__(self) -> None:
        """Begin with none."""
        self._parts: list[NDArray[np.int32]] = []
        self._file: IO[bytes] | None = None
        self._kept = 0

    def add(self, terms: NDArray[np.int32]) -> None:
        """Add what the next documents say."""
        self._parts.append(terms)
        self._kept += len(terms)
        if self._kept > IN_MEMORY:
            if self._file is None:
                self._file = tempfile.TemporaryFile()  # noqa: SIM115  # as long as it is mapped
            for each in self._parts:
                self._file.write(each.data)
            self._parts.clear()
            self._kept = 0

    def done(self, starts: NDArray[np.int64]) -> Forward:
        """All that was added; int64[documents + 1] `starts` says where each document begins."""
        terms: NDArray[np.int32]
        if self._file is None:
            terms = np.concatenate([np.empty(0, np.int32), *self._parts])
        else:
            for each in self._parts:
                self._file.write(each.data)
            self._file.flush()
            terms = np.asarray(np.memmap(self._file, np.int32, mode="r"))
            self._file.close()  # what is mapped stays
        starts.flags.writeable = terms.flags.writeable = False
        self._parts.clear()
        return Forward(starts, terms)
