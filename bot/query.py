"""A question to a query: words, phrases, what to leave out, filters. No input is an error.

Whatever cannot be understood as an operator is searched for as words, or told in a hint.
"""

from __future__ import annotations

import calendar
import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import regex

from bot.analyzer import Analyzer, Token
from bot.language import Listed, Sentence, sentence

LONGEST_PHRASE = 32
"""Words of a phrase that are looked for side by side."""
OPERATOR = regex.compile(
    r"(?<!\S)(?P<minus>[-−])?(?P<key>from|mentions|site|since|until|thread|has):"
    r"(?:[\"“](?P<quoted>[^\"“”]*)[\"”]|(?P<value>\S*))"
    r"|(?:(?<!\S)(?P<without>[-−]))?"
    r"(?:(?<![\p{L}\p{N}])[\"“„](?P<phrase>[^\"“”„]+)[\"”“]"
    r"|«(?P<phrase>[^«»]+)»|「(?P<phrase>[^「」]+)」|『(?P<phrase>[^『』]+)』)"
    r"|(?<!\S)[-−](?P<word>[\p{L}#@][^\s\"“”]*)",
    regex.IGNORECASE,
)
SIGNS = frozenset(':-−"“„«「『')
"""Without one of these there is no operator in a question."""
JOINERS = frozenset({"AND", "OR"})
"""Operators of other searches, between two words; here any of the words will do anyway."""
LONGEST_JOINED = 12
"""Words of a question that may have such; who asks with a whole tweet means what it shouts."""
DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
HOST = re.compile(r"(?:https?://)?(?:www\.)?([^/?#\s]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """A word to search for."""

    word: str
    """The word as it was written."""
    term: str
    """The term that the index knows it as."""
    start: int
    """Where it starts in the question, in code points."""
    parts: tuple[str, ...] = ()
    """Terms of the question that are its parts, of a hashtag or an address: it is these words."""
    is_piece: bool = False
    """Whether it overlaps its neighbour, being two letters of a word whose borders are unknown."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand side by side."""

    text: str
    """As they were written."""
    terms: tuple[str, ...]
    """The terms that the index knows them as; one for a single word."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a tweet must be, whatever its words."""

    authors: tuple[str, ...] = ()
    """Handles in lower case; it is by one of them."""
    mentions: tuple[str, ...] = ()
    """Handles in lower case; it mentions all of them."""
    sites: tuple[str, ...] = ()
    """Hosts; it links to one of them, or to a part of it."""
    since: date | None = None
    """It is of that day or later."""
    until: date | None = None
    """It is of that day or earlier."""
    threads: tuple[str, ...] = ()
    """Words, ids or links of threads; it is in one of them."""
    has_link: bool = False
    """It has a link."""

    def __bool__(self) -> bool:
        """Whether any is set."""
        return self != NO_FILTERS


NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class Query:
    """What a question was understood to be."""

    text: str
    """The question as asked."""
    terms: tuple[QueryTerm, ...]
    """What to search for, in the question's order, each term once."""
    phrases: tuple[Phrase, ...] = ()
    """What a tweet must hold; their words are among `terms` too."""
    without: tuple[Phrase, ...] = ()
    """What it must not hold."""
    filters: Filters = NO_FILTERS
    """What it must be."""
    hints: tuple[Sentence, ...] = ()
    """What could not be understood, and what to write instead."""


def parse(question: str, analyzer: Analyzer) -> Query:
    """Read `question`; its stop words are left out, unless it holds nothing else."""
    if SIGNS.isdisjoint(question):  # most often
        return Query(question, _terms(question, analyzer.tokens(question)))
    reading = _Reading(analyzer)
    tokens = analyzer.tokens(OPERATOR.sub(reading.take, question))
    if reading.tokens:
        tokens = sorted([*tokens, *reading.tokens], key=lambda each: each.start)
    terms = _terms(question, tokens)
    without = tuple(reading.without)
    if without and not terms and not reading.said:
        reading.hints.append(
            sentence("Add words to search for. So far the question only excludes words.")
        )
    filters = reading.filters()
    return Query(
        question,
        terms,
        tuple(reading.phrases),
        without,
        filters,
        tuple(reading.hints),
    )


def plain_terms(question: str, analyzer: Analyzer) -> list[str] | None:
    """The terms that `parse` finds, where it needs no more than to look the words up; else none."""
    if (
        not SIGNS.isdisjoint(question)
        or question.isupper()
        or "AND" in question
        or "OR" in question
    ):
        return None
    terms: dict[str, None] = {}
    stops: dict[str, None] = {}
    for chunk in question.split():
        for term, _, _, is_stop in analyzer.chunk(chunk):
            (stops if is_stop else terms)[term] = None
    return list(terms or stops)


def _terms(question: str, tokens: Sequence[Token]) -> tuple[QueryTerm, ...]:
    """What to search for, each term once; without stop words, unless there is nothing else."""
    words = [question[each.start : each.end] for each in tokens]
    last = len(words) - 1 if len(words) <= LONGEST_JOINED else 0
    terms: dict[str, QueryTerm] = {}
    parts: dict[str, tuple[str, ...]] = {}
    for at, (word, token) in enumerate(zip(words, tokens, strict=True)):
        if token.is_stop or (0 < at < last and word in JOINERS):
            continue
        beside = itertools.pairwise(tokens[max(at - 1, 0) : at + 2])
        is_piece = any(_overlap(*each) for each in beside)
        made = QueryTerm(word, token.term, token.start, is_piece=is_piece)
        terms.setdefault(token.term, made)
        parts[token.term] = parts.get(token.term, ()) or _parts(token, tokens[at + 1 :])
    if not terms:
        for word, token in zip(words, tokens, strict=True):
            terms.setdefault(token.term, QueryTerm(word, token.term, token.start))
    words_alone = {term for term in terms if not parts.get(term)}
    return tuple(
        replace(each, parts=tuple(part for part in parts.get(each.term, ()) if part in words_alone))
        for each in terms.values()
    )


def _overlap(one: Token, following: Token) -> bool:
    """Whether both begin before the one ends, and neither is in the other."""
    return one.start < following.start < one.end < following.end


def _parts(token: Token, following: Sequence[Token]) -> tuple[str, ...]:
    """The terms of the tokens that stand within `token`, which are next to come."""
    within = itertools.takewhile(lambda each: each.end <= token.end, following)
    return tuple(each.term for each in within if each.term != token.term)


def with_options(
    question: str,
    *,
    author: str | None = None,
    since: str | None = None,
    until: str | None = None,
    thread: str | None = None,
    mentions: str | None = None,
    site: str | None = None,
    has_link: bool = False,
) -> str:
    """`question` with options said as operators, so that one text holds all that was asked."""
    said = {
        "from": author,
        "mentions": mentions,
        "site": site,
        "since": since,
        "until": until,
        "thread": thread,
        "has": "link" if has_link else None,
    }
    added = [f"{key}:{_quoted(value)}" for key, value in said.items() if value and value.strip()]
    return " ".join([question, *added])


def host_of(url: str) -> str | None:
    """The host of an address, printed whole or cut, in lower case and without `www.`."""
    found = HOST.match(url.strip())
    host = found[1].rsplit("@", 1)[-1].split(":")[0].rstrip(".…").lower() if found else ""
    return host or None


def _quoted(value: str) -> str:
    bare = " ".join(re.sub(r"[\"“”]", " ", value).split())
    return f'"{bare}"' if " " in bare else bare


class _Reading:
    """What the operators of a question say."""

    def __init__(self, analyzer: Analyzer) -> None:
        self.phrases: list[Phrase] = []
        self.without: list[Phrase] = []
        self.hints: list[Sentence] = []
        self.tokens: list[Token] = []
        self.said: dict[str, list[str]] = {}
        self._analyzer = analyzer
        self._days: dict[str, date] = {}

    def take(self, found: regex.Match[str]) -> str:
        """Take an operator in; returns blanks in its stead, so that all else keeps its place."""
        if found["key"]:
            taken = self._filter(found)
        elif found["phrase"]:
            taken = self._phrase(found["phrase"], found.start("phrase"), out=bool(found["without"]))
        else:
            taken = self._phrase(found["word"], found.start("word"), out=True)
        return " " * len(found[0]) if taken else found[0]

    def filters(self) -> Filters:
        """The filters that were said."""
        said = {key: tuple(dict.fromkeys(values)) for key, values in self.said.items()}
        since, until = self._days.get("since"), self._days.get("until")
        if since and until and since > until:
            self.hints.append(
                sentence(
                    "The start date {since} is after the end date {until}. Swap them.",
                    since=str(since),
                    until=str(until),
                )
            )
        return Filters(
            authors=said.get("from", ()),
            mentions=said.get("mentions", ()),
            sites=said.get("site", ()),
            since=since,
            until=until,
            threads=said.get("thread", ()),
            has_link="has" in said,
        )

    def _phrase(self, text: str, start: int, *, out: bool) -> bool:
        tokens = self._analyzer.tokens(text)
        phrase = Phrase(text.strip(), tuple(each.term for each in tokens[:LONGEST_PHRASE]))
        if out:
            if phrase.terms:
                self.without.append(phrase)
            return bool(phrase.terms)
        if len(phrase.terms) > 1:
            self.phrases.append(phrase)
        self.tokens += [
            each._replace(start=each.start + start, end=each.end + start) for each in tokens
        ]
        return True

    def _filter(self, found: regex.Match[str]) -> bool:
        key = found["key"].lower()
        value = (found["quoted"] if found["quoted"] is not None else found["value"]).strip()
        shown = f"{key}:{value}"
        if found["minus"]:
            self.hints.append(
                sentence(
                    "“-{operator}” was ignored. A minus excludes only words, as in -rumour.",
                    operator=shown,
                )
            )
        elif not value:
            self._leave_out(shown, key)
        elif key in ("since", "until"):
            day = _day(value, last=key == "until")
            if day:
                self._days[key] = day
                self.said.setdefault(key, []).append(value)
            else:
                self._leave_out(shown, key)
        elif key == "has" and value.lower() not in ("link", "links"):
            self._leave_out(shown, key)
        else:
            self.said.setdefault(key, []).append(_value(key, value))
        return True

    def _leave_out(self, operator: str, key: str) -> None:
        """Add a hint that `operator` was ignored, with examples of its key."""
        examples = Listed(EXAMPLES[key], "or")
        self.hints.append(
            sentence(
                "“{operator}” was ignored. Write it like {example}.",
                operator=operator,
                example=examples,
            )
        )


EXAMPLES = {
    "from": ("from:anna",),
    "mentions": ("mentions:anna",),
    "site": ("site:wsj.com",),
    "since": ("since:2025-06-13", "since:2025-06", "since:2025"),
    "until": ("until:2025-06-13", "until:2025-06", "until:2025"),
    "thread": ("thread:15e2ef4b6f90", "thread:“flying suitcases”"),
    "has": ("has:link",),
}
"""What a filter may look like, by its key."""


def _value(key: str, value: str) -> str:
    if key in ("from", "mentions"):
        return value.lstrip("@").lower()
    return (host_of(value) or value.lower()) if key == "site" else value


def _day(value: str, *, last: bool) -> date | None:
    """The first or the last day of a year, a month or a day."""
    found = DAY.fullmatch(value)
    if not found:
        return None
    year = int(found[1])
    month = int(found[2] or (12 if last else 1))
    try:
        ending = calendar.monthrange(year, month)[1] if last else 1
        return date(year, month, int(found[3] or ending))
    except ValueError:  # there is no such month or day
        return None


def said(filters: Filters) -> Iterable[str]:
    """The filters as operators, each as it would be written."""
    yield from (f"from:{each}" for each in filters.authors)
    yield from (f"mentions:{each}" for each in filters.mentions)
    yield from (f"site:{each}" for each in filters.sites)
    if filters.since:
        yield f"since:{filters.since}"
    if filters.until:
        yield f"until:{filters.until}"
    yield from (f"thread:{_quoted(each)}" for each in filters.threads)
    if filters.has_link:
        yield "has:link"
