"""Which words of a library are most like one that no tweet has. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from bot.search.analyzer import UNSPACED

SUGGESTIONS = 3
"""Corrections of a word."""
LOOKED_AT = 12
"""The most similar words, of which the likeliest are corrections."""
MIN_PREFIX = 4
"""Letters of the shortest word that is completed to longer ones."""
FREQUENCY_WEIGHT = 2.0
"""Weight of the logarithm of a word's frequency beside its similarity."""
MIN_SIMILARITY = 75.0
"""Of 100, by rapidfuzz's ratio: `suitcas` and `suitcaze` are near, `zebra` and `libra` are not."""


def nearest_words(
    word: str, known: Mapping[str, str], frequencies: Callable[[Sequence[str]], list[int]]
) -> list[tuple[str, str]]:
    """Return up to SUGGESTIONS terms that `word` may stand for, with their words, likeliest first.

    Args:
        word: a word that no tweet has, or few.
        known: each term's word.
        frequencies: gives the number of tweets that have each of some terms.
    """
    similarity, longer = _similarity(word, known), _longer(word, known)
    terms = [*dict.fromkeys((*similarity, *longer))]
    tweets = dict(zip(terms, frequencies(terms), strict=True))
    # Of equally similar words the frequent ones come first, so the order of `known` is no matter.
    nearest = sorted(similarity, key=lambda term: (-similarity[term], -tweets[term], term))
    chosen = dict.fromkeys(longer, MIN_SIMILARITY)
    chosen |= {term: similarity[term] for term in nearest[:LOOKED_AT]}
    likelihood = {
        term: score + FREQUENCY_WEIGHT * math.log1p(tweets[term]) for term, score in chosen.items()
    }
    ranked = sorted(likelihood, key=lambda term: (-likelihood[term], known[term]))
    return [(term, known[term]) for term in ranked[:SUGGESTIONS] if known[term] != word]


def _similarity(word: str, known: Mapping[str, str]) -> dict[str, float]:
    """Return the terms whose words are like `word`, with their similarity."""
    # Imported here, as most questions have no unknown word.
    from rapidfuzz import fuzz, process

    near = process.extract(
        word,
        known,
        scorer=fuzz.ratio,
        processor=str.casefold,
        score_cutoff=MIN_SIMILARITY,
        limit=None,
    )
    return {str(term): float(score) for _, score, term in near}


def _longer(word: str, known: Mapping[str, str]) -> list[str]:
    """Return the terms that `word` may be the beginning of, or that have it as a character."""
    prefix = word.casefold()
    if UNSPACED.fullmatch(word):  # without spaces between words, the index has pairs of characters
        return [term for term in known if word in term]
    if len(prefix) < MIN_PREFIX:
        return []
    return [term for term, each in known.items() if each.casefold().startswith(prefix)]
