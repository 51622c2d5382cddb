"""What a load changes: of a dump, counted in tweets; of the library, in threads. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.identity import normalised
from bot.merge import is_cut, merge
from bot.models import DumpFault, DumpReport, LoadReport, Thread, Tweet
from bot.snapshot import Snapshot


def tweets_brought(known: Sequence[Thread], brought: Thread) -> tuple[int, int, int]:
    """How many tweets of `brought` are new, known otherwise, and known just so.

    Args:
        known: the versions of threads that the library has and that may be this thread.
        brought: a thread of a dump.
    """
    after = next(each for each in merge([*known, brought]) if brought.id in each.aliases)
    before = [each for each in merge(known) if each.id == after.id or each.id in after.aliases]
    had = {normalised(tweet.text): tweet for thread in before for tweet in thread.tweets}
    have = {normalised(tweet.text): tweet for tweet in after.tweets}
    added = changed = unchanged = 0
    for tweet in brought.tweets:
        key = normalised(tweet.text)
        if key in had:
            same = _said(had[key]) == _said(have.get(key, had[key]))
            unchanged += same
            changed += not same
        elif any(is_cut(tweet, other) for other in had.values()):
            changed += 1
        else:
            added += 1
    return added, changed, unchanged


def _said(tweet: Tweet) -> Tweet:
    """The tweet without the place it was read from."""
    return replace(tweet, file="", line=0)


def report(
    before: Snapshot,
    after: Snapshot,
    dumps: Sequence[DumpReport],
    faults: Sequence[DumpFault],
    kept: tuple[str, ...] = (),
) -> LoadReport:
    """The report of a load that led from one snapshot to the other, or to the same."""
    old = {alias: number for number, entry in enumerate(before.entries) for alias in entry.aliases}
    met: set[int] = set()
    added, changed = [], []
    for entry in after.entries if after is not before else ():
        was = next((old[alias] for alias in sorted(entry.aliases) if alias in old), None)
        if was is None:
            added.append(entry.summary.title)
            continue
        met.add(was)
        if before.entries[was].digest != entry.digest:
            changed.append(entry.summary.title)
    removed = [
        entry.summary.title
        for number, entry in enumerate(before.entries)
        if number not in met and after is not before
    ]
    return LoadReport(
        generation=after.generation,
        changed=after is not before,
        dumps=tuple(dumps),
        errors=tuple(faults),
        threads_added=tuple(added),
        threads_removed=tuple(removed),
        threads_changed=tuple(changed),
        tweets_before=len(before.index),
        tweets_after=len(after.index),
        threads_after=len(after.entries),
        kept=kept,
    )
