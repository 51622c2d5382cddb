"""Repairs the spelling of a question with the words of the library. Pure.

A word is repaired only if no tweet has it, or next to none, and only if a tweet has the repair
together with other words of the question. An unknown word that is spelt right is left alone.
"""

from __future__ import annotations

import re
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
MAX_COMPARED = 100_000
"""Different words of the largest library in which more than one word of a question is repaired:
each is compared with all of them, which takes half a second for 300,000."""
CERTAIN = 7
"""Letters of a word that is repaired without fitting the others, if a letter is missing or twice.
With its letters out of order, LONG are enough."""
ENDINGS = "denrsty"
"""A word with another one of these at its end may be another form, such as “spend” and “spent”."""
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
    if len(suspects) > 1:  # the others then have more words to fit
        suspects.sort(key=lambda each: not any(it.certain for it in candidates(each.word, words)))
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
    matches = index.match(others)
    most = int(matches.terms.max(initial=0))
    beside = matches.docs[matches.terms == most] if most else np.arange(len(index))
    if _is_part_of_a_term(suspect.word.casefold(), words.known):
        return None
    own = index.contributions(suspect.term)[0]
    if len(own) and (not most or np.isin(own, matches.docs).any()):
        return None  # a rare word that fits is meant
    fitting: list[tuple[bool, int, bool, bool, int, Candidate]] = []
    for each in candidates(suspect.word, words):
        if not each.terms:
            if not len(own):  # a misspelt stop word
                fitting.append((False, each.distance, False, not each.reordered, 0, each))
            continue
        holding = with_phrase(index.postings, index.forward, each.terms)
        if not (most or each.certain) and each.wrong_letter and len(holding) < LEAST_ALONE:
            continue  # nothing tells which of the two is misspelt
        together = int(np.isin(holding, beside).sum())
        alone = not together
        if len(holding) >= FAR_MORE * len(own) and (together or (each.certain and not len(own))):
            often = together or len(holding)
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
    stop_words = STOP_WORDS - {each.casefold() for each in words.known.values()}
    found = {term: (at, words.known[term]) for term, at in _near(stem, folded, words).items()}
    for term, text in _edited(folded, words).items():
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
            derived = text != words.known[term]
            terms = () if stops else (term,)
            wrong = len(text) == len(word) and not reordered
            yield Candidate(shown, terms, distance, certain, reordered, derived, wrong)
    for each in sorted(stop_words):
        reordered = sorted(each) == sorted(folded)
        near = OSA.distance(folded, each) == 1 and (len(word) >= LONG or reordered)
        if len(each) >= LEAST_LETTERS and near:
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


def _edited(word: str, words: Words) -> dict[str, str]:
    """Return the terms of which a form is one typo away, with that form.

    The library's words have one form for each term, and another one may be meant.
    """
    cuts = [(word[:at], word[at:]) for at in range(1, len(word) + 1)]
    edits = [a + letter + b for a, b in cuts for letter in ALPHABET]
    if len(word) >= LONG:
        edits = [
            *(a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1),
            *(a + b[1:] for a, b in cuts if b),
            *edits,
            *(a + letter + b[1:] for a, b in cuts if b for letter in ALPHABET),
        ]
    stem = words.index.analyzer.stemmer()
    found: dict[str, str] = {}
    for each in edits:
        term = stem(each)
        if term in words.known and _are_forms(each, words.known[term].casefold()):
            found.setdefault(term, each)
    return found


def _are_forms(word: str, text: str) -> bool:
    """Whether two words differ only in their endings, such as “travels” and “traveling”."""
    pairs = zip(word, text, strict=False)
    shared = next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(word), len(text)))
    return word[shared:] in SUFFIXES and text[shared:] in SUFFIXES


def _near(stem: str, folded: str, words: Words) -> dict[str, int]:
    """Return the nearest terms, by their words or their stems, and how many typos they are away."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    spelt = {term: term for term in words.known if len(term) >= LEAST_LETTERS}
    found: dict[str, int] = {}
    for sought, choices in ((folded, words.known), (stem, spelt)):
        if len(sought) < LEAST_LETTERS or not _are_forms(sought, folded):
            continue
        allowed = 2 if len(sought) >= VERY_LONG else 1
        for _, distance, term in process.extract(
            sought,
            choices,
            scorer=OSA.distance,
            processor=str.casefold,
            score_cutoff=allowed,
            limit=CANDIDATES,
        ):
            found[term] = min(found.get(term, int(distance)), int(distance))
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
