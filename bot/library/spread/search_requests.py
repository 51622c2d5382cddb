"""What a part of a library is asked while tweets are searched. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.arrays.distinct import distinct
from bot.library.spread.part import LocalPart, Scoring
from bot.library.spread.thread_requests import Row, row_of
from bot.search.bm25.top_k import top_k
from bot.search.candidates import (
    Candidates,
    Counts,
    Selection,
    Wanted,
    candidates_of,
    counts_of,
)
from bot.search.part import PartIndex
from bot.search.query import Filters, Phrase
from bot.search.ranking import UNDATED
from bot.search.searched import Docs, Scores, Tables, tables

AHEAD = 8
"""Tweets of which is returned what the catalogue says of their threads: as many as a page has."""
Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Found:
    """How often a part has what a question asks for."""

    terms: Numbers
    """int64[terms]: how many documents contain each."""
    phrases: Numbers
    """int64[phrases]: how many documents contain each."""
    filters: Mask
    """bool[filters]: whether any document passes each."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """Asks how often a part has what a question asks for."""

    terms: tuple[str, ...] = ()
    """The terms."""
    phrases: tuple[Phrase, ...] = ()
    """The phrases."""
    filters: tuple[tuple[str, str], ...] = ()
    """The filters, each a key and a value; see `LayeredFilterColumns.has`."""

    def on(self, part: LocalPart) -> Found:
        """Count."""
        columns = part.snapshot.filter_columns
        return Found(
            part.own.frequencies(self.terms),
            np.array([part.own.count(each) for each in self.phrases], np.int64),
            np.array([columns.has(key, value) for key, value in self.filters], np.bool_),
        )


@dataclass(frozen=True, slots=True)
class Frequencies:
    """Asks how many documents contain each of some terms."""

    terms: tuple[bytes, ...]
    """The terms, in UTF-8."""

    def on(self, part: LocalPart) -> Numbers:
        """Count."""
        return part.own.frequencies_of(self.terms)


@dataclass(frozen=True, slots=True)
class TermsWith:
    """Asks for the terms that have a text in them."""

    text: str
    """The text."""

    def on(self, part: LocalPart) -> list[str]:
        """Find them."""
        return part.own.terms_with(self.text)


@dataclass(frozen=True, slots=True)
class BesideTables:
    """Asks how often phrases are beside other terms; see `searched.Tables`."""

    others: tuple[str, ...]
    """The other terms."""
    own: str
    """The term that is repaired."""
    phrases: tuple[Phrase, ...]
    """The phrases."""

    def on(self, part: LocalPart) -> Tables:
        """Count."""
        return tables(part.own, self.others, self.own, self.phrases)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which tweets of a part may be found; see `views.Choice`."""

    filters: Filters
    """What they must pass."""
    threads: tuple[tuple[int, int], ...]
    """The documents [start, end) of each thread of the part that the filters name."""
    only: tuple[int, ...] | None
    """The documents to search; all by default."""
    undated: bool
    """Whether only tweets without a known date may be found."""
    phrases: tuple[Phrase, ...]
    """Phrases that they must have, all of which the library has."""
    without: tuple[Phrase, ...]
    """What they must not have."""

    def allowed(self, part: LocalPart, index: PartIndex) -> Mask | None:
        """Return bool[tweets]: which may be found; None if all may."""
        columns = part.snapshot.filter_columns
        masks = [
            columns.allowed(self.filters, self.threads),
            index.allowed_by(self.phrases, self.without),
        ]
        if self.only is not None:
            among = np.zeros(index.size, np.bool_)
            among[list(self.only)] = True
            masks.append(among)
        if self.undated:
            masks.append(columns.days == UNDATED)
        found = [each for each in masks if each is not None]
        whole = found[0] if found else None
        for each in found[1:]:
            whole = whole & each if whole is not None else each
        return whole


