"""Parses a question: words, phrases, exclusions and filters. No input is an error.

What is not a valid operator is searched for as words, or named in a hint.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import regex

from bot.i18n.messages import Listed, Sentence, sentence
from bot.search.analyzer import Analyzer, Token
from bot.search.query_terms import QueryTerm, query_terms

LONGEST_PHRASE = 32
"""Words of a phrase that count; further ones are ignored."""
OPERATOR = regex.compile(
    r"(?<!\S)(?P<minus>[-−])?(?P<key>from|mentions|site|since|until|thread|has"
    r"|(?:author|by|to)(?=:[\p{L}\p{N}_@\"“])):"
    r"(?:[\"“](?P<quoted>[^\"“”]*)[\"”]|(?P<value>\S*))"
    r"|(?:(?<!\S)(?P<without>[-−]))?"
    r"(?:(?<![\p{L}\p{N}])[\"“„](?P<phrase>[^\"“”„]+)[\"”“]"
    r"|«(?P<phrase>[^«»]+)»|「(?P<phrase>[^「」]+)」|『(?P<phrase>[^『』]+)』)"
    r"|(?<!\S)[-−](?P<word>[\p{L}#@][^\s\"“”]*)",
    regex.IGNORECASE,
)
SIGNS = frozenset(':-−"“„«「『')
"""Every operator contains one of these characters."""
DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
HOST = re.compile(r"(?:https?://)?(?:www\.)?([^/?#\s]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that must be next to each other."""

    text: str
    """The words as written."""
    terms: tuple[str, ...]
    """Their terms in the index; one for a single word."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions on a tweet beside its words. A tweet must meet all of them."""

    authors: tuple[str, ...] = ()
    """Handles in lower case: the tweet is by one of them."""
    mentions: tuple[str, ...] = ()
    """Handles in lower case: the tweet mentions all of them."""
    sites: tuple[str, ...] = ()
    """Hosts: the tweet links to one of them or to a subdomain."""
    since: date | None = None
    """The tweet is from this day or later."""
    until: date | None = None
    """The tweet is from this day or earlier."""
    threads: tuple[str, ...] = ()
    """Words, ids or links that name threads: the tweet is in one of them."""
    has_link: bool = False
    """Whether the tweet must have a link."""

    def __bool__(self) -> bool:
        """Whether there is any condition."""
        return self != NO_FILTERS


NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed question."""

    text: str
    """The question as asked."""
    terms: tuple[QueryTerm, ...]
    """The words to search for, in the question's order, each term once."""
    phrases: tuple[Phrase, ...] = ()
    """Phrases that a tweet must contain; their words are among `terms` too."""
    without: tuple[Phrase, ...] = ()
    """Words and phrases that it must not contain."""
    filters: Filters = NO_FILTERS
    """Conditions that it must meet."""
    hints: tuple[Sentence, ...] = ()
    """Operators that could not be used, and what to write instead."""
    character: str | None = None
    """The character that any of the `terms` contains, if it is all that is asked for."""


def parse(question: str, analyzer: Analyzer) -> Query:
    """Parse `question`. Stop words are left out, unless there is nothing else."""
    if SIGNS.isdisjoint(question):  # most often
        return Query(question, query_terms(question, analyzer.tokens(question)))
    reading = _Reading(analyzer)
    tokens = analyzer.tokens(OPERATOR.sub(reading.take, question))
    if reading.tokens:
        tokens = sorted([*tokens, *reading.tokens], key=lambda each: each.start)
    terms = query_terms(question, tokens)
    without = tuple(reading.without)
    if without and not terms and not reading.values:
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
    """Return the terms of `parse`, if the analyzer's cached words are all it takes, else None."""
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
    """Append options to `question` as operators, so that one text contains all that was asked."""
    options = {
        "from": author,
        "mentions": mentions,
        "site": site,
        "since": since,
        "until": until,
        "thread": thread,
        "has": "link" if has_link else None,
    }
    added = [f"{key}:{_quoted(value)}" for key, value in options.items() if value and value.strip()]
    return " ".join([*([question] if question else []), *added])


def host_of(url: str) -> str | None:
    """Return the host of a URL in lower case, without `www.`. The URL may be cut short with “…”."""
    found = HOST.match(url.strip())
    host = found[1].rsplit("@", 1)[-1].split(":")[0].rstrip(".…").lower() if found else ""
    return host or None


def _quoted(value: str) -> str:
    bare = " ".join(re.sub(r"[\"“”]", " ", value).split())
    return f'"{bare}"' if " " in bare else bare


class _Reading:
    """Collects the operators of a question."""

    def __init__(self, analyzer: Analyzer) -> None:
        self.phrases: list[Phrase] = []
        self.without: list[Phrase] = []
        self.hints: list[Sentence] = []
        self.tokens: list[Token] = []
        self.values: dict[str, list[str]] = {}
        """The values of each filter."""
        self._analyzer = analyzer
        self._days: dict[str, date] = {}

    def take(self, found: regex.Match[str]) -> str:
        """Take in an operator. Returns as many spaces, so that other words keep their positions."""
        if found["key"]:
            consumed = self._filter(found)
        elif found["phrase"]:
            consumed = self._phrase(
                found["phrase"], found.start("phrase"), out=bool(found["without"])
            )
        else:
            consumed = self._phrase(found["word"], found.start("word"), out=True)
        return " " * len(found[0]) if consumed else found[0]

    def filters(self) -> Filters:
        """Return the filters, and add a hint if their days exclude each other."""
        values = {key: tuple(dict.fromkeys(each)) for key, each in self.values.items()}
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
            authors=values.get("from", ()),
            mentions=values.get("mentions", ()),
            sites=values.get("site", ()),
            since=since,
            until=until,
            threads=values.get("thread", ()),
            has_link="has" in values,
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
        elif key in MEANT:
            self._leave_out(shown, (f"{MEANT[key]}:{_value(MEANT[key], value)}",))
        elif not value:
            self._leave_out(shown, EXAMPLES[key])
        elif key in ("since", "until"):
            day = iso_day(value, last=key == "until")
            if day:
                self._days[key] = day
                self.values.setdefault(key, []).append(value)
            else:
                self._leave_out(shown, EXAMPLES[key])
        elif key == "has" and value.lower() not in ("link", "links"):
            self._leave_out(shown, EXAMPLES[key])
        else:
            self.values.setdefault(key, []).append(_value(key, value))
        return True

    def _leave_out(self, operator: str, right: Sequence[str]) -> None:
        """Add a hint that `operator` was ignored, with examples of what is right."""
        examples = Listed(right, "or")
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
MEANT = {"author": "from", "by": "from", "to": "mentions"}
"""Keys of other programs, and the keys here that mean the same."""


def _value(key: str, value: str) -> str:
    if key in ("from", "mentions"):
        return value.lstrip("@").lower()
    return (host_of(value) or value.lower()) if key == "site" else value


def iso_day(value: str, *, last: bool) -> date | None:
    """Return the first or last day of a year, a month or a day; None if it does not exist."""
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


def operators(filters: Filters) -> Iterable[str]:
    """Yield the filters as operators, each as it would be written."""
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
