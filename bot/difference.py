"""What a load changes: of a dump, counted in tweets; of the library, in threads. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.identity import normalised
from bot.merge import families, is_cut, merge, merge_family
from bot.models import DumpFault, DumpReport, LoadReport, Thread, Tweet
from bot.snapshot import Snapshot


def tweets_brought(known: Sequence[Thread], brought: Thread) -> tuple[int, int, int]:
    """How many tweets of `brought` are new, known otherwise, and known just so.

    Args:
        known: the versions of threads that the library has and that may be this thread.
        brought: a thread of a dump.
    """
    family = next(kin for kin in families([*known, brought]) if kin[-1] is brought)
    after = merge_family(family)
    before = merge(family[:-1])
    had = {normalised(tweet.text): tweet for thread in before for tweet in thread.tweets}
    have = {normalised(tweet.text): tweet for tweet in after.tweets}
    added = changed = unchanged = 0
    for tweet in brought.tweets:
        key = normalised(tweet.text)
        if key in had:
            same = _said(had[key]) == _said(have.get(key, had[key]))
            unchanged += same
            changed += not same
        elif key not in have:  # the library has it at greater length
            unchanged += 1
        elif any(is_cut(tweet, other) for was, other in had.items() if was not in have):
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
    old = _predecessors(before, after)
    met: set[int] = set()
    added, changed = [], []
    for entry in after.entries if after is not before else ():
        was = old.get(entry.summary.id)
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


def _predecessors(before: Snapshot, after: Snapshot) -> dict[str, int]:
    """The number in `before` of what each thread of `after`, by its id, was there.

    A thread that kept its id is itself; another may have been known by one of its aliases.
    """
    own = {entry.summary.id: number for number, entry in enumerate(before.entries)}
    now = {entry.summary.id for entry in after.entries}
    called = {
        alias: number
        for number, entry in enumerate(before.entries)
        if entry.summary.id not in now
        for alias in entry.aliases
    }
    known = {
        entry.summary.id: called[alias]
        for entry in after.entries
        for alias in sorted(entry.aliases)
        if alias in called
    }
    return {**known, **{each: number for each, number in own.items() if each in now}}
