"""Repairs the spelling of a question with the words of the library. Pure.

A word is repaired only if no tweet has it, or next to none, and only if a tweet has the repair
together with other words of the question. An unknown word that is spelt right is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

from bot.search.analyzer import STOP_WORDS, Analyzer
from bot.search.query import Phrase, Query, parse
from bot.search.query_terms import QueryTerm
from bot.search.searched import Asked

LEAST_LETTERS = 4
"""Letters of the shortest word that is repaired."""
MOST_LETTERS = 40
"""Letters of the longest word that is repaired: a longer one is seldom mistyped, and what is near
it costs the square of its length."""
LONG, VERY_LONG = 5, 8
"""Letters of a word that may have a wrong letter, and of one that may have two typos. In shorter
words a letter is only missing or letters are out of order, as the words near a short one are too
many."""
MOST_LONGER = 2
"""Letters by which a word and its repair may differ in length: they may have other endings."""
LEAST_ALONE = 2
"""Tweets that have the repair of a wrong letter, if no other word of the question is in any."""
LEAST_PART = 3
"""Letters of the shortest word before or after a missing space."""
RARE, LARGE, FAR_MORE = 2, 1_000, 100
"""A word in at most RARE tweets of a library of LARGE may be a misspelling of one that is FAR_MORE
times as frequent."""
MAX_REPAIRED = 4
"""Words of a question that are repaired at once."""
CERTAIN = 7
"""Letters of a word that is repaired without fitting the others, if a letter is missing or twice.
With its letters out of order, LONG are enough."""
ENDINGS = "denrsty"
"""A word with another one of these at its end may be another form, such as “spend” and “spent”."""
BEFORE_ES = ("s", "x", "z", "ch", "sh", "o")
"""What a word ends with of which another form adds “es”."""
SUFFIXES = frozenset(
    (
        "",
        *"""
    able al d e ed er ers es ful ied ier ies ing ings ion ions ive ly ment ments or ors s y
    """.split(),
    )
)
"""Endings of two forms of a word, after the letters that they share."""
ALPHABET = "abcdefghijklmnopqrstuvwxyz"
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
    certain: bool = False
    """Whether it is so near that it need not fit the other words."""
    reordered: bool = False
    """Whether the letters are only out of order."""
    derived: bool = False
    """Whether the library may have another form of the word only."""
    wrong_letter: bool = False
    """Whether letters are others, and none is missing or too many."""


class Vocabulary(Protocol):
    """The words of a library, which may be elsewhere."""

    def near(self, word: str) -> Mapping[str, str]:
        """Return the terms that a repair of `word` depends on, each with its word; perhaps others.

        They are those whose words or stems are near it (`most_typos`), those of its `edits`, and
        handles and hosts that have it.
        """

    def like(self, word: str) -> Mapping[str, str]:
        """Return the terms that may be suggested for `word`, each with its word; perhaps others.

        See `near_words.nearest_words`.
        """


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a library."""

    index: Asked
    """The tweets that have them."""
    every: Vocabulary
    """The words."""
    _candidates: dict[str, list[Candidate]] = field(default_factory=dict)

    def candidates(self, word: str) -> list[Candidate]:
        """Return the `candidates` of a word, which is asked for several times."""
        if word not in self._candidates:
            self._candidates[word] = list(candidates(word, self))
        return self._candidates[word]


def repaired(query: Query, index: Asked, known: Vocabulary) -> str:
    """Return the question with its misspelt words repaired; unchanged if nothing has to be.

    Phrases, exclusions and filters stay as they are.

    Args:
        query: the question.
        index: over all tweets.
        known: the words of these tweets.
    """
    words = Words(index, known)
    text = query.text
    for _ in range(MAX_REPAIRED):  # a repaired word may be what another one needs beside it
        better = _repaired_once(query, words)
        if better == text:
            break
        text, query = better, parse(better, index.analyzer)
    return text


def may_be_misspelt(query: Query, index: Asked) -> list[QueryTerm]:
    """Return the words of a question that no tweet has, or next to none."""
    phrases = {term for each in query.phrases for term in each.terms}
    most = RARE if len(index) >= LARGE else 0
    return [
        each
        for each in query.terms
        if LEAST_LETTERS <= len(each.word) <= MOST_LETTERS
        and each.word.isalpha()
        and not (each.word.isupper() and not query.text.isupper())
        and each.term not in phrases
        and not each.is_piece
        and index.document_frequency(each.term) <= most
    ]


