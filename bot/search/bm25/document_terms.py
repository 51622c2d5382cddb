"""What each document says, as term numbers in its own order; a large one waits in a file.

Phrases are looked for in it, and the words that the best documents share. It is four bytes a
token, of which a question reads a few thousand: so it is mapped from a nameless file, and memory
holds only what is read of it.
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
"""Tokens that are kept in memory; more wait in a file."""
AT_A_TIME = 50_000
"""Documents that are moved at a time."""
DONT_NEED: int | None = getattr(mapping, "MADV_DONTNEED", None)
"""Not everywhere."""
LITTLE = 8
"""As long as no more than one token in so many stands apart, or is said no more, none is moved."""


@dataclass(frozen=True, slots=True)
class DocumentTerms:
    """All documents; immutable. What later ones say may stand apart, so as to be added soon."""

    starts: NDArray[np.int64]
    """int64[documents]: where what each says begins."""
    lengths: NDArray[np.int32]
    """int32[documents]: how many tokens that is."""
    tokens: NDArray[np.int32]
    """int32[tokens]: what documents say; there may be some that no document says any more."""
    later: NDArray[np.int32]
    """int32[tokens]: goes on behind `tokens`."""

    def to_arrays(self) -> Arrays:
        """The arrays that it is made of."""
        tokens = np.concatenate((self.tokens, self.later)) if len(self.later) else self.tokens
        return {"starts": self.starts, "lengths": self.lengths, "tokens": tokens}

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> DocumentTerms:
        """What `to_arrays` returned."""
        none = np.empty(0, np.int32)
        return cls(arrays["starts"], arrays["lengths"], arrays["tokens"], none)

    def spliced(
        self, fresh: DocumentTerms, splice: Splice, renumbered: NDArray[np.int32] | None
    ) -> DocumentTerms:
        """Both, put together by `splice`; terms under the numbers that they have now, if others."""
        lengths = splice.array(self.lengths, fresh.lengths)
        end = len(self.tokens) + len(self.later)
        starts = splice.array(self.starts, fresh.starts + end)
        said = int(lengths.sum(dtype=np.int64))
        gone = end + len(fresh.tokens) - said
        apart = len(self.later) + len(fresh.tokens)
        if renumbered is None and max(gone, apart) * LITTLE <= said:
            later = np.concatenate((self.later, fresh.tokens))
            return _fixed(DocumentTerms(starts, lengths, self.tokens, later))
        both = DocumentTerms(
            starts, lengths, self.tokens, np.concatenate((self.later, fresh.tokens))
        )
        builder = DocumentTermsBuilder()
        for first in range(0, len(starts), AT_A_TIME):
            some = np.arange(first, min(first + AT_A_TIME, len(starts)))
            part = both.of(some)[0]
            builder.add(part if renumbered is None else renumbered[part])
        return builder.done(lengths)

    def of(self, docs: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """What `docs` say, int32[tokens], one after the other; and, for each of these tokens, which
        of `docs` says it: int64[tokens], places in `docs`.
        """
        lengths = self.lengths[docs].astype(np.int64)
        ends = lengths.cumsum()
        owners = np.arange(len(docs)).repeat(lengths)
        at = (self.starts[docs] + lengths - ends)[owners]
        at += np.arange(len(at))
        late = at >= len(self.tokens)
        if not late.any():
            return self.tokens[at], owners
        said = np.empty(len(at), np.int32)
        said[late] = self.later[at[late] - len(self.tokens)]
        said[~late] = self.tokens[at[~late]]
        return said, owners


def _fixed(forward: DocumentTerms) -> DocumentTerms:
    for each in (forward.starts, forward.lengths, forward.tokens, forward.later):
        each.flags.writeable = False
    return forward


class DocumentTermsBuilder:
    """Takes the documents' terms in, one document after the other."""

    def __init__(self) -> None:
        """Begin with none."""
        self._parts: list[NDArray[np.int32]] = []
        self._file: IO[bytes] | None = None
        self._mapped: mmap | None = None
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

    def release(self) -> None:
        """Give back the memory that holds what was read of the file; it may be read again."""
        if self._mapped is not None and DONT_NEED is not None:
            self._mapped.madvise(DONT_NEED)

    def done(self, lengths: NDArray[np.int32]) -> DocumentTerms:
        """All that was added; int32[documents] `lengths` says how many tokens each document has."""
        terms: NDArray[np.int32]
        if self._file is None:
            terms = np.concatenate([np.empty(0, np.int32), *self._parts])
        else:
            for each in self._parts:
                self._file.write(each.data)
            self._file.flush()
            self._mapped = mmap(self._file.fileno(), 0, access=ACCESS_READ)
            terms = np.frombuffer(self._mapped, np.int32)
            self._file.close()  # what is mapped stays
        self._parts.clear()
        starts = np.cumsum(lengths, dtype=np.int64) - lengths
        return _fixed(DocumentTerms(starts, lengths, terms, np.empty(0, np.int32)))
