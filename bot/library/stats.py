"""Statistics of a snapshot, counted in its columns without reading any tweet. Pure."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from bot.library.snapshot.snapshot import Snapshot
from bot.reports import LibraryStats, Tally
from bot.search.ranking import UNDATED

TOP = 10
"""Hosts and authors that are listed."""
EPOCH = date(1970, 1, 1).toordinal()
"""The ordinal of the day from which NumPy counts days."""


def stats_of(snapshot: Snapshot, dumps: int) -> LibraryStats:
    """Return the statistics of `snapshot`, which is built from that number of dumps."""
    columns = snapshot.filter_columns
    dated = columns.days[columns.days != UNDATED]
    complete = snapshot.catalogue.complete
    hosts, authors = columns.tally("host"), columns.tally("from")
    written = {each.lower(): each for each in reversed(snapshot.catalogue.authors)}
    return LibraryStats(
        generation=snapshot.generation,
        dumps=dumps,
        complete=complete,
        previews=len(snapshot.catalogue) - complete,
        tweets=len(columns.days),
        dated=len(dated),
        first=_day(dated.min()) if len(dated) else None,
        last=_day(dated.max()) if len(dated) else None,
        months=_months(dated),
        hosts=tuple(Tally(name, tweets) for name, tweets in hosts[:TOP]),
        all_hosts=len(hosts),
        authors=tuple(Tally(written.get(name, name), tweets) for name, tweets in authors[:TOP]),
        all_authors=len(authors),
        unknown=len(columns.days) - sum(tweets for _, tweets in authors),
    )


def _months(days: NDArray[np.int32]) -> tuple[Tally, ...]:
    """Count `days`, int32 ordinals, by month; months without any are left out."""
    if not len(days):
        return ()
    dates = (days.astype(np.int64) - EPOCH).astype("datetime64[D]")
    months = dates.astype("datetime64[M]").astype(np.int64)
    first = months.min()
    counts = np.bincount(months - first)
    found = counts.nonzero()[0]
    names = np.datetime_as_string((found + first).astype("datetime64[M]"))
    return tuple(map(Tally, names.tolist(), counts[found].tolist()))


def _day(ordinal: np.int32) -> str:
    return date.fromordinal(int(ordinal)).isoformat()
