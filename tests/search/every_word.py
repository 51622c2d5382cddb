"""All words of a library: what `LayeredWords` must lead to the same repairs as."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.arrays.strings import Strings
from bot.search.bm25.vocabulary import Terms
from bot.search.searched import Asked


@dataclass(frozen=True, slots=True)
class EveryWord:
    """All words of a library."""

    known: Mapping[str, str]
    """Each term's word, as first written."""

    def near(self, word: str) -> Mapping[str, str]:
        """All words."""
        del word
        return self.known

    def like(self, word: str) -> Mapping[str, str]:
        """All words."""
        return self.near(word)


def every_word(layers: Sequence[tuple[Terms, Strings]], index: Asked) -> dict[str, str]:
    """Each term that a tweet has, and its word in the lowest layer that has it."""
    known: dict[str, str] = {}
    for terms, words in layers:
        for term, word in zip(terms, words, strict=True):
            known.setdefault(term, word)
    return {term: word for term, word in known.items() if index.document_frequency(term)}
