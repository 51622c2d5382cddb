"""Statistics of a snapshot, counted in its columns without reading any tweet. Pure."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from bot.library.snapshot.served import Served
from bot.reports import LibraryStats, Tally
from bot.search.ranking import UNDATED

TOP = 10
"""Hosts and authors that are listed."""
EPOCH = date(1970, 1, 1).toordinal()
"""The ordinal of the day from which NumPy counts days."""


def stats_of(snapshot: Served, dumps: int) -> LibraryStats:
    """Return the statistics of `snapshot`, which is built from that number of dumps."""
    counts = snapshot.tallies()
    known = counts.days != UNDATED
    days, tweets = counts.days[known], counts.tweets_of_days[known]
    written = {each.lower(): each for each in reversed(counts.written)}
    return LibraryStats(
        generation=snapshot.generation,
        dumps=dumps,
        complete=counts.complete,
        previews=counts.threads - counts.complete,
        tweets=counts.tweets,
        dated=int(tweets.sum()),
        first=_day(days[0]) if len(days) else None,
        last=_day(days[-1]) if len(days) else None,
        months=_months(days, tweets),
        hosts=tuple(Tally(name, tweets) for name, tweets in counts.hosts[:TOP]),
        all_hosts=len(counts.hosts),
        authors=tuple(
            Tally(written.get(name, name), tweets) for name, tweets in counts.authors[:TOP]
        ),
        all_authors=len(counts.authors),
        unknown=counts.tweets - sum(tweets for _, tweets in counts.authors),
    )


def _months(days: NDArray[np.int32], tweets: NDArray[np.int64]) -> tuple[Tally, ...]:
    """Count tweets by month; months without any are left out.

    Args:
        days: int32[n], ordinals, ascending.
        tweets: int64[n], how many tweets are of each day.
    """
    if not len(days):
        return ()
    dates = (days.astype(np.int64) - EPOCH).astype("datetime64[D]")
    months, places = np.unique(dates.astype("datetime64[M]"), return_inverse=True)
    counts = np.zeros(len(months), np.int64)
    np.add.at(counts, places, tweets)
    return tuple(map(Tally, np.datetime_as_string(months).tolist(), counts.tolist()))


def _day(ordinal: np.int32) -> str:
    return date.fromordinal(int(ordinal)).isoformat()
