"""The index of a library that is divided into parts. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from bot.library.spread.part import Part, Scoring, every, results, weight
from bot.library.spread.search_requests import (
    BesideTables,
    Boosts,
    Contributions,
    Frequencies,
    NearTerms,
    Statistics,
    TermsWith,
    WordsOf,
)
from bot.library.spread.thread_requests import Row
from bot.search.analyzer import Analyzer
from bot.search.candidates import Feedback
from bot.search.feedback import Learned
from bot.search.index import FEEDBACK
from bot.search.offsets import Offsets
from bot.search.part import Content, LearnedTerms, learn
from bot.search.query import Phrase
from bot.search.searched import Beside, Docs, Scores, Tables

KNOWN = 65_536
"""Terms, phrases and filters whose statistics are kept, until all are fetched anew."""


class SpreadIndex:
    """All tweets of a library. Statistics that were fetched once are kept, as they never change."""

    def __init__(
        self,
        parts: Sequence[Part],
        analyzer: Analyzer,
        keep: Callable[[int, Sequence[Row]], object],
    ) -> None:
        """Search `parts`, of which there is at least one.

        Args:
            parts: the parts.
            analyzer: the analyzer of their indexes.
            keep: keeps what the catalogue says of threads of a part, by the part's number.
        """
        self._keep = keep
        self.analyzer = analyzer
        self.parts = parts
        self.documents = Offsets.of(each.facts.size for each in parts)
        """Which documents are in which part."""
        self._live = sum(each.facts.documents for each in parts)
        length = sum(each.facts.length for each in parts)
        self.average = length / self._live if self._live else 0.0
        """The average length of documents, in tokens."""
        self._terms: dict[str, int] = {}
        self._phrases: dict[tuple[str, ...], int] = {}
        self._filters: dict[tuple[str, str], bool] = {}

    def __len__(self) -> int:
        """Return how many documents can be found."""
        return self._live

    def ready(
        self,
        terms: Iterable[str],
        phrases: Iterable[Phrase] = (),
        filters: Iterable[tuple[str, str]] = (),
    ) -> None:
        """Fetch all statistics that a question needs, in one round."""
        if len(self._terms) + len(self._phrases) + len(self._filters) > KNOWN:
            for each in (self._terms, self._phrases, self._filters):
                each.clear()
        asked = Statistics(
            tuple(dict.fromkeys(each for each in terms if each not in self._terms)),
            tuple(
                {each.terms: each for each in phrases if each.terms not in self._phrases}.values()
            ),
            tuple(dict.fromkeys(each for each in filters if each not in self._filters)),
        )
        if not (asked.terms or asked.phrases or asked.filters):
            return
        found = every(self.parts, asked)
        for number, term in enumerate(asked.terms):
            self._terms[term] = sum(int(each.terms[number]) for each in found)
        for number, phrase in enumerate(asked.phrases):
            self._phrases[phrase.terms] = sum(int(each.phrases[number]) for each in found)
        for number, pair in enumerate(asked.filters):
            self._filters[pair] = any(bool(each.filters[number]) for each in found)

    def has(self, key: str, value: str) -> bool:
        """Whether any document passes the filter `key`:`value`."""
        pair = key, value
        if pair not in self._filters:
            self.ready((), (), (pair,))
        return self._filters[pair]

    def document_frequency(self, term: str) -> int:
        """Return how many documents contain `term`."""
        if term not in self._terms:
            self.ready((term,))
        return self._terms[term]

    def document_frequencies(self, terms: Sequence[str]) -> list[int]:
        """Return how many documents contain each of `terms`."""
        self.ready(terms)
        return [*map(self.document_frequency, terms)]

    def count(self, phrase: Phrase) -> int:
        """Return how many documents contain `phrase`."""
        if phrase.terms not in self._phrases:
            self.ready((), (phrase,))
        return self._phrases[phrase.terms]

    def terms_with(self, text: str) -> list[str]:
        """Return the terms that have `text` in them, sorted."""
        found = every(self.parts, TermsWith(text))
        return sorted(set(chain.from_iterable(found)))

    def beside(self, others: Sequence[str], own: str, phrases: Sequence[Phrase]) -> Beside:
        """Return how many documents have phrases beside other terms; see `Beside`."""
        asked = BesideTables(tuple(others), own, tuple(phrases))
        found = every(self.parts, asked)
        size = len(others) + 1
        return Tables(
            sum((each.words for each in found), np.zeros(size, np.int64)),
            sum(each.own for each in found),
            any(each.own_fits for each in found),
            sum((each.phrases for each in found), np.zeros((len(phrases), size), np.int64)),
        ).beside

    def contribution(self, term: str, doc: int) -> float:
        """Return what `term` adds to the score of `doc`; 0 if the document does not contain it."""
        number, own = self.documents.at(doc)
        asked = Contributions(self.scoring([term]), (term,), own)
        return results([self.parts[number]], [asked])[0][0]

    def learned_terms(self, learned: Learned) -> list[str]:
        """Return the terms that feedback learned, highest share first."""
        terms = learned.terms if isinstance(learned, LearnedTerms) else ()
        return [each.decode(errors="surrogatepass") for each in terms]

    def scoring(self, terms: Iterable[str]) -> Scoring:
        """Return what parts score with: the statistics of the whole library."""
        asked = list(terms)
        pairs = zip(asked, self.document_frequencies(asked), strict=True)
        weights = tuple((term, weight(len(self), holding)) for term, holding in pairs)
        return Scoring(self.average, weights)

    @property
    def feedback(self) -> Feedback:
        """How feedback is done."""
        return Feedback(FEEDBACK, self._learn, self._boosts)

    def _learn(self, content: Content, scores: Scores) -> Learned:
        return learn(content, scores, self._frequencies, len(self))

    def _frequencies(self, terms: Sequence[bytes]) -> NDArray[np.int64]:
        """Return int64[terms]: how many documents contain each."""
        names = [each.decode(errors="surrogatepass") for each in terms]
        new = tuple(dict.fromkeys(each for each in names if each not in self._terms))
        if new:
            asked = Frequencies(tuple(each.encode(errors="surrogatepass") for each in new))
            found = every(self.parts, asked)
            summed: NDArray[np.int64] = sum(found, np.zeros(len(new), np.int64))
            self._terms.update(zip(new, summed.tolist(), strict=True))
        return np.array([self._terms[each] for each in names], np.int64)

    def _boosts(self, learned: Learned, docs: Docs, scores: Scores) -> Scores:
        terms = learned.terms if isinstance(learned, LearnedTerms) else ()
        added = np.zeros(len(docs))
        groups = list(self.documents.groups(docs))
        parts = [self.parts[number] for number, _, _ in groups]
        asked = [
            Boosts(self.average, terms, learned.weights, own, scores[places], FEEDBACK)
            for _, places, own in groups
        ]
        for (number, places, _), each in zip(groups, results(parts, asked), strict=True):
            added[places] = each.added
            self._keep(number, each.rows)
        return added


class SpreadWords:
    """The words of a library that is divided into parts."""

    def __init__(self, parts: Sequence[Part], *, as_stems: bool = False) -> None:
        """Compare with the words of `parts`; or with their terms, if they are `as_stems`."""
        self._parts = parts
        self._as_stems = as_stems
        self._near: dict[tuple[str, bool], Mapping[str, str]] = {}

    def near(self, word: str) -> Mapping[str, str]:
        """Return the terms that a repair of `word` depends on, and others; see `Vocabulary`."""
        return self._found(word, suggests=False)

    def like(self, word: str) -> Mapping[str, str]:
        """Return the terms that may be suggested for `word`, and others; see `Vocabulary`."""
        return self._found(word, suggests=True)

    def _found(self, word: str, *, suggests: bool) -> Mapping[str, str]:
        if (word, suggests) not in self._near:
            asked = NearTerms(word, suggests, self._as_stems)
            near = every(self._parts, asked)
            terms = tuple(dict.fromkeys(chain.from_iterable(near)))
            self._near[word, suggests] = self._words(terms)
        return self._near[word, suggests]

    def _words(self, terms: tuple[str, ...]) -> Mapping[str, str]:
        """Return the words of those terms that a tweet has that is not masked."""
        found = every(self._parts, WordsOf(terms))
        words: dict[str, str] = {}
        for term, *known in zip(terms, *found, strict=True):
            if any(is_shown for _, is_shown in known):
                words[term] = term if self._as_stems else min(each for each, _ in known if each)[1]
        return words
