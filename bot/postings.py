"""Which documents hold a term, and how often: flat arrays sorted by term, five bytes a posting.

A posting's frequency and its document's length are together one byte, a code for the pair: tweets
are short, so that few pairs occur. Pairs beyond the first 255 are escaped, and kept apart.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.forward import Forward, ForwardBuilder
from bot.frozen import Arrays
from bot.splice import inserted, places

ESCAPE = 255
CHUNK = 2_000_000
"""Tokens that are gathered before they are sorted by term."""
LONGEST = 2**20
"""Above each frequency and length: a pair is one number."""
Numbers = NDArray[np.int64]
Moved = tuple[NDArray[np.int32], NDArray[np.int32]]
"""The new numbers of old and of fresh documents, int32[documents] each; -1 for none."""


@dataclass(frozen=True, slots=True)
class Postings:
    """All postings; immutable."""

    pairs: tuple[Numbers, Numbers]
    """int64[256] each: the frequency and the length that a code stands for."""
    numbers: Mapping[str, int]
    """Each term's number."""
    _indptr: Numbers
    _docs: NDArray[np.int32]
    _codes: NDArray[np.uint8]
    _escaped: Numbers
    _escaped_tf: Numbers

    def frozen(self) -> Arrays:
        """The arrays that it is made of."""
        terms = "\n".join(self.numbers).encode(errors="surrogatepass")
        return {
            "tf": self.pairs[0],
            "lengths": self.pairs[1],
            "indptr": self._indptr,
            "docs": self._docs,
            "codes": self._codes,
            "escaped": self._escaped,
            "escaped_tf": self._escaped_tf,
            "terms": np.frombuffer(terms, np.uint8),
        }

    @classmethod
    def thawed(cls, arrays: Arrays) -> Postings:
        """What was `frozen`."""
        terms = arrays["terms"].tobytes().decode(errors="surrogatepass")
        names = ("indptr", "docs", "codes", "escaped", "escaped_tf")
        numbers = {term: number for number, term in enumerate(terms.split("\n"))} if terms else {}
        return cls((arrays["tf"], arrays["lengths"]), numbers, *(arrays[each] for each in names))

    def spliced(self, fresh: Postings, moved: Moved) -> tuple[Postings, NDArray[np.bool_]]:
        """These and `fresh`, which were built `after` these, under the documents' new numbers.

        Args:
            fresh: postings of fresh documents.
            moved: int32[documents] of these and of the fresh ones: their new numbers, -1 for none.

        Returns:
            The postings, and bool[terms] of `fresh`: which terms are left. Those that no document
            holds any more are gone, and the others numbered anew.
        """
        docs, codes, indptr = self._docs, self._codes, self._indptr
        escaped, escaped_tf = self._escaped, self._escaped_tf
        if (moved[0] != np.arange(len(moved[0]))).any():
            docs = moved[0][docs]
        stay = docs >= 0
        if not stay.all():
            before = np.concatenate(([0], np.cumsum(stay, dtype=np.int64)))
            left = stay[escaped]
            escaped, escaped_tf = before[escaped[left]], escaped_tf[left]
            docs, codes, indptr = docs[stay], codes[stay], before[indptr]
        indptr = np.pad(indptr, (0, len(fresh) - len(self)), mode="edge")
        terms = np.diff(fresh._indptr).nonzero()[0]
        theirs = moved[1][fresh._docs]
        at = places(docs, (indptr[terms], indptr[terms + 1]), theirs, fresh._indptr[terms])
        escaped = np.concatenate(
            (escaped + at.searchsorted(escaped, side="right"), at[fresh._escaped] + fresh._escaped)
        )
        order = escaped.argsort()
        indptr = indptr + fresh._indptr
        left = np.diff(indptr) > 0
        numbers = fresh.numbers
        if not left.all():
            names = (term for term, stays in zip(numbers, left.tolist(), strict=True) if stays)
            numbers = {term: number for number, term in enumerate(names)}
            indptr = np.append(indptr[:-1][left], indptr[-1])
        arrays = (
            indptr,
            inserted(at, docs, theirs),
            inserted(at, codes, fresh._codes),
            escaped[order],
            np.concatenate((escaped_tf, fresh._escaped_tf))[order],
        )
        for each in arrays:
            each.flags.writeable = False
        return Postings(fresh.pairs, numbers, *arrays), left

    def __len__(self) -> int:
        """How many terms there are."""
        return len(self.numbers)

    def __iter__(self) -> Iterator[str]:
        """Each term."""
        return iter(self.numbers)

    @property
    def nbytes(self) -> int:
        """Bytes of the arrays; the terms themselves are beside them."""
        arrays = (self._indptr, self._docs, self._codes, self._escaped, self._escaped_tf)
        return sum(each.nbytes for each in arrays)

    def number(self, term: str) -> int | None:
        """The number of `term`; none where no document holds it."""
        return self.numbers.get(term)

    def frequencies(self, numbers: NDArray[np.int32]) -> Numbers:
        """How many documents hold each of the terms of these numbers: int64[n]."""
        found: Numbers = self._indptr[numbers + 1] - self._indptr[numbers]
        return found

    def long(self, least: int) -> list[int]:
        """The numbers of the terms that at least so many documents hold."""
        found: list[int] = (np.diff(self._indptr) >= least).nonzero()[0].tolist()
        return found

    def length(self, number: int) -> int:
        """How many documents hold the term of that number."""
        start, end = self._indptr[number : number + 2].tolist()
        return int(end - start)

    def frequency(self, term: str) -> int:
        """How many documents hold `term`."""
        number = self.numbers.get(term)
        return 0 if number is None else self.length(number)

    def of(self, number: int) -> tuple[NDArray[np.int32], NDArray[np.uint8], Numbers, Numbers]:
        """The postings of the term of that number: documents int32[n], ascending, and their codes
        uint8[n]; and, of those escaped, the places in these int64[m] and the frequencies int64[m].
        """
        start, end = self._indptr[number : number + 2].tolist()
        if not len(self._escaped):
            return self._docs[start:end], self._codes[start:end], self._escaped, self._escaped_tf
        first, last = np.searchsorted(self._escaped, (start, end))
        escaped = self._escaped[first:last] - start
        return self._docs[start:end], self._codes[start:end], escaped, self._escaped_tf[first:last]


