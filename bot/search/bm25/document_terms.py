"""The forward index: the terms of each document, in order. Phrases and feedback read it.

It takes four bytes per token, and a question reads a few thousand tokens. A large one is therefore
mapped from a temporary file, so that only the pages that are read take memory.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from mmap import ACCESS_READ, mmap
from typing import IO

import numpy as np
from numpy.typing import NDArray

from bot.arrays.array_file import DONT_NEED, Arrays

IN_MEMORY = 4_000_000
"""Tokens that a builder keeps in memory; beyond that it writes to a file."""


@dataclass(frozen=True, slots=True)
class DocumentTerms:
    """The terms of all documents; immutable."""

    starts: NDArray[np.int64]
    """int64[documents]: where each document's tokens start in `tokens`."""
    lengths: NDArray[np.int32]
    """int32[documents]: how many tokens each has."""
    tokens: NDArray[np.int32]
    """int32[tokens]: term ids, document after document."""

    def to_arrays(self) -> Arrays:
        """Return the arrays to write to a file."""
        return {"starts": self.starts, "lengths": self.lengths, "tokens": self.tokens}

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> DocumentTerms:
        """Build the index from the arrays that `to_arrays` returned."""
        return cls(arrays["starts"], arrays["lengths"], arrays["tokens"])

    def of_one(self, doc: int) -> NDArray[np.int32]:
        """Return the tokens of a document: int32[tokens], term ids."""
        start = int(self.starts[doc])
        return self.tokens[start : start + int(self.lengths[doc])]

    def of_run(self, start: int, end: int) -> NDArray[np.int32]:
        """Return the tokens of the documents from `start` to below `end`, of one at least."""
        last = end - 1
        return self.tokens[int(self.starts[start]) : int(self.starts[last] + self.lengths[last])]

    def of(self, docs: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Return the tokens of documents.

        Args:
            docs: int64[n], document ids.

        Returns:
            int32[tokens], the term ids, document after document; and int64[tokens], the position in
            `docs` of the document that each token is from.
        """
        lengths = self.lengths[docs].astype(np.int64)
        ends = lengths.cumsum()
        owners = np.arange(len(docs)).repeat(lengths)
        at = (self.starts[docs] + lengths - ends)[owners]
        at += np.arange(len(at))
        return self.tokens[at], owners


class DocumentTermsBuilder:
    """Collects the terms of documents, in memory or in a temporary file."""

    def __init__(self) -> None:
        """Create an empty builder."""
        self._parts: list[NDArray[np.int32]] = []
        self._file: IO[bytes] | None = None
        self._mapped: mmap | None = None
        self._kept = 0

    def add(self, terms: NDArray[np.int32]) -> None:
        """Add the term ids of the next documents: int32[tokens]."""
        self._parts.append(terms)
        self._kept += len(terms)
        if self._kept > IN_MEMORY:
            if self._file is None:
                self._file = tempfile.TemporaryFile()  # noqa: SIM115  # stays open until it is mapped
            for each in self._parts:
                self._file.write(each.data)
            self._parts.clear()
            self._kept = 0

    def release(self) -> None:
        """Free the memory of the file's pages that were read; they can be read again."""
        if self._mapped is not None and DONT_NEED is not None:
            self._mapped.madvise(DONT_NEED)

    def done(self, lengths: NDArray[np.int32]) -> DocumentTerms:
        """Return what was added.

        Args:
            lengths: int32[documents], how many of the added tokens each document has.
        """
        terms: NDArray[np.int32]
        if self._file is None:
            terms = np.concatenate([np.empty(0, np.int32), *self._parts])
        else:
            for each in self._parts:
                self._file.write(each.data)
            self._file.flush()
            self._mapped = mmap(self._file.fileno(), 0, access=ACCESS_READ)
            terms = np.frombuffer(self._mapped, np.int32)
            self._file.close()  # the mapping stays valid
        self._parts.clear()
        starts = np.cumsum(lengths, dtype=np.int64) - lengths
        for each in (starts, lengths, terms):
            each.flags.writeable = False
        return DocumentTerms(starts, lengths, terms)
