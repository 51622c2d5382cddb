"""Which documents hold a term, and how often: flat arrays sorted by term, five bytes a posting.

A posting's frequency and its document's length are together one byte, a code for the pair: tweets
are short, so that few pairs occur. Pairs beyond the first 255 are escaped, and kept apart.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.arrays.array_file import Arrays, below, under
from bot.arrays.strings import Strings
from bot.search.analyzer import Analyzer
from bot.search.bm25.document_terms import DocumentTerms, DocumentTermsBuilder
from bot.search.bm25.inverter import Pairs, PostingLists, invert
from bot.search.bm25.postings_merge import NewDocIds, merged
from bot.search.bm25.term_ids import TermIds
from bot.search.bm25.vocabulary import Terms

GATHERED = 1_000_000
"""Tokens that are gathered before they may go to a file."""
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Postings:
    """All postings; immutable."""

    pairs: Pairs
    """The frequency and the length that a code stands for."""
    numbers: Terms
    """Each term's number."""
    lists: PostingLists
    """The postings themselves."""

    def frozen(self) -> Arrays:
        """The arrays that it is made of."""
        return {
            **below("terms", self.numbers.frozen()),
            "tf": self.pairs.tf,
            "lengths": self.pairs.lengths,
            **self.lists._asdict(),
        }

    @classmethod
    def thawed(cls, arrays: Arrays) -> Postings:
        """What was `frozen`."""
        pairs = Pairs(arrays["tf"], arrays["lengths"])
        terms = Terms.thawed(under("terms", arrays))
        return cls(pairs, terms, PostingLists(*(arrays[each] for each in PostingLists._fields)))

    def spliced(self, fresh: Postings, new_ids: NewDocIds) -> tuple[Postings, NDArray[np.bool_]]:
        """These and `fresh`, which were built `after` these, under the documents' new numbers.

        Args:
            fresh: postings of fresh documents.
            new_ids: int32[documents] of these and of the fresh ones: their new numbers, -1 for none.

        Returns:
            The postings, and bool[terms] of `fresh`: which terms are left. Those that no document
            holds any more are gone, and the others numbered anew.
        """
        made = merged(self.lists, fresh.lists, new_ids)
        left = np.diff(made.indptr) > 0
        numbers = fresh.numbers
        if not left.all():
            numbers = numbers.only(left)
            made = made._replace(indptr=np.append(made.indptr[:-1][left], made.indptr[-1]))
        for each in made:
            each.flags.writeable = False
        return Postings(fresh.pairs, numbers, made), left

    def __len__(self) -> int:
        """How many terms there are."""
        return len(self.numbers)

    def __iter__(self) -> Iterator[str]:
        """Each term."""
        return iter(self.numbers)

    def number(self, term: str) -> int | None:
        """The number of `term`; none where no document holds it."""
        return self.numbers.get(term)

    def frequencies(self, numbers: NDArray[np.int32]) -> Numbers:
        """How many documents hold each of the terms of these numbers: int64[n]."""
        found: Numbers = self.lists.indptr[numbers + 1] - self.lists.indptr[numbers]
        return found

    def length(self, number: int) -> int:
        """How many documents hold the term of that number."""
        start, end = self.lists.indptr[number : number + 2].tolist()
        return int(end - start)

    def frequency(self, term: str) -> int:
        """How many documents hold `term`."""
        number = self.numbers.get(term)
        return 0 if number is None else self.length(number)

    def of(self, number: int) -> tuple[NDArray[np.int32], NDArray[np.uint8], Numbers, Numbers]:
        """The postings of the term of that number: documents int32[n], ascending, and their codes
        uint8[n]; and, of those escaped, the places in these int64[m] and the frequencies int64[m].
        """
        indptr, docs, codes, escaped, escaped_tf = self.lists
        start, end = indptr[number : number + 2].tolist()
        first, last = escaped.searchsorted((start, end))
        here = escaped[first:last] - start
        return docs[start:end], codes[start:end], here, escaped_tf[first:last]


class IndexParts(NamedTuple):
    """What an index is made of."""

    postings: Postings
    """Which documents hold a term."""
    forward: DocumentTerms
    """What each document says."""
    lengths: NDArray[np.int32]
    """int32[documents]: how many terms each has."""


class PostingsBuilder:
    """Takes documents in, one by one, numbered from 0."""

    def __init__(self, analyzer: Analyzer, after: Postings | None = None) -> None:
        """Begin with none; terms and codes are those of the postings `after` which these come."""
        self._term_ids = TermIds(analyzer, after.numbers if after else Terms.of(()))
        self._pairs = after.pairs if after else Pairs.none()
        self._lengths = array("i")
        self._forward = DocumentTermsBuilder()
        self._gathered = 0

    def add(self, text: str) -> None:
        """Add a document that says `text`."""
        self._added(self._term_ids.add(text))

    def add_terms(self, terms: Sequence[str]) -> None:
        """Add a document of these terms."""
        self._added(self._term_ids.add_terms(terms))

    @property
    def words(self) -> Strings:
        """Of each term that is new, and came in a text, the word that it was first written as."""
        return self._term_ids.words

    def done(self) -> IndexParts:
        """All that was added."""
        self._forward.add(self._term_ids.take())
        lengths = np.array(self._lengths, np.int32)
        forward = self._forward.done(lengths)
        starts = np.append(forward.starts, len(forward.tokens))
        terms = self._term_ids.terms()
        pairs, lists = invert(starts, forward.tokens, len(terms), self._pairs)
        self._forward.release()
        for each in (*pairs, *lists):
            each.flags.writeable = False
        return IndexParts(Postings(pairs, terms, lists), forward, lengths)

    def _added(self, count: int) -> None:
        self._lengths.append(count)
        self._gathered += count
        if self._gathered >= GATHERED:
            self._forward.add(self._term_ids.take())
            self._gathered = 0
