"""Assigns ids to terms, and turns texts into term ids. Pure.

No token contains white space, so the ids of a chunk between two spaces are cached. Words repeat, so
nearly all chunks are in the cache.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from bot.arrays.strings import Strings
from bot.search.analyzer import LONGEST_CHUNK, Analyzer, parts_of, plain_tag, plain_word
from bot.search.bm25 import native
from bot.search.bm25.vocabulary import Terms

CACHED_BY_KERNELS = 400_000
"""Chunks in the kernels' cache, about 50 bytes each."""
CACHED = 65_536
"""Chunks in the cache without kernels."""


class TermIds:
    """Assigns ids to terms in the order in which they occur."""

    def __init__(self, analyzer: Analyzer) -> None:
        """Start with no terms; `analyzer` splits texts into terms."""
        self._known = _KnownTerms(analyzer)
        self._ids = array("i")
        self._chunks: dict[str, tuple[int, ...]] = {}
        self._kernel = None
        if native.kernels:
            # It calls back another object: in a circle, its cache would stay in memory.
            self._kernel = native.kernels.term_ids(self._known.read, CACHED_BY_KERNELS)

    def add(self, text: str) -> int:
        """Add a text. Returns how many terms it has, with repetitions."""
        all_caps = text.isupper()
        if self._kernel is not None and not all_caps:
            try:
                return self._kernel.add(text)
            except UnicodeEncodeError:  # a lone surrogate, which UTF-8 cannot encode
                pass
        before = self._flush()
        chunks = self._chunks
        for chunk in text.split():
            ids = None if all_caps else chunks.get(chunk)
            if ids is None:
                ids = self._known.read(chunk, all_caps=all_caps)
                if not all_caps:
                    if len(chunks) >= CACHED:
                        chunks.clear()
                    chunks[chunk] = ids
            self._ids.extend(ids)
        return len(self._ids) - before

    def add_terms(self, terms: Sequence[str]) -> int:
        """Add terms that do not come from a text. Returns how many there are."""
        self._flush()
        self._ids.extend(map(self._known.id_of, terms))
        return len(terms)

    def take(self) -> NDArray[np.int32]:
        """Return the term ids that were added since the last call: int32[tokens]."""
        self._flush()
        ids = np.array(self._ids, np.int32)
        self._ids = array("i")
        return ids

    @property
    def words(self) -> Strings:
        """The word as first written, for each term that came from a text."""
        return self._known.words

    def terms(self) -> Terms:
        """Return all terms with their ids."""
        return Terms.of(self._known.ids)

    def _flush(self) -> int:
        """Fetch the ids that the kernel holds. Returns how many ids are waiting to be taken."""
        if self._kernel is not None:
            self._ids.frombytes(self._kernel.take())
        return len(self._ids)


class _KnownTerms:
    """The terms so far, and the ids of the terms of chunks."""

    def __init__(self, analyzer: Analyzer) -> None:
        self.ids: dict[str, int] = {}
        """The id of each term."""
        self.words = Strings()
        """The word as first written, for each term that came from a text."""
        self._analyzer = analyzer
        self._stem = analyzer.stemmer()
        self._parts: dict[str, tuple[int, ...]] = {}

    def read(self, chunk: str, *, all_caps: bool = False) -> tuple[int, ...]:
        """Return the term ids of a chunk, which is the text between two spaces."""
        word = plain_word(chunk)
        if word:
            return (self.id_of(self._stem(word.lower()), word),)
        if tag := plain_tag(chunk):
            folded = [tag[0][1:].lower(), *map(str.lower, tag[1:])]
            return tuple(map(self.id_of, map(self._stem, folded), tag))
        if len(chunk) > LONGEST_CHUNK and len(parts := parts_of(chunk)) > 1:
            return tuple(chain.from_iterable(map(self._part, parts)))
        return tuple(
            self.id_of(term, chunk[start:end])
            for term, start, end, _ in self._analyzer.read(chunk, all_caps=all_caps)
        )

    def _part(self, part: str) -> tuple[int, ...]:
        """Return the term ids of a part of a long chunk, from the cache if possible."""
        ids = self._parts.get(part)
        if ids is None:
            ids = self.read(part)
            if len(part) <= LONGEST_CHUNK:
                if len(self._parts) >= CACHED:
                    self._parts.clear()
                self._parts[part] = ids
        return ids

    def id_of(self, term: str, word: str | None = None) -> int:
        """Return the id of a term, which may be new; `word` is the word that it comes from."""
        term_id = self.ids.get(term)
        if term_id is None:
            term_id = self.ids[term] = len(self.ids)
            if word is not None:
                self.words.append(word)
        return term_id
