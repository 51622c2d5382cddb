"""Repairs the spelling of a question with the words of the library. Pure.

A word is repaired only if no tweet has it, or next to none, and only if a tweet has the repair
together with other words of the question. An unknown word that is spelt right is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.search.analyzer import STOP_WORDS
from bot.search.index import Index
from bot.search.phrase import with_phrase
from bot.search.query import Query, parse
from bot.search.query_terms import QueryTerm

LEAST_LETTERS = 4
"""Letters of the shortest word that is repaired."""
LONG, VERY_LONG = 5, 8
"""Letters of a word that may have a wrong letter, and of one that may have two typos. In shorter
words letters are only out of order, as the words near a short one are too many."""
LEAST_PART = 3
"""Letters of the shortest word before or after a missing space."""
RARE, LARGE, FAR_MORE = 2, 1_000, 100
"""A word in at most RARE tweets of a library of LARGE may be a misspelling of one that is FAR_MORE
times as frequent."""
MAX_REPAIRED = 4
"""Words of a question that are repaired at once."""
MAX_COMPARED = 100_000
"""Different words of the largest library in which more than one word of a question is repaired:
each is compared with all of them, which takes half a second for 300,000."""
CANDIDATES = 12
"""Words that a misspelt one is compared with in context, the nearest ones."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a misspelt word may stand for."""

    text: str
    """The word, or two words with a space between them."""
    terms: tuple[str, ...]
    """Their terms, without stop words."""
    distance: int
    """How many typos are between them."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a library."""

    index: Index
    """The tweets that have them."""
    known: Mapping[str, str]
    """Each term's word, as first written."""


def repaired(query: Query, index: Index, known: Mapping[str, str]) -> str:
    """Return the question with its misspelt words repaired; unchanged if nothing has to be.

    Phrases, exclusions and filters stay as they are.

    Args:
        query: the question.
        index: over all tweets.
        known: each term's word, as first written.
    """
    words = Words(index, known)
    text = query.text
    for _ in range(MAX_REPAIRED):  # a repaired word may be what another one needs beside it
        better = _repaired_once(query, words)
        if better == text:
            break
        text, query = better, parse(better, index.analyzer)
    return text


def may_be_misspelt(query: Query, index: Index) -> list[QueryTerm]:
    """Return the words of a question that no tweet has, or next to none."""
    phrases = {term for each in query.phrases for term in each.terms}
    most = RARE if len(index) >= LARGE else 0
    return [
        each
        for each in query.terms
        if len(each.word) >= LEAST_LETTERS
        and each.word.isalpha()
        and not (each.word.isupper() and not query.text.isupper())
        and each.term not in phrases
        and not each.is_piece
        and index.document_frequency(each.term) <= most
    ]


def _repaired_once(query: Query, words: Words) -> str:
    """Return the question with each misspelt word repaired that fits the words beside it."""
    suspects = may_be_misspelt(query, words.index)[:MAX_REPAIRED]
    if len(words.known) > MAX_COMPARED:
        suspects = sorted(suspects, key=lambda each: words.index.document_frequency(each.term))[:1]
    chosen: dict[QueryTerm, str] = {}
    others = [each.term for each in query.terms if each not in suspects]
    for each in suspects:
        rivals = [term.term for term in suspects if term is not each]
        fitting = _fitting(each, words, [*others, *rivals])
        if fitting:
            chosen[each] = fitting.text
            others += fitting.terms
    return replaced(query.text, chosen)


def _fitting(suspect: QueryTerm, words: Words, others: Sequence[str]) -> Candidate | None:
    """Return the likeliest repair of a word that fits the question's other words, if any.

    It fits if a tweet that has most of the other words has the repair as well.
    """
    index = words.index
    matches = index.match(others)
    most = int(matches.terms.max(initial=0))
    beside = matches.docs[matches.terms == most] if most else np.arange(len(index))
    own = index.contributions(suspect.term)[0]
    if len(own) and (not most or np.isin(own, matches.docs).any()):
        return None  # a rare word that fits is meant
    fitting: list[tuple[int, int, Candidate]] = []
    for each in candidates(suspect.word, words):
        if not each.terms:
            if not len(own):  # a misspelt stop word
                fitting.append((each.distance, 0, each))
            continue
        holding = with_phrase(index.postings, index.forward, each.terms)
        if len(holding) >= FAR_MORE * len(own) and np.isin(holding, beside).any():
            fitting.append((each.distance, -len(holding), each))
    return min(fitting, key=lambda each: each[:2])[2] if fitting else None


def candidates(word: str, words: Words) -> Iterator[Candidate]:
    """Yield what a misspelt word may stand for: near words, and two words without their space."""
    # Imported here, as most questions have no unknown word.
    from rapidfuzz.distance import OSA

    stem, folded = words.index.analyzer.terms(word)[0], word.casefold()
    stop_words = STOP_WORDS - {each.casefold() for each in words.known.values()}
    for term, distance in _near(stem, folded, words).items():
        text = words.known[term]
        if term == stem or not text.isalpha() or len(text) < LEAST_PART:
            continue
        if len(text) == len(word) and text[:-1].casefold() == folded[:-1]:
            continue  # another form of a word, such as “spend” and “spent”
        if len(word) >= LONG or sorted(text.casefold()) == sorted(folded):
            stops = text.casefold() in STOP_WORDS
            shown = text.lower() if word.islower() else text
            yield Candidate(shown, () if stops else (term,), distance)
    for each in sorted(stop_words):
        near = OSA.distance(folded, each) == 1 and (
            len(word) >= LONG or sorted(each) == sorted(folded)
        )
        if len(each) >= LEAST_LETTERS and near:
            yield Candidate(each, (), 1)
    yield from _split(folded, words.index)


def _near(stem: str, folded: str, words: Words) -> dict[str, int]:
    """Return the nearest terms, by their words or their stems, and how many typos they are away."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    allowed = 2 if len(folded) >= VERY_LONG else 1
    spelt = {term: term for term in words.known if len(term) >= LEAST_LETTERS}
    found: dict[str, int] = {}
    for sought, choices in ((folded, words.known), (stem, spelt)):
        if len(sought) < LEAST_LETTERS:
            continue
        for _, distance, term in process.extract(
            sought,
            choices,
            scorer=OSA.distance,
            processor=str.casefold,
            score_cutoff=allowed,
            limit=CANDIDATES,
        ):
            found[term] = min(found.get(term, allowed), int(distance))
    return found


def _split(word: str, index: Index) -> Iterator[Candidate]:
    """Yield the two words of which `word` is made, if a tweet has them side by side."""
    for at in range(LEAST_PART, len(word) - LEAST_PART + 1):
        text = f"{word[:at]} {word[at:]}"
        terms = index.analyzer.terms(text)
        if all(map(index.document_frequency, terms)) and len(
            with_phrase(index.postings, index.forward, terms)
        ):
            yield Candidate(text, tuple(terms), 1)


def replaced(text: str, corrections: Mapping[QueryTerm, str]) -> str:
    """Return `text` with each of the terms replaced by its correction."""
    for term in sorted(corrections, key=lambda each: each.start, reverse=True):
        text = f"{text[: term.start]}{corrections[term]}{text[term.start + len(term.word) :]}"
    return text
