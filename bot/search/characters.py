"""Searches for one character of a script without spaces, of which the index has pairs. Pure."""

from __future__ import annotations

from dataclasses import replace

from bot.search.analyzer import UNSPACED, fold
from bot.search.query import Query
from bot.search.query_terms import QueryTerm
from bot.search.searched import Asked


def is_character(query: Query) -> bool:
    """Whether the only word of a question is one character of a script without spaces."""
    return len(query.terms) == 1 and UNSPACED.fullmatch(query.terms[0].word) is not None


def with_pairs(query: Query, index: Asked) -> Query:
    """Return the question for a character as one for any of the terms that contain it.

    Args:
        query: a question for which `is_character` is true.
        index: has the terms.
    """
    (alone,) = query.terms
    terms = index.terms_with(alone.term)
    if not terms:
        return query
    pairs = tuple(QueryTerm(each, each, alone.start) for each in terms)
    return replace(query, terms=pairs, character=alone.word)


def occurrences(text: str, character: str) -> tuple[tuple[int, int], ...]:
    """Return where `text` has a character: [start, end) in code points, in order, disjoint."""
    wanted = fold(character)
    found: list[tuple[int, int]] = []
    for at, each in enumerate(text):
        if each == character or (not each.isascii() and fold(each) == wanted):
            start = found.pop()[0] if found and found[-1][1] == at else at
            found.append((start, at + 1))
    return tuple(found)
