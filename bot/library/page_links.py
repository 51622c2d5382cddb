"""Reads a question that is a link to some page: which tweets link to it, or to its site. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.i18n.messages import Sentence, counted, sentence
from bot.library.snapshot.links import key_of, references, without
from bot.library.snapshot.served import Served
from bot.models import Thread
from bot.search.query import NO_FILTERS, Query, host_of, parse

MOST_THREADS = 500
"""Threads that link to a site whose tweets are looked at for the page."""
LEAST_CUT = 6
"""Characters of a cut link's path that tell enough to compare it with a whole link."""
CUT = ("…", "...")
HOME = re.compile(r"(?P<scheme>https?://)?(?P<host>[^/?#\s]+\.[^/?#\s]+)/?", re.IGNORECASE)
"""A link to a site, and to none of its pages."""


@dataclass(frozen=True, slots=True)
class PageQuestion:
    """A question for the tweets that link to a page."""

    key: str
    """The key of the page; see `snapshot.links`."""
    site: str
    """The site that tweets link to."""
    query: Query
    """The question for all tweets that link to the site."""
    threads: tuple[int, ...]
    """The numbers of the first threads that link to the site."""


def page_question(snapshot: Served, text: str) -> PageQuestion | None:
    """Return what a question asks that is a link to a page, perhaps with filters; else None."""
    analyzer = snapshot.index.analyzer
    if home := HOME.fullmatch(text.strip()):
        site = _site(snapshot, host_of(home["host"]) or "")
        if home["scheme"] or snapshot.filter_columns.has("site", site):
            query = replace(parse(f"site:{site}", analyzer), text=text)
            return PageQuestion(site, site, query, ())
    links = references(text)
    if len(links) != 1 or links[0].is_post:
        return None
    rest = without(text, links)
    if rest and parse(rest, analyzer).terms:
        return None
    link = links[0]
    site = _site(snapshot, host_of(text[link.start : link.end]) or "")
    query = replace(parse(f"{rest} site:{site}".strip(), analyzer), text=text)
    threads = snapshot.threads_with(replace(NO_FILTERS, sites=(site,)), MOST_THREADS)
    return PageQuestion(link.key, site, query, tuple(threads))


def linking(
    snapshot: Served, asked: PageQuestion, threads: Sequence[Thread]
) -> tuple[tuple[int, ...] | None, Sentence | None]:
    """Return the documents that link to the page, if any do, and what to say of them.

    Args:
        snapshot: where the threads are from.
        asked: the question.
        threads: those that `asked` names, in its order.
    """
    exact: list[int] = []
    cut: list[int] = []
    for number, thread in zip(asked.threads, threads, strict=True):
        start = snapshot.documents(number)[0]
        for place, tweet in enumerate(thread.tweets):
            links = [each.url or each.printed for each in tweet.links]
            if any(key_of(each) == asked.key for each in links):
                exact.append(start + place)
            elif any(_begins(asked.key, each) for each in links):
                cut.append(start + place)
    if exact:
        said = counted(
            len(exact), "{count} tweet links to this page.", "{count} tweets link to this page."
        )
        return tuple(exact), said
    if cut:
        said = counted(
            len(cut),
            "{count} tweet has a link that begins like this one. The file has only its beginning.",
            "{count} tweets have a link that begins like this one. The file has only its "
            "beginning.",
        )
        return tuple(cut), said
    if "/" not in asked.key or not asked.threads:
        return None, None  # the question is for the site, or a hint of the filter says it all
    said = sentence(
        "No tweet here links to this page. These tweets link to {site}.", site=asked.site
    )
    return None, said


def _site(snapshot: Served, host: str) -> str:
    """Return the host, or the nearest domain above it that tweets link to."""
    labels = host.split(".")
    domains = (".".join(labels[at:]) for at in range(max(len(labels) - 1, 1)))
    return next((each for each in domains if snapshot.filter_columns.has("site", each)), host)


def _begins(key: str, printed: str) -> bool:
    """Whether a link that was cut is the beginning of the one with that key."""
    if not printed.endswith(CUT):
        return False
    beginning = key_of(printed.rstrip("….")) or ""
    path = beginning.partition("/")[2]
    return len(path) >= LEAST_CUT and key.startswith(beginning)
