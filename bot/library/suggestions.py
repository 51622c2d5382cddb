"""Spelling suggestions: a question with its unknown words corrected. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import regex

from bot.library.snapshot.snapshot import Snapshot
from bot.models import QueryWord
from bot.search.analyzer import SCRIPTS_WITHOUT_SPACES
from bot.search.query import Query
from bot.search.query_terms import QueryTerm

SUGGESTIONS = 3
"""Corrections of a word."""
MIN_PREFIX = 4
"""Letters of the shortest word that is completed to longer ones."""
UNSPACED = regex.compile(rf"[{SCRIPTS_WITHOUT_SPACES}]")
"""One character of a script that puts no spaces between words."""
FREQUENCY_WEIGHT = 2.0
"""Weight of the logarithm of a word's frequency beside its similarity."""
MIN_SIMILARITY = 75.0
"""Of 100, by rapidfuzz's ratio: `suitcas` and `suitcaze` are near, `zebra` and `libra` are not."""
RARE, LARGE, FAR_MORE = 2, 1_000, 100
"""A word in at most RARE tweets of a library of LARGE may be a misspelling of one that is FAR_MORE
times as frequent."""
MAX_CORRECTED = 4
"""Words of a question that are corrected at once."""
MAX_COMPARED = 100_000
"""Different words of the largest library in which more than one word of a question is corrected:
each is compared with all of them, which takes half a second for 300,000."""


def suggestions(query: Query, words: Sequence[QueryWord], snapshot: Snapshot) -> tuple[str, ...]:
    """Return variants of a question in which words that no tweet has, or few, are corrected.

    Each variant has another correction of the rarest word. Other unknown words get their likeliest
    correction.

    Args:
        query: the question.
        words: for each of its terms, how many tweets have it.
        snapshot: where the corrections come from.
    """
    pairs = list(zip(query.terms, words, strict=True))
    term, word = min(pairs, key=lambda each: each[1].tweets, default=(None, None))
    if term is None or word is None:
        return ()
    if word.tweets and (word.tweets > RARE or len(snapshot.index) < LARGE):
        return ()
    known = snapshot.words()
    rest: dict[QueryTerm, list[str]] = {}
    for each, its_word in pairs if len(known) <= MAX_COMPARED else ():
        if not its_word.tweets and each is not term and len(rest) < MAX_CORRECTED - 1:
            rest[each] = _corrections(each, its_word, known, snapshot)[:1]
    best = {each: ways[0] for each, ways in rest.items() if ways}
    ways = _corrections(term, word, known, snapshot) or [term.word]
    variants = (_replaced(query.text, {term: way, **best}) for way in ways)
    return tuple(dict.fromkeys(each for each in variants if each != query.text))


def nearest_words(
    word: str, known: Mapping[str, str], frequency: Callable[[str], int]
) -> list[tuple[str, str]]:
    """Return up to SUGGESTIONS terms that `word` may stand for, with their words, likeliest first.

    Args:
        word: a word that no tweet has, or few.
        known: each term's word.
        frequency: gives the number of tweets that have a term.
    """
    # Imported here, as most questions have no unknown word.
    from rapidfuzz import fuzz, process

    near = process.extract(
        word,
        known,
        scorer=fuzz.ratio,
        processor=str.casefold,
        score_cutoff=MIN_SIMILARITY,
        limit=4 * SUGGESTIONS,
    )
    similarity = {str(term): float(score) for _, score, term in near}
    prefix = word.casefold()
    for term, each in known.items() if len(prefix) >= MIN_PREFIX else ():
        if each.casefold().startswith(prefix):  # the word may be unfinished
            similarity[term] = max(similarity.get(term, 0.0), MIN_SIMILARITY)
    for term in known if UNSPACED.fullmatch(word) else ():
        if word in term:  # without spaces between words, the index has pairs of characters
            similarity[term] = MIN_SIMILARITY
    likelihood = {
        term: score + FREQUENCY_WEIGHT * math.log1p(frequency(term))
        for term, score in similarity.items()
    }
    ranked = sorted(likelihood, key=lambda term: (-likelihood[term], known[term]))
    return [(term, known[term]) for term in ranked[:SUGGESTIONS] if known[term] != word]


def _corrections(
    term: QueryTerm, word: QueryWord, known: Mapping[str, str], snapshot: Snapshot
) -> list[str]:
    """Return what to write instead of `term`, likeliest first: operators for a handle, or words."""
    operators = _operators_for(term.word, snapshot)
    if operators:
        return operators
    frequency = snapshot.index.document_frequency
    near = [
        each
        for candidate, each in nearest_words(term.word, known, frequency)
        if not word.tweets or frequency(candidate) >= FAR_MORE * word.tweets
    ]
    return [each.lower() for each in near] if term.word.islower() else near


def _operators_for(word: str, snapshot: Snapshot) -> list[str]:
    """Return the operators that find tweets for a handle: tweets that mention it or are by it."""
    if not word.startswith("@"):
        return []
    name, columns = word[1:].lower(), snapshot.filter_columns
    return [f"{key}:{name}" for key in ("mentions", "from") if columns.has(key, name)]


def _replaced(text: str, corrections: Mapping[QueryTerm, str]) -> str:
    """Return `text` with each of the terms replaced by its correction."""
    for term in sorted(corrections, key=lambda each: each.start, reverse=True):
        text = f"{text[: term.start]}{corrections[term]}{text[term.start + len(term.word) :]}"
    return text