class Parts(NamedTuple):
    """What an index is made of."""

    postings: Postings
    """Which documents hold a term."""
    forward: Forward
    """What each document says."""
    lengths: NDArray[np.int32]
    """int32[documents]: how many terms each has."""


class PostingsBuilder:
    """Takes documents in, one by one, numbered from 0."""

    def __init__(self, after: Postings | None = None) -> None:
        """Begin with none; terms and codes are those of the postings `after` which these come."""
        self._numbers: defaultdict[str, int] = defaultdict(None, after.numbers if after else {})
        self._numbers.default_factory = self._numbers.__len__
        self._lengths = array("i")
        self._codes: dict[int, int] = {}
        if after:
            known = after.pairs[0] * LONGEST + after.pairs[1]
            used = known[after.pairs[1] > 0].tolist()
            self._codes = {pair: code for code, pair in enumerate(used)}
        self._runs: list[_Run] = []
        self._forward = ForwardBuilder()
        self._tokens = array("i")
        self._sorted = 0

    def add(self, document: Sequence[str]) -> None:
        """Add a document of these terms."""
        self._tokens.extend(map(self._numbers.__getitem__, document))
        self._lengths.append(len(document))
        if len(self._tokens) >= CHUNK:
            self._sort()

    def done(self) -> Parts:
        """All that was added."""
        self._sort()
        self._numbers.default_factory = None
        lengths = np.array(self._lengths, np.int32)
        counts = np.zeros(len(self._numbers), np.int64)
        for run in self._runs:
            counts[run.terms] += run.counts
        indptr = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
        docs, codes = np.empty(indptr[-1], np.int32), np.empty(indptr[-1], np.uint8)
        escaped: list[Numbers] = []
        tf: list[Numbers] = []
        free = indptr[:-1].copy()
        while self._runs:
            run = self._runs.pop(0)
            # Each term's postings of this run go behind those of the runs before it.
            shift = free[run.terms] - np.concatenate(([0], np.cumsum(run.counts)[:-1]))
            places = np.arange(len(run.docs)) + np.repeat(shift, run.counts)
            free[run.terms] += run.counts
            docs[places], codes[places] = run.docs, run.codes
            escaped.append(places[run.codes == ESCAPE])
            tf.append(run.escaped_tf)
        every = np.concatenate(escaped or [np.empty(0, np.int64)])
        order = np.argsort(every)
        starts = np.concatenate(([0], np.cumsum(lengths, dtype=np.int64)))
        known = np.zeros(ESCAPE + 1, np.int64)
        known[: len(self._codes)] = list(self._codes)
        pairs = (np.maximum(known // LONGEST, 1), known % LONGEST)
        arrays = (
            indptr,
            docs,
            codes,
            every[order],
            np.concatenate(tf or [np.empty(0, np.int64)])[order],
        )
        for each in (*pairs, *arrays):
            each.flags.writeable = False
        return Parts(Postings(pairs, self._numbers, *arrays), self._forward.done(starts), lengths)

    def _sort(self) -> None:
        """Make a run of what is gathered."""
        lengths = np.array(self._lengths[self._sorted :], np.int64)
        tokens = np.array(self._tokens, np.int32)
        owners = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
        self._forward.add(tokens)
        self._tokens = array("i")
        # Documents are in order, so that a term's occurrences in one stand together.
        order = np.argsort(tokens, kind="stable")
        tokens, owners = tokens[order], owners[order]
        begins = np.flatnonzero(
            (np.diff(tokens, prepend=-1) != 0) | (np.diff(owners, prepend=-1) != 0)
        )
        tf = np.diff(begins, append=len(tokens))
        terms, docs = tokens[begins], owners[begins]
        lengths = lengths[docs]
        docs += self._sorted
        self._sorted = len(self._lengths)
        pairs, at = np.unique(
            np.minimum(tf, LONGEST - 1) * LONGEST + np.minimum(lengths, LONGEST - 1),
            return_inverse=True,
        )
        codes = np.array([self._code(pair) for pair in pairs.tolist()], np.uint8)[at]
        firsts = np.flatnonzero(np.diff(terms, prepend=-1))
        found, counts = terms[firsts], np.diff(firsts, append=len(terms))
        self._runs.append(_Run(found, counts, docs, codes, tf[codes == ESCAPE]))

    def _code(self, pair: int) -> int:
        """The code of a pair; the first ones that occur get one of their own."""
        if len(self._codes) < ESCAPE:
            return self._codes.setdefault(pair, len(self._codes))
        return self._codes.get(pair, ESCAPE)


@dataclass(frozen=True, slots=True)
class _Run:
    """Postings of some documents, sorted by term."""

    terms: NDArray[np.int32]
    counts: Numbers
    docs: NDArray[np.int32]
    codes: NDArray[np.uint8]
    escaped_tf: Numbers
