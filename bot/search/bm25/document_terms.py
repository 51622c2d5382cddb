"""The forward index: the terms of each document, in order. Phrases and feedback read it.

It takes four bytes per token, and a question reads a few thousand tokens. A large one is therefore
mapped from a temporary file, so that only the pages that are read take memory.
"""

from __future__ import annotations

import mmap as mapping
import tempfile
from dataclasses import dataclass
from mmap import ACCESS_READ, mmap
from typing import IO

import numpy as np
from numpy.typing import NDArray

from bot.arrays.array_file import Arrays
from bot.arrays.splice import Splice

IN_MEMORY = 4_000_000
"""Tokens that a builder keeps in memory; beyond that it writes to a file."""
BATCH = 50_000
"""Documents to copy at a time."""
DONT_NEED: int | None = getattr(mapping, "MADV_DONTNEED", None)
"""The advice that frees a mapping's pages; not available on Windows."""
COMPACT_AT = 8
"""Compact once more than 1 in 8 tokens is in `later`, or belongs to a deleted document."""


@dataclass(frozen=True, slots=True)
class DocumentTerms:
    """The terms of all documents; immutable.

    Added documents go to `later`, so that a small load does not copy all tokens.
    """

    starts: NDArray[np.int64]
    """int64[documents]: where each document's tokens start in `tokens`, continued by `later`."""
    lengths: NDArray[np.int32]
    """int32[documents]: how many tokens each has."""
    tokens: NDArray[np.int32]
    """int32[tokens]: term ids; some may belong to documents that were deleted."""
    later: NDArray[np.int32]
    """int32[tokens]: the term ids of documents that were added since."""

    def to_arrays(self) -> Arrays:
        """Return the arrays to write to a file."""
        tokens = np.concatenate((self.tokens, self.later)) if len(self.later) else self.tokens
        return {"starts": self.starts, "lengths": self.lengths, "tokens": tokens}

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> DocumentTerms:
        """Build the index from the arrays that `to_arrays` returned."""
        none = np.empty(0, np.int32)
        return cls(arrays["starts"], arrays["lengths"], arrays["tokens"], none)

    def spliced(
        self, fresh: DocumentTerms, splice: Splice, renumbered: NDArray[np.int32] | None
    ) -> DocumentTerms:
        """Merge with the terms of new documents.

        Args:
            fresh: the new documents.
            splice: how the merged documents are made of both.
            renumbered: int32[terms], the new id of each term; None if ids stay as they are.
        """
        lengths = splice.array(self.lengths, fresh.lengths)
        end = len(self.tokens) + len(self.later)
        starts = splice.array(self.starts, fresh.starts + end)
        used = int(lengths.sum(dtype=np.int64))
        unused = end + len(fresh.tokens) - used
        apart = len(self.later) + len(fresh.tokens)
        if renumbered is None and max(unused, apart) * COMPACT_AT <= used:
            later = np.concatenate((self.later, fresh.tokens))
            return _fixed(DocumentTerms(starts, lengths, self.tokens, later))
        both = DocumentTerms(
            starts, lengths, self.tokens, np.concatenate((self.later, fresh.tokens))
        )
        builder = DocumentTermsBuilder()
        for first in range(0, len(starts), BATCH):
            some = np.arange(first, min(first + BATCH, len(starts)))
            part = both.of(some)[0]
            builder.add(part if renumbered is None else renumbered[part])
        return builder.done(lengths)

    def of_one(self, doc: int) -> NDArray[np.int32]:
        """Return the tokens of a document: int32[tokens], term ids."""
        start, length = int(self.starts[doc]), int(self.lengths[doc])
        if start < len(self.tokens):
            return self.tokens[start : start + length]
        start -= len(self.tokens)
        return self.later[start : start + length]

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
        late = at >= len(self.tokens)
        if not late.any():
            return self.tokens[at], owners
        tokens = np.empty(len(at), np.int32)
        tokens[late] = self.later[at[late] - len(self.tokens)]
        tokens[~late] = self.tokens[at[~late]]
        return tokens, owners


def _fixed(forward: DocumentTerms) -> DocumentTerms:
    """Make the arrays read-only."""
    for each in (forward.starts, forward.lengths, forward.tokens, forward.later):
        each.flags.writeable = False
    return forward


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
        return _fixed(DocumentTerms(starts, lengths, terms, np.empty(0, np.int32)))
