"""Highlights: the ranges of a tweet's text that match a question. Pure."""

from __future__ import annotations

from collections.abc import Container

from bot.search.analyzer import Analyzer


def highlights(text: str, terms: Container[str], analyzer: Analyzer) -> tuple[tuple[int, int], ...]:
    """Return where `text` has any of `terms`: [start, end) in code points, in order, disjoint."""
    spans = sorted({(each.start, each.end) for each in analyzer.tokens(text) if each.term in terms})
    apart: list[tuple[int, int]] = []
    for start, end in spans:
        if apart and start <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return tuple(apart)