def _repaired_once(query: Query, words: Words) -> str:
    """Return the question with each misspelt word repaired that fits the words beside it."""
    suspects = may_be_misspelt(query, words.index)[:MAX_REPAIRED]
    chosen: dict[QueryTerm, str] = {}
    if len(suspects) > 1:  # the others then have more words to fit
        suspects.sort(key=lambda each: not any(it.certain for it in words.candidates(each.word)))
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

    It fits if a tweet that has most of the other words has the repair as well. If none does, and no
    tweet has the word itself, a repair that is certain is enough. The fewest typos win, then
    letters out of order, then the most tweets with the other words.
    """
    index = words.index
    if _is_part_of_a_term(suspect.word.casefold(), words.every.near(suspect.word)):
        return None
    found = index.beside(others, suspect.term, ())
    if found.own and (not found.most or found.own_fits):
        return None  # a rare word that fits is meant
    possible = words.candidates(suspect.word)
    phrases = [Phrase(each.text, each.terms) for each in possible]
    held = index.beside(others, suspect.term, phrases)
    own = held.own
    fitting: list[tuple[bool, int, bool, bool, int, Candidate]] = []
    for each, holding, together in zip(possible, held.holding, held.together, strict=True):
        if not each.terms:
            if not own:  # a misspelt stop word
                fitting.append((False, each.distance, False, not each.reordered, 0, each))
            continue
        if not (held.most or each.certain) and each.wrong_letter and holding < LEAST_ALONE:
            continue  # nothing tells which of the two is misspelt
        alone = not together
        if holding >= FAR_MORE * own and (together or (each.certain and not own)):
            often = together or holding
            order = alone, each.distance, each.derived, not each.reordered, -often
            fitting.append((*order, each))
    return min(fitting, key=lambda each: each[:5])[5] if fitting else None


def _is_part_of_a_term(word: str, known: Mapping[str, str]) -> bool:
    """Whether a handle or a host has the word, such as “mastodon” in “mastodon.social”."""
    whole = re.compile(rf"(?<![^\W_]){re.escape(word)}(?![^\W_])")
    return any(word in term and not term.isalpha() and whole.search(term) for term in known)


def candidates(word: str, words: Words) -> Iterator[Candidate]:
    """Yield what a misspelt word may stand for: near words, and two words without their space."""
    # Imported here, as most questions have no unknown word.
    from rapidfuzz.distance import OSA

    stem, folded = words.index.analyzer.terms(word)[0], word.casefold()
    known = words.every.near(word)
    stop_words = STOP_WORDS - {each.casefold() for each in known.values()}
    near = _near(stem, folded, words.index, known)
    found = {term: (at, known[term]) for term, at in near.items()}
    for term, text in _edited(folded, words.index, known).items():
        at, shown = found.get(term, (2, ""))
        if at > 1 or OSA.distance(folded, shown.casefold()) > 1:
            found[term] = (1, text)
    for term, (distance, text) in found.items():
        if term == stem or not text.isalpha() or len(text) < LEAST_PART:
            continue
        if _is_another_form(folded, text.casefold()):
            continue
        reordered = sorted(text.casefold()) == sorted(folded)
        if _is_plausible(folded, text.casefold()):
            stops = text.casefold() in STOP_WORDS
            shown = text.lower() if word.islower() else text
            certain = distance == 1 and _is_certain(folded, text.casefold())
            derived = text != known[term]
            terms = () if stops else (term,)
            wrong = len(text) == len(word) and not reordered
            yield Candidate(shown, terms, distance, certain, reordered, derived, wrong)
    for each in sorted(stop_words):
        reordered = sorted(each) == sorted(folded)
        is_near = OSA.distance(folded, each) == 1 and (len(word) >= LONG or reordered)
        if len(each) >= LEAST_LETTERS and is_near:
            yield Candidate(each, (), 1, reordered=reordered)
    yield from _split(folded, words.index)


def _is_plausible(word: str, text: str) -> bool:
    """Whether people mistype `text` as `word`: they seldom write a wrong first letter."""
    if sorted(word) == sorted(text):
        return True
    if abs(len(word) - len(text)) > MOST_LONGER:
        return False
    if len(word) < LONG:
        return text[0] == word[0] and _lacks_one(word, text)
    return text[0] == word[0] or _lacks_one(word, text) or _lacks_one(text, word)


def _lacks_one(word: str, text: str) -> bool:
    """Whether `word` is `text` without one of its letters."""
    return any(word == text[:at] + text[at + 1 :] for at in range(len(text)))


def _is_certain(word: str, text: str) -> bool:
    """Whether `word`, one typo from `text`, is hardly another word, wherever it is."""
    if word.endswith("z") and text in (word[:-1], f"{word[:-1]}s"):
        return True  # how some write a plural
    if sorted(word) == sorted(text):
        return len(word) >= LONG
    return len(word) >= CERTAIN and len(word) != len(text)


def _is_another_form(word: str, text: str) -> bool:
    """Whether only the ending differs, as in “spend” and “spent”; “chipz” has none."""
    return len(text) == len(word) and text[:-1] == word[:-1] and word[-1] in ENDINGS


def _edited(word: str, index: Asked, known: Mapping[str, str]) -> dict[str, str]:
    """Return the terms of which a form is one typo away, with that form.

    The library's words have one form for each term, and another one may be meant.
    """
    found: dict[str, str] = {}
    for term, each in edits(word, index.analyzer):
        if term in known and _are_forms(each, known[term].casefold()):
            found.setdefault(term, each)
    return found


@lru_cache(maxsize=2 * MAX_REPAIRED)  # each word of a question is asked for twice
def edits(word: str, analyzer: Analyzer) -> list[tuple[str, str]]:
    """Return what is one typo away from a word, which is folded, each after its term."""
    stem = analyzer.stemmer()
    return [(stem(each), each) for each in _edits(word)]


def _edits(word: str) -> list[str]:
    """Return what is one typo away from a word, which is folded."""
    cuts = [(word[:at], word[at:]) for at in range(1, len(word) + 1)]
    edits = [a + letter + b for a, b in cuts for letter in ALPHABET]
    if len(word) < LONG:
        return edits
    return [
        *(a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1),
        *(a + b[1:] for a, b in cuts if b),
        *edits,
        *(a + letter + b[1:] for a, b in cuts if b for letter in ALPHABET),
    ]


def _are_forms(word: str, text: str) -> bool:
    """Whether two words differ only in their endings, such as “travels” and “traveling”."""
    pairs = zip(word, text, strict=False)
    shared = next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(word), len(text)))
    if word[shared:] == "es" and shared == len(text) and not text.endswith(BEFORE_ES):
        return False  # nobody writes “bringes”
    return word[shared:] in SUFFIXES and text[shared:] in SUFFIXES


def _near(stem: str, folded: str, index: Asked, known: Mapping[str, str]) -> dict[str, int]:
    """Return the nearest terms, by their words or their stems, and how many typos they are away.

    Of equally near terms the frequent ones come first, so the order of `known` is no matter.
    """
    found: dict[str, int] = {}
    for near in _alike(stem, folded, known):
        holding = index.document_frequencies([term for term, _ in near])
        order = sorted(
            (at, -tweets, term) for (term, at), tweets in zip(near, holding, strict=True)
        )
        for distance, _, term in order[:CANDIDATES]:
            found[term] = min(found.get(term, distance), distance)
    return found


def _alike(stem: str, folded: str, known: Mapping[str, str]) -> Iterator[list[tuple[str, int]]]:
    """Yield the terms whose words are near, then those that are near as stems; with the typos."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    spelt = {term: term for term in known if len(term) >= LEAST_LETTERS}
    for sought, choices in ((folded, known), (stem, spelt)):
        if len(sought) < LEAST_LETTERS or not _are_forms(sought, folded):
            continue
        near = process.extract(
            sought,
            choices,
            scorer=OSA.distance,
            processor=str.casefold,
            score_cutoff=most_typos(sought),
            limit=None,
        )
        yield [(term, int(distance)) for _, distance, term in near]


def most_typos(word: str) -> int:
    """Return how many typos there may be between a word, or a stem, and one that is near it."""
    return 2 if len(word) >= VERY_LONG else 1


def _split(word: str, index: Asked) -> Iterator[Candidate]:
    """Yield the two words of which `word` is made, if a tweet has them side by side."""
    ends = range(LEAST_PART, len(word) - LEAST_PART + 1)
    texts = [f"{word[:at]} {word[at:]}" for at in ends]
    split = [(text, tuple(index.analyzer.terms(text))) for text in texts]
    every = list(dict.fromkeys(term for _, terms in split for term in terms))
    tweets = dict(zip(every, index.document_frequencies(every), strict=True))
    for text, terms in split:
        if all(tweets[each] for each in terms) and index.count(Phrase(text, terms)):
            yield Candidate(text, terms, 1)


def replaced(text: str, corrections: Mapping[QueryTerm, str]) -> str:
    """Return `text` with each of the terms replaced by its correction."""
    for term in sorted(corrections, key=lambda each: each.start, reverse=True):
        text = f"{text[: term.start]}{corrections[term]}{text[term.start + len(term.word) :]}"
    return text
