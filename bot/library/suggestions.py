"""Suggests other questions, where a word that no tweet has was not repaired. Pure."""

from __future__ import annotations

from collections.abc import Callable

import regex

from bot.library.snapshot.served import Served
from bot.models import ThreadSummary
from bot.search.near_words import MIN_SIMILARITY, SUGGESTIONS, nearest_words
from bot.search.query import Query
from bot.search.spelling import Vocabulary, may_be_misspelt, repaired, replaced

NEAR_WORDS, NEAR_LETTERS = 8, 4
"""Words to look for in titles, and the fewest letters of a word."""
NEAR_LOOKED_AT = 1_000
"""Titles to compare with what was typed."""


def suggestions(
    query: Query,
    snapshot: Served,
    repair: str | None = None,
    vocabulary: Vocabulary | None = None,
) -> tuple[str, ...]:
    """Return questions that may be meant instead of `query`, closest first.

    An unknown author is replaced by those with the most similar handles, and an unknown handle by
    an operator. Where a word is misspelt, its repair is offered. Where no tweet has any of the
    words, near words are offered for the first.

    Args:
        query: the question, as it was searched for.
        snapshot: where the corrections come from.
        repair: the question with its spelling repaired, if that is known.
        vocabulary: the words of the library, if they were looked at before.
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
    vocabulary = vocabulary or snapshot.vocabulary()
    if repair is None:
        repair = repaired(query, snapshot.index, vocabulary)
    if repair != query.text:
        return (repair,)
    if len(unknown) < len(query.terms) or not unknown:
        return ()
    word = unknown[0].word
    like = vocabulary.like(word)
    near = (each for _, each in nearest_words(word, like, snapshot.index.document_frequencies))
    lower = unknown[0].word.islower()
    return tuple(
        replaced(query.text, {unknown[0]: each.lower() if lower else each}) for each in near
    )


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
    for tried in dict.fromkeys((*typed, *(each[:NEAR_LETTERS] for each in typed))):
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
