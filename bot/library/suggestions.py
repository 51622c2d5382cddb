"""Suggests other questions, where a word that no tweet has was not repaired. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import regex

from bot.library.snapshot.served import Served
from bot.models import ThreadSummary
from bot.search.analyzer import UNSPACED
from bot.search.query import Query
from bot.search.spelling import may_be_misspelt, repaired, replaced

SUGGESTIONS = 3
"""Corrections of a word."""
MIN_PREFIX = 4
"""Letters of the shortest word that is completed to longer ones."""
NEAR_WORDS, NEAR_LETTERS = 8, 4
"""Words to look for in titles, and the fewest letters of a word."""
NEAR_LOOKED_AT = 1_000
"""Titles to compare with what was typed."""
FREQUENCY_WEIGHT = 2.0
"""Weight of the logarithm of a word's frequency beside its similarity."""
MIN_SIMILARITY = 75.0
"""Of 100, by rapidfuzz's ratio: `suitcas` and `suitcaze` are near, `zebra` and `libra` are not."""


def suggestions(query: Query, snapshot: Served, repair: str | None = None) -> tuple[str, ...]:
    """Return questions that may be meant instead of `query`, closest first.

    An unknown author is replaced by those with the most similar handles, and an unknown handle by
    an operator. Where a word is misspelt, its repair is offered. Where no tweet has any of the
    words, near words are offered for the first.

    Args:
        query: the question, as it was searched for.
        snapshot: where the corrections come from.
        repair: the question with its spelling repaired, if that is known.
    """
    near_authors = _for_authors(query, snapshot)
    if near_authors:
        return near_authors
    frequency = snapshot.index.document_frequency
    unknown = [each for each in query.terms if not frequency(each.term)]
    for each in unknown:
        ways = _operators_for(each.word, snapshot)
        if ways:
            return tuple(replaced(query.text, {each: way}) for way in ways)
    if not unknown and not may_be_misspelt(query, snapshot.index):
        return ()
    if repair is None:
        repair = repaired(query, snapshot.index, snapshot.vocabulary())
    if repair != query.text:
        return (repair,)
    if len(unknown) < len(query.terms) or not unknown:
        return ()
    word = unknown[0].word
    like = snapshot.vocabulary().like(word)
    near = (each for _, each in nearest_words(word, like, snapshot.index.document_frequencies))
    lower = unknown[0].word.islower()
    return tuple(
        replaced(query.text, {unknown[0]: each.lower() if lower else each}) for each in near
    )


def nearest_words(
    word: str, known: Mapping[str, str], frequencies: Callable[[Sequence[str]], list[int]]
) -> list[tuple[str, str]]:
    """Return up to SUGGESTIONS terms that `word` may stand for, with their words, likeliest first.

    Args:
        word: a word that no tweet has, or few.
        known: each term's word.
        frequencies: gives the number of tweets that have each of some terms.
    """
    similarity = _similarity(word, known, 4 * SUGGESTIONS)
    tweets = frequencies([*similarity])
    likelihood = {
        term: score + FREQUENCY_WEIGHT * math.log1p(count)
        for (term, score), count in zip(similarity.items(), tweets, strict=True)
    }
    ranked = sorted(likelihood, key=lambda term: (-likelihood[term], known[term]))
    return [(term, known[term]) for term in ranked[:SUGGESTIONS] if known[term] != word]


def like_terms(word: str, known: Mapping[str, str]) -> set[str]:
    """Return the terms of `known` that `nearest_words` of `word` depend on."""
    return set(_similarity(word, known, None))


def _similarity(word: str, known: Mapping[str, str], limit: int | None) -> dict[str, float]:
    """Return terms like a word, with their similarity: all of them, or `limit` and unfinished."""
    # Imported here, as most questions have no unknown word.
    from rapidfuzz import fuzz, process

    near = process.extract(
        word,
        known,
        scorer=fuzz.ratio,
        processor=str.casefold,
        score_cutoff=MIN_SIMILARITY,
        limit=limit,
    )
    similarity = {str(term): float(score) for _, score, term in near}
    prefix = word.casefold()
    for term, each in known.items() if len(prefix) >= MIN_PREFIX else ():
        if each.casefold().startswith(prefix):  # the word may be unfinished
            similarity[term] = max(similarity.get(term, 0.0), MIN_SIMILARITY)
    for term in known if UNSPACED.fullmatch(word) else ():
        if word in term:  # without spaces between words, the index has pairs of characters
            similarity[term] = MIN_SIMILARITY
    return similarity


def near_titles(
    words: str, titles: Callable[[str, int], list[ThreadSummary]], limit: int
) -> tuple[list[ThreadSummary], bool]:
    """Return the threads whose titles are most like `words`, closest first.

    Args:
        words: what no thread matches.
        titles: returns threads that have words in their title, or any threads.
        limit: how many to return.

    Returns:
        Threads; and whether their titles are like `words`, or they are any threads.
    """
    # Imported here, as most references match.
    from rapidfuzz import fuzz, process, utils

    typed = sorted(words.split()[:NEAR_WORDS], key=len, reverse=True)
    found: dict[str, ThreadSummary] = {}
    for tried in (*typed, *(each[:NEAR_LETTERS] for each in typed)):
        if len(tried) >= NEAR_LETTERS and not found:
            found = {each.id: each for each in titles(tried, NEAR_LOOKED_AT)}
    found = found or {each.id: each for each in titles("", NEAR_LOOKED_AT)}
    near = process.extract(
        words,
        {each.id: each.title for each in found.values()},
        scorer=fuzz.partial_ratio,
        processor=utils.default_process,
        score_cutoff=MIN_SIMILARITY,
        limit=limit,
    )
    if near:
        return [found[str(id_)] for _, _, id_ in near], True
    return list(found.values())[:limit], False


def _operators_for(word: str, snapshot: Served) -> list[str]:
    """Return the operators that find tweets for a handle: tweets that mention it or are by it."""
    if not word.startswith("@"):
        return []
    name, columns = word[1:].lower(), snapshot.filter_columns
    return [f"{key}:{name}" for key in ("mentions", "from") if columns.has(key, name)]


def _for_authors(query: Query, snapshot: Served) -> tuple[str, ...]:
    """Return the question with handles of authors like the first one that nobody here has."""
    unknown = (
        each for each in query.filters.authors if not snapshot.filter_columns.has("from", each)
    )
    handle = next(unknown, None)
    if not handle:
        return ()
    # Imported here, as most authors are known.
    from rapidfuzz import fuzz, process

    known = list(dict.fromkeys(each.lower() for each in snapshot.catalogue.authors))
    near = process.extract(
        handle, known, scorer=fuzz.ratio, score_cutoff=MIN_SIMILARITY, limit=SUGGESTIONS
    )
    asked = regex.compile(
        rf"(?<!\S)from:[\"“]?\s*@*{regex.escape(handle)}\s*[\"”]?(?!\S)", regex.IGNORECASE
    )
    questions = (asked.sub(f"from:{name}", query.text) for name, _, _ in near)
    return tuple(each for each in questions if each != query.text)
