"""Texts to the numbers of their terms, with the words that terms were first written as. Pure.

Nothing that the analyzer sees reaches across a space, so what is between two spaces is read once
and remembered: as words are frequent, that is nearly all that comes.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.arrays.strings import Strings
from bot.search.analyzer import Analyzer, plain_word
from bot.search.bm25 import native
from bot.search.bm25.vocabulary import Terms

REMEMBERED = 400_000
"""Chunks that the kernels remember, of some fifty bytes each."""
REMEMBERED_HERE = 65_536
"""Chunks that are remembered where there are no kernels."""


class TermIds:
    """Numbers terms in the order in which they come, after those that are known."""

    def __init__(self, analyzer: Analyzer, known: Terms) -> None:
        """Begin with what is `known`."""
        self._known = known
        self._some_known = len(known)
        self._fresh: dict[str, int] = {}
        self._words: list[str] = []
        self._analyzer = analyzer
        self._stem = analyzer.stemmer()
        self._numbers = array("i")
        self._chunks: dict[str, tuple[int, ...]] = {}
        self._kernel = None
        if native.kernels:
            self._kernel = native.kernels.term_ids(self._read, REMEMBERED)

    def add(self, text: str) -> int:
        """Number the terms of `text`; how many there are."""
        shouted = text.isupper()
        if self._kernel is not None and not shouted:
            try:
                return self._kernel.add(text)
            except UnicodeEncodeError:  # half a character; rare enough
                pass
        before = self._flush()
        chunks = self._chunks
        for chunk in text.split():
            numbers = None if shouted else chunks.get(chunk)
            if numbers is None:
                numbers = self._read(chunk, shouted=shouted)
                if not shouted:
                    if len(chunks) >= REMEMBERED_HERE:
                        chunks.clear()
                    chunks[chunk] = numbers
            self._numbers.extend(numbers)
        return len(self._numbers) - before

    def add_terms(self, terms: Sequence[str]) -> int:
        """Number `terms`, which are no words of a text; how many there are."""
        self._flush()
        self._numbers.extend(map(self._number, terms))
        return len(terms)

    def take(self) -> NDArray[np.int32]:
        """int32[terms]: the numbers since the last time."""
        self._flush()
        numbers = np.array(self._numbers, np.int32)
        self._numbers = array("i")
        return numbers

    @property
    def words(self) -> Strings:
        """Of each fresh term that came in a text, the word that it was first written as."""
        return Strings.of(self._words)

    def terms(self) -> Terms:
        """All terms, by their numbers."""
        return self._known.and_(self._fresh) if self._fresh else self._known

    def _flush(self) -> int:
        """Take over what the kernel has numbered; how many numbers there are."""
        if self._kernel is not None:
            self._numbers.frombytes(self._kernel.take())
        return len(self._numbers)

    def _read(self, chunk: str, *, shouted: bool = False) -> tuple[int, ...]:
        """The numbers of the terms in what is between two spaces."""
        word = plain_word(chunk)
        if word:
            return (self._number(self._stem(word.lower()), word),)
        return tuple(
            self._number(term, chunk[start:end])
            for term, start, end, _ in self._analyzer.read(chunk, shouted=shouted)
        )

    def _number(self, term: str, word: str | None = None) -> int:
        number = self._fresh.get(term)
        if number is None and self._some_known:
            number = self._known.get(term)
        if number is None:
            number = self._fresh[term] = self._some_known + len(self._fresh)
            if word is not None:
                self._words.append(word)
        return number
