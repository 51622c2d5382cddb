"""A question to a query: the words that it searches for, each once."""

from __future__ import annotations

from dataclasses import dataclass

from bot.analyzer import Analyzer


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """A word to search for."""

    word: str
    """The word as it was written."""
    term: str
    """The term that the index knows it as."""
    start: int
    """Where it starts in the question, in code points."""


@dataclass(frozen=True, slots=True)
class Query:
    """What a question was understood to be."""

    text: str
    """The question as asked."""
    terms: tuple[QueryTerm, ...]
    """What to search for, in the question's order, each term once."""


def parse(question: str, analyzer: Analyzer) -> Query:
    """Read `question`; its stop words are left out, unless it holds nothing else."""
    tokens = analyzer.tokens(question)
    wanted = [token for token in tokens if not token.is_stop] or tokens
    terms: dict[str, QueryTerm] = {}
    for token in wanted:
        word = question[token.start : token.end]
        terms.setdefault(token.term, QueryTerm(word, token.term, token.start))
    return Query(question, tuple(terms.values()))
