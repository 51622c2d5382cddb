"""The C kernels. Arrays are C-contiguous; those named `out_*` are written to."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

VERSION: int

class TermIds:
    """Turns texts into term ids, with a cache of chunks, the texts between spaces."""

    def __init__(self, read: Callable[[str], Sequence[int]], most: int, /) -> None:
        """Create it with an empty cache.

        Args:
            read: returns the term ids of a chunk.
            most: the most chunks to cache, 1 to 67,108,864.

        Raises:
            ValueError: `most` is out of range.
        """
    def add(self, text: str, /) -> int:
        """Add a text. Returns how many terms it has, with repetitions.

        Raises:
            UnicodeEncodeError: it contains a lone surrogate, which UTF-8 cannot encode.
        """
    def take(self) -> bytes:
        """Return the term ids that were added since the last call: int32[tokens], as bytes."""

def term_starts(
    starts: NDArray[np.int64], tokens: NDArray[np.int32], out_indptr: NDArray[np.int64], /
) -> None:
    """Compute where each term's posting list starts.

    Args:
        starts: int64[documents + 1], where each document's tokens start.
        tokens: int32[tokens], the term ids.
        out_indptr: int64[terms + 1], receives the starts.
    """

def inverted(
    starts: NDArray[np.int64],
    tokens: NDArray[np.int32],
    indptr: NDArray[np.int64],
    out_docs: NDArray[np.int32],
    out_codes: NDArray[np.uint8],
    out_tf: NDArray[np.int64],
    out_lengths: NDArray[np.int64],
    /,
) -> tuple[bytes, bytes]:
    """Build posting lists.

    Args:
        starts: int64[documents + 1], where each document's tokens start.
        tokens: int32[tokens], the term ids.
        indptr: int64[terms + 1], from `term_starts`.
        out_docs: int32[postings], receives the documents.
        out_codes: uint8[postings], receives the codes.
        out_tf: int64[256], receives the frequencies of the codes that are used.
        out_lengths: int64[256], receives their lengths.

    Returns:
        As bytes, of the escaped postings: the positions int64[n], in no order, and the
        frequencies int64[n].
    """

class Layer:
    """The arrays of an index, which must not change."""

    def __init__(
        self,
        indptr: NDArray[np.int64],
        docs: NDArray[np.int32],
        codes: NDArray[np.uint8],
        escaped: NDArray[np.int64],
        escaped_tf: NDArray[np.int64],
        lengths: NDArray[np.int32],
        shares: NDArray[np.float64],
        of_codes: NDArray[np.int64],
        starts: NDArray[np.int64],
        tokens: NDArray[np.int32],
        stops: NDArray[np.bool_],
        terms: NDArray[np.uint8],
        term_starts: NDArray[np.int64],
        hashes: NDArray[np.uint32],
        term_ids: NDArray[np.int32],
        k1: float,
        b: float,
        avgdl: float,
        /,
    ) -> None:
        """Create a layer.

        Args:
            indptr: with docs, codes, escaped and escaped_tf: `PostingLists`.
            docs: see indptr.
            codes: see indptr.
            escaped: see indptr.
            escaped_tf: see indptr.
            lengths: int32[documents], the documents' lengths in tokens.
            shares: float64[256], `BM25.share` of each code.
            of_codes: int64[256], the length of each code.
            starts: with tokens: `DocumentTerms`.
            tokens: see starts.
            stops: bool[terms], which terms are stop words.
            terms: with term_starts, hashes and term_ids: the arrays of `Terms`.
            term_starts: see terms.
            hashes: see terms.
            term_ids: see terms.
            k1: BM25's k1.
            b: BM25's b.
            avgdl: the documents' average length in tokens.
        """

class Searcher:
    """Searches a stack of layers as one index. Their documents are numbered layer after layer."""

    def __init__(
        self,
        layers: tuple[
            tuple[Layer | None, NDArray[np.bool_], NDArray[np.int32], NDArray[np.int64]], ...
        ],
        documents: int,
        /,
    ) -> None:
        """Create a searcher.

        Args:
            layers: each layer with `native.Masks`.
            documents: how many documents are not masked.
        """
    def ranked(
        self,
        terms: list[str],
        feedback: float,
        first: int,
        learned: int,
        least: int,
        depth: int,
        out_docs: NDArray[np.int64],
        out_scores: NDArray[np.float64],
        /,
    ) -> int:
        """Find the best documents, with feedback. Does `best`, `learn` and `boosts` in one call.

        Args:
            terms: the terms of the question.
            feedback: the weight of feedback; 0 turns it off.
            first: how many of the best documents to learn from.
            learned: how many terms to learn, at most 64.
            least: how many documents must contain a learned term.
            depth: how many documents get feedback's scores, if k is less.
            out_docs: int64[k], receives document ids, best first.
            out_scores: float64[k], receives their scores.

        Returns:
            How many documents were found, at most k.

        Raises:
            ValueError: `learned` is out of range.
        """
    def resolve(
        self,
        terms: tuple[str, ...],
        out_term_ids: NDArray[np.int32],
        out_weights: NDArray[np.float64],
        /,
    ) -> tuple[int, int]:
        """Look up terms.

        Args:
            terms: n terms.
            out_term_ids: int32[layers, n], whose first columns receive the ids in each layer of
                those that documents contain; -1 in a layer without the term.
            out_weights: float64[n], receives their weights.

        Returns:
            How many terms documents contain, and how many postings they have.
        """
    def best(
        self,
        term_ids: NDArray[np.int32],
        weights: NDArray[np.float64],
        out_docs: NDArray[np.int64],
        out_scores: NDArray[np.float64],
        /,
    ) -> int:
        """Find the best documents.

        Args:
            term_ids: int32[layers, n], the terms of the query; see `resolve`.
            weights: float64[n], their weights.
            out_docs: int64[k], receives document ids, best first.
            out_scores: float64[k], receives their scores.

        Returns:
            How many documents were found, at most k.
        """
    def match(
        self,
        term_ids: NDArray[np.int32],
        weights: NDArray[np.float64],
        out_docs: NDArray[np.int64],
        out_scores: NDArray[np.float64],
        out_held: NDArray[np.int64],
        /,
    ) -> int:
        """Find all documents that contain a term.

        Args:
            term_ids: int32[layers, n], the terms of the query; see `resolve`.
            weights: float64[n], their weights.
            out_docs: int64[m], receives document ids, ascending; m must be large enough.
            out_scores: float64[m], receives their scores.
            out_held: int64[m], receives how many of the terms each contains.

        Returns:
            How many documents were found.
        """
    def added(
        self,
        term_ids: NDArray[np.int32],
        weight: float,
        docs: NDArray[np.int64],
        out_added: NDArray[np.float64],
        /,
    ) -> None:
        """Compute what a term adds to the scores of documents; 0 where it is not.

        Args:
            term_ids: int32[layers], its id in each layer; -1 in a layer without it.
            weight: its weight.
            docs: int64[n], document ids, ascending.
            out_added: float64[n], receives what it adds.
        """
    def learn(
        self,
        docs: NDArray[np.int64],
        scores: NDArray[np.float64],
        least: int,
        out_term_ids: NDArray[np.int32],
        out_weights: NDArray[np.float64],
        /,
    ) -> int:
        """Learn terms from the best documents; see `feedback.learn`.

        Args:
            docs: int64[n], documents, best first.
            scores: float64[n], their scores, above 0.
            least: how many documents must contain a learned term.
            out_term_ids: int32[layers, m], receives the terms, highest share first; see `resolve`.
            out_weights: float64[m], receives their weights.

        Returns:
            How many terms were learned, at most m.
        """
    def boosts(
        self,
        term_ids: NDArray[np.int32],
        weights: NDArray[np.float64],
        docs: NDArray[np.int64],
        out_added: NDArray[np.float64],
        /,
    ) -> None:
        """Compute what learned terms add to the scores of documents; see `feedback.boosts`.

        Args:
            term_ids: int32[layers, n], the learned terms, at most 64; see `resolve`.
            weights: float64[n], their weights.
            docs: int64[m], document ids.
            out_added: float64[m], receives what they add.

        Raises:
            ValueError: there are too many terms.
        """
