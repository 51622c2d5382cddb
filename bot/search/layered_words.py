"""The words of a stack of layers, asked for those that may be like one. Pure.

Nearly all words of a layer are looked at only as sets of letters (`letters.py`). The few that may
be like the word are read, and looked up in all layers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from bot.arrays.strings import Strings
from bot.search.analyzer import UNSPACED
from bot.search.bm25.vocabulary import Terms, hashes_of
from bot.search.letters import Ids, Letters
from bot.search.near_words import MIN_PREFIX, MIN_SIMILARITY
from bot.search.searched import Asked
from bot.search.spelling import edits, most_typos

BLOCK = 16_384
"""Words whose letters are found together: few enough for the processor's cache."""


class LayeredWords:
    """The words of a stack of layers. Keep it for one question only: it has their letters."""

    def __init__(
        self, layers: Sequence[tuple[Terms, Strings]], index: Asked, *, as_stems: bool = False
    ) -> None:
        """Show the words of `layers`.

        Args:
            layers: the terms of each, and each term's word as first written there.
            index: over all tweets.
            as_stems: whether each term is its own word.
        """
        self._layers = layers
        self._index = index
        self._as_stems = as_stems
        self._near: dict[str, Mapping[str, str]] = {}

    def near(self, word: str) -> Mapping[str, str]:
        """Return the terms that a repair of `word` depends on, and others, each with its word."""
        if word not in self._near:
            self._near[word] = self._shown(self.all_near(word))
        return self._near[word]

    def like(self, word: str) -> Mapping[str, str]:
        """Return the terms that may be suggested for `word`, and others, each with its word."""
        return self._shown(self.all_like(word))

    def all_near(self, word: str) -> dict[str, str]:
        """Return what `near` returns, with terms that only masked tweets have."""
        analyzer = self._index.analyzer
        folded, stem = word.casefold(), analyzer.terms(word)[0].casefold()
        edited = {term for term, _ in edits(folded, analyzer)}
        return self._read(
            [each.near(folded, most_typos(folded)) for each in self._word_letters],
            [each.near(stem, most_typos(stem)) for each in self._term_letters],
            [terms.containing(folded) for terms, _ in self._layers],
            others=[each.encode(errors="surrogatepass") for each in edited],
        )

    def all_like(self, word: str) -> dict[str, str]:
        """Return what `like` returns, with terms that only masked tweets have."""
        folded = word.casefold()
        found = [[each.like(folded, MIN_SIMILARITY) for each in self._word_letters]]
        if len(folded) >= MIN_PREFIX:
            found.append([each.holding(folded) for each in self._word_letters])
        if UNSPACED.fullmatch(word):
            found.append([terms.containing(word) for terms, _ in self._layers])
        return self._read(*found)

    @cached_property
    def _term_letters(self) -> list[Letters]:
        return [Letters.of(terms.blocks(BLOCK)) for terms, _ in self._layers]

    @cached_property
    def _word_letters(self) -> list[Letters]:
        if self._as_stems:
            return self._term_letters
        return [Letters.of(words.blocks(BLOCK)) for _, words in self._layers]

    def _read(self, *found: Sequence[Ids], others: Iterable[bytes] = ()) -> dict[str, str]:
        """Return terms, each with its word in the lowest layer that has it.

        Args:
            found: the ids of some of the terms in each layer.
            others: other terms, in UTF-8, which no layer may have.
        """
        every = {*others}
        for ids in found:
            for (terms, _), own in zip(self._layers, ids, strict=True):
                every.update(terms.encoded(own))
        encoded = [*every]
        hashes = hashes_of(encoded)
        words: dict[bytes, str] = {}
        for terms, written in self._layers:
            for term, own in zip(encoded, terms.find(encoded, hashes).tolist(), strict=True):
                if own >= 0 and term not in words:
                    words[term] = written[own]
        named = {str(term, "utf-8", "surrogatepass"): word for term, word in words.items()}
        return {term: term for term in named} if self._as_stems else named

    def _shown(self, words: dict[str, str]) -> dict[str, str]:
        """Return those of `words` whose terms a tweet has that is not masked."""
        holding = self._index.document_frequencies([*words])
        pairs = zip(words.items(), holding, strict=True)
        return {term: word for (term, word), tweets in pairs if tweets}
