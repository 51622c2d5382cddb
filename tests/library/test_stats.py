"""A library's figures: what one gets that counts the tweets one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.library.stats import TOP, stats_of
from bot.models import Link, Thread
from bot.reports import LibraryStats
from bot.search.query import host_of
from tests.library.snapshot.shelf import snapshot_of
from tests.strategies import thread, tweet

LINKS = tuple(
    Link(printed, url)
    for printed, url in (
        ("wsj.com/tech/china-ai-…", None),
        ("https://t.co/x", "https://www.WSJ.com/a"),
        ("news.bbc.co.uk/1…", None),
        ("bbc.co.uk/2…", None),
        *((f"host{number}.org/a", None) for number in range(TOP)),
    )
)
tweets = st.builds(
    tweet,
    st.sampled_from(["Ports grow quiet", "Rice prices double", "On Monday no ship came"]),
    author=st.sampled_from([None, "anna", "Anna", "ben"]),
    created_at=st.sampled_from(
        [None, "2025-06-13T10:00:00+00:00", "2025-06-30", "2025-07-01", "0001-01-01", "9999-12-31"]
    ),
    links=st.lists(st.sampled_from(LINKS), max_size=3).map(tuple),
)
libraries = st.lists(
    st.builds(
        lambda made, number, author, complete: thread(
            *(replace(each, text=f"{number}: {each.text}") for each in made),
            author=author,
            complete=complete,
        ),
        st.lists(tweets, min_size=1, max_size=3),
        st.integers(0, 99),
        st.sampled_from([None, "anna", "ANNA", "ben", "zoe"]),
        st.booleans(),
    ),
    max_size=6,
)


def counted(threads: Sequence[Thread]) -> LibraryStats:
    """The figures of the seven dumps that hold `threads`, each in one version."""
    return stats_of(snapshot_of(*threads), 7)


def merged(threads: Sequence[Thread]) -> list[Thread]:
    """Those that are no version of another."""
    return list({each.title: each for each in threads}.values())


@given(libraries)
def test_the_figures_are_those_of_the_tweets_one_by_one(made: list[Thread]) -> None:
    threads = merged(made)
    stats = counted(threads)
    every = [(each, one) for one in threads for each in one.tweets]
    assert (stats.dumps, stats.tweets) == (7, len(every))
    assert stats.complete == sum(each.complete for each in threads)
    assert stats.previews == len(threads) - stats.complete
    days = sorted(each.created_at[:10] for each, _ in every if each.created_at)
    assert stats.dated == len(days)
    assert (stats.first, stats.last) == ((days[0], days[-1]) if days else (None, None))
    months = sorted(Counter(day[:7] for day in days).items())
    assert [(each.name, each.tweets) for each in stats.months] == months
    hosts = Counter(
        host for each, _ in every for host in {host_of(x.url or x.printed) for x in each.links}
    )
    ranked = sorted(hosts.items(), key=lambda each: (-each[1], each[0] or ""))
    assert [(each.name, each.tweets) for each in stats.hosts] == ranked[:TOP]
    assert stats.all_hosts == len(hosts)
    authors = Counter((each.author or one.author or "").lower() for each, one in every)
    assert stats.unknown == authors.pop("", 0)
    by = sorted(authors.items(), key=lambda each: (-each[1], each[0]))
    assert [(each.name.lower(), each.tweets) for each in stats.authors] == by[:TOP]
    assert stats.all_authors == len(by)


def test_an_author_is_named_as_their_threads_name_them() -> None:
    (only,) = counted([thread("Ports", author="Anna_Ports")]).authors
    assert only.name == "Anna_Ports"
