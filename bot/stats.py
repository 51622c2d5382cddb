"""What a snapshot holds, in figures: counted in its columns, without reading a tweet. Pure."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from bot.fields import UNDATED
from bot.reports import LibraryStats, Tally
from bot.snapshot import Snapshot

TOP = 10
"""Hosts, and authors, that are named."""
EPOCH = date(1970, 1, 1).toordinal()
"""The day that NumPy counts days from."""


def stats_of(snapshot: Snapshot, dumps: int) -> LibraryStats:
    """The figures of what is served, which is made of so many dumps."""
    fields = snapshot.filter_columns
    dated = fields.days[fields.days != UNDATED]
    complete = snapshot.catalogue.complete
    hosts, authors = fields.tally("host"), fields.tally("from")
    written = {each.lower(): each for each in reversed(snapshot.catalogue.authors)}
    return LibraryStats(
        generation=snapshot.generation,
        dumps=dumps,
        complete=complete,
        previews=len(snapshot.catalogue) - complete,
        tweets=len(fields.days),
        dated=len(dated),
        first=_day(dated.min()) if len(dated) else None,
        last=_day(dated.max()) if len(dated) else None,
        months=_months(dated),
        hosts=tuple(Tally(name, tweets) for name, tweets in hosts[:TOP]),
        all_hosts=len(hosts),
        authors=tuple(Tally(written.get(name, name), tweets) for name, tweets in authors[:TOP]),
        all_authors=len(authors),
        unknown=len(fields.days) - sum(tweets for _, tweets in authors),
    )


def _months(days: NDArray[np.int32]) -> tuple[Tally, ...]:
    """How many of `days`, as ordinals, are in each month in which any is."""
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
