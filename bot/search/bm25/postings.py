"""The inverted index: for each term the documents that contain it, in flat arrays sorted by term.

A posting takes five bytes: the document's id and a one-byte code for the pair of term frequency and
document length. Tweets are short, so few pairs occur. Pairs beyond the first 255 are escaped: their
frequencies are in a separate array.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.arrays.array_file import Arrays, with_prefix, without_prefix
from bot.arrays.strings import Strings
from bot.search.analyzer import Analyzer
from bot.search.bm25.document_terms import DocumentTerms, DocumentTermsBuilder
from bot.search.bm25.inverter import Pairs, PostingLists, invert
from bot.search.bm25.term_ids import TermIds
from bot.search.bm25.vocabulary import Terms

BUFFERED = 1_000_000
"""Tokens to collect before passing them on, as the next builder may write them to a file."""
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Postings:
    """All postings of an index; immutable."""

    pairs: Pairs
    """The frequency and the length that each code stands for."""
    terms: Terms
    """The terms and their ids."""
    lists: PostingLists
    """The posting lists."""

    def to_arrays(self) -> Arrays:
        """Return the arrays to write to a file."""
        return {
            **with_prefix("terms", self.terms.to_arrays()),
            "tf": self.pairs.tf,
            "lengths": self.pairs.lengths,
            **self.lists._asdict(),
        }

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Postings:
        """Build postings from the arrays that `to_arrays` returned."""
        pairs = Pairs(arrays["tf"], arrays["lengths"])
        terms = Terms.from_arrays(without_prefix("terms", arrays))
        return cls(pairs, terms, PostingLists(*(arrays[each] for each in PostingLists._fields)))

    def __len__(self) -> int:
        """Return the number of terms."""
        return len(self.terms)

    def __iter__(self) -> Iterator[str]:
        """Iterate over the terms, by id."""
        return iter(self.terms)

    def term_id(self, term: str) -> int | None:
        """Return the id of `term`; None if no document contains it."""
        return self.terms.get(term)

    def document_frequencies(self, term_ids: NDArray[np.int32]) -> Numbers:
        """Return how many documents contain each of the terms: int64[n]."""
        found: Numbers = self.lists.indptr[term_ids + 1] - self.lists.indptr[term_ids]
        return found

    def list_length(self, term_id: int) -> int:
        """Return how many documents contain the term with that id."""
        start, end = self.lists.indptr[term_id : term_id + 2].tolist()
        return int(end - start)

    def document_frequency(self, term: str) -> int:
        """Return how many documents contain `term`."""
        term_id = self.terms.get(term)
        return 0 if term_id is None else self.list_length(term_id)

    def list_of(self, term_id: int) -> NDArray[np.int32]:
        """Return the documents that contain the term with that id: int32[n], ascending."""
        start, end = self.lists.indptr[term_id : term_id + 2].tolist()
        return self.lists.docs[start:end]

    def of(self, term_id: int) -> tuple[NDArray[np.int32], NDArray[np.uint8], Numbers, Numbers]:
        """Return the posting list of a term.

        Returns:
            int32[n], the documents, ascending; uint8[n], their codes; int64[m], where in the list
            the escaped postings are; and int64[m], the term frequencies of these.
        """
        indptr, docs, codes, escaped, escaped_tf = self.lists
        start, end = indptr[term_id : term_id + 2].tolist()
        first, last = escaped.searchsorted((start, end))
        here = escaped[first:last] - start
        return docs[start:end], codes[start:end], here, escaped_tf[first:last]


class IndexParts(NamedTuple):
    """The arrays of an index, before it can be searched."""

    postings: Postings
    """The documents of each term."""
    forward: DocumentTerms
    """The terms of each document."""
    lengths: NDArray[np.int32]
    """int32[documents]: how many tokens each has."""

    def to_arrays(self) -> Arrays:
        """Return the arrays to write to a file."""
        return {
            **with_prefix("postings", self.postings.to_arrays()),
            **with_prefix("forward", self.forward.to_arrays()),
            "doc_len": self.lengths,
        }

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> IndexParts:
        """Build them from the arrays that `to_arrays` returned."""
        return cls(
            Postings.from_arrays(without_prefix("postings", arrays)),
            DocumentTerms.from_arrays(without_prefix("forward", arrays)),
            arrays["doc_len"],
        )


class PostingsBuilder:
    """Builds an index's arrays from documents, which get ids from 0 in the order of `add`."""

    def __init__(self, analyzer: Analyzer) -> None:
        """Create an empty builder, whose texts `analyzer` splits into terms."""
        self._term_ids = TermIds(analyzer)
        self._lengths = array("i")
        self._forward = DocumentTermsBuilder()
        self._buffered = 0

    def add(self, text: str) -> None:
        """Add a document."""
        self._count(self._term_ids.add(text))

    def add_terms(self, terms: Sequence[str]) -> None:
        """Add a document that is already split into terms."""
        self._count(self._term_ids.add_terms(terms))

    @property
    def words(self) -> Strings:
        """The word as first written, for each term that came from a text."""
        return self._term_ids.words

    def done(self) -> IndexParts:
        """Build the index's arrays; the builder cannot be used again."""
        self._forward.add(self._term_ids.take())
        lengths = np.array(self._lengths, np.int32)
        forward = self._forward.done(lengths)
        starts = np.append(forward.starts, len(forward.tokens))
        terms = self._term_ids.terms()
        pairs, lists = invert(starts, forward.tokens, len(terms))
        self._forward.release()
        for each in (*pairs, *lists):
            each.flags.writeable = False
        return IndexParts(Postings(pairs, terms, lists), forward, lengths)

    def _count(self, tokens: int) -> None:
        """Record the length of the document that was just added."""
        self._lengths.append(tokens)
        self._buffered += tokens
        if self._buffered >= BUFFERED:
            self._forward.add(self._term_ids.take())
            self._buffered = 0