@dataclass(frozen=True, slots=True)
class Ask:
    """Asks for tweets that match: how many there are, or the best."""

    wanted: Wanted
    """What is wanted."""
    scoring: Scoring
    """What it is scored with."""
    chosen: Chosen | None
    """Which tweets may be found; by default all."""
    with_days: bool = False
    """Whether the days of tweets are needed."""

    @property
    def parts(self) -> tuple[Wanted, Scoring, Chosen | None, bool]:
        """What it asks."""
        return self.wanted, self.scoring, self.chosen, self.with_days

    def selected(self, part: LocalPart) -> tuple[PartIndex, Selection]:
        """Return the index, and what may be found in it."""
        index = part.index(self.scoring)
        allowed = None if self.chosen is None else self.chosen.allowed(part, index)
        days = part.snapshot.filter_columns.days if self.with_days else None
        return index, Selection(allowed, days)


@dataclass(frozen=True, slots=True)
class Count(Ask):
    """Asks how many tweets match."""

    def on(self, part: LocalPart) -> Counts:
        """Count."""
        index, selection = self.selected(part)
        return counts_of(index, part.snapshot.catalogue.threads, self.wanted, selection)


@dataclass(frozen=True, slots=True)
class Best(Ask):
    """Asks for the best tweets."""

    def on(self, part: LocalPart) -> Candidates:
        """Find them."""
        index, selection = self.selected(part)
        return candidates_of(index, part.snapshot.catalogue.threads, self.wanted, selection)


@dataclass(frozen=True, slots=True)
class Boosted:
    """What learned terms add to the scores of documents of a part."""

    added: Scores
    """float64[n]: what they add."""
    rows: tuple[Row, ...]
    """What the catalogue says of the threads of the best, as they probably are on the page."""


@dataclass(frozen=True, slots=True)
class Boosts:
    """Asks what learned terms add to the scores of documents."""

    average: float
    """The average length of the library's documents."""
    terms: tuple[bytes, ...]
    """The terms, in UTF-8."""
    weights: Scores
    """float64[terms]: their weights."""
    docs: Docs
    """int64[n]: the documents."""
    scores: Scores
    """float64[n]: their scores."""
    factor: float
    """The weight of feedback."""

    def on(self, part: LocalPart) -> Boosted:
        """Add up."""
        index = part.index(Scoring(self.average, ()))
        added = index.boosts_of_terms(self.terms, self.weights, self.docs)
        best = self.docs[top_k(self.scores + self.factor * added, AHEAD)]
        threads = part.snapshot.catalogue.threads.thread_of(np.sort(best))
        return Boosted(added, tuple(row_of(part, each) for each in distinct(threads).tolist()))


@dataclass(frozen=True, slots=True)
class Contributions:
    """Asks what terms add to the scores of a document."""

    scoring: Scoring
    """What it is scored with."""
    terms: tuple[str, ...]
    """The terms."""
    doc: int
    """The document."""

    def on(self, part: LocalPart) -> list[float]:
        """Add up."""
        index = part.index(self.scoring)
        return [index.contribution(each, self.doc) for each in self.terms]


@dataclass(frozen=True, slots=True)
class NearTerms:
    """Asks for the terms that repairs of a word, or suggestions for it, depend on."""

    word: str
    """The word."""
    suggests: bool
    """Whether they are for suggestions."""
    as_stems: bool
    """Whether terms are compared, and not the words they are of."""

    def on(self, part: LocalPart) -> list[str]:
        """Find them."""
        words = part.snapshot.vocabulary(as_stems=self.as_stems)
        # A masked thread may have been the first with a word that other parts have.
        return [*(words.all_like(self.word) if self.suggests else words.all_near(self.word))]


@dataclass(frozen=True, slots=True)
class WordsOf:
    """Asks for the words of terms, as first written."""

    terms: tuple[str, ...]
    """The terms."""

    def on(self, part: LocalPart) -> list[tuple[tuple[int, str] | None, bool]]:
        """Return the first layer with each term, with its word; and whether a tweet shows it."""
        found: list[tuple[tuple[int, str] | None, bool]] = []
        layers = [each.layer.words for each in part.snapshot.parts]
        for term in self.terms:
            known = part.own.own(term)
            homes = zip(part.places, layers, known.ids, strict=True)
            words = ((place, written[own]) for place, written, own in homes if own >= 0)
            found.append((next(words, None), known.holding > 0))
        return found
