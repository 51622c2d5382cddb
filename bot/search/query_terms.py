"""Chooses the terms to search for among the words of a question. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.search.analyzer import Token

CONNECTIVES = frozenset({"AND", "OR"})
"""Operators of other search engines. Here any of the words matches anyway, so they are ignored."""
MAX_CONNECTED = 12
"""Words of the longest question in which CONNECTIVES are ignored; a longer one is a whole tweet."""


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """A word to search for."""

    word: str
    """The word as written."""
    term: str
    """Its term in the index."""
    start: int
    """Where it starts in the question, in code points."""
    parts: tuple[str, ...] = ()
    """For a hashtag or an address: terms of the question that are its parts, and count instead."""
    is_piece: bool = False
    """Whether it overlaps a neighbour, as pairs of characters do in text without spaces."""


def query_terms(question: str, tokens: Sequence[Token]) -> tuple[QueryTerm, ...]:
    """Return what to search for, each term once; without stop words, unless that leaves nothing.

    Args:
        question: the question.
        tokens: its tokens, by start.
    """
    words = [question[each.start : each.end] for each in tokens]
    last = len(words) - 1 if len(words) <= MAX_CONNECTED else 0
    terms: dict[str, QueryTerm] = {}
    parts: dict[str, tuple[str, ...]] = {}
    for at, (word, token) in enumerate(zip(words, tokens, strict=True)):
        if token.is_stop or (0 < at < last and word in CONNECTIVES):
            continue
        pairs = itertools.pairwise(tokens[max(at - 1, 0) : at + 2])
        is_piece = any(_overlap(*each) for each in pairs)
        query_term = QueryTerm(word, token.term, token.start, is_piece=is_piece)
        terms.setdefault(token.term, query_term)
        parts[token.term] = parts.get(token.term, ()) or _parts(token, tokens[at + 1 :])
    if not terms:
        for word, token in zip(words, tokens, strict=True):
            terms.setdefault(token.term, QueryTerm(word, token.term, token.start))
    whole_words = {term for term in terms if not parts.get(term)}
    return tuple(
        replace(each, parts=tuple(part for part in parts.get(each.term, ()) if part in whole_words))
        for each in terms.values()
    )


def _overlap(one: Token, following: Token) -> bool:
    """Whether the two tokens overlap without one containing the other."""
    return one.start < following.start < one.end < following.end


def _parts(token: Token, following: Sequence[Token]) -> tuple[str, ...]:
    """Return the terms of the tokens inside `token`, which come right after it."""
    within = itertools.takewhile(lambda each: each.end <= token.end, following)
    return tuple(each.term for each in within if each.term != token.term)
