"""What a load changes: counts the tweets that a dump adds, and lists changed threads. Pure."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from itertools import islice
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.i18n.messages import sentence
from bot.library.snapshot.catalogue import number_of
from bot.library.snapshot.layered import LayeredCatalogue
from bot.library.snapshot.links import key_of_id
from bot.library.snapshot.snapshot import Snapshot
from bot.library.snapshot.thread_merge import (
    MANY_VERSIONS,
    begins,
    begins_like,
    fuller,
    may_be_one,
    merge,
    merge_versions,
    versions_by_thread,
)
from bot.models import Dump, Progress, Step, Thread, Tweet
from bot.reports import DumpFault, DumpReport, LoadReport
from bot.store.rows import Version
from bot.thread_ids import key64, normalised, stem_of

MOST_TITLES = 1_000
"""Titles of threads in a report; there may be a million threads."""
MOST_KEPT = 64
"""Versions of the library that are kept for the next comparisons, by their rows."""
PROGRESS_EVERY = 1_000
"""Threads between two calls of `progress`."""
WORTH_WATCHING = 40_000
"""Tweets of a dump whose threads are surveyed while they are stored, not built once more."""
MOST_ALIKE = 64
"""Threads, or versions of a thread, that a thread is compared with. If more begin with the same
words, only ids tell them apart; without the limit, thousands of them would take hours."""
MOST_VERSIONS = 8
"""Versions of one thread that are compared one by one; more are merged first."""
MOST_COUNTED = 1_024
"""Comparisons whose counts are kept."""
MOST_SOUGHT = 2_000_000
"""Comparisons of a thread's tweets with the beginnings of others."""
content_of = attrgetter(*(each.name for each in fields(Tweet) if each.name not in ("file", "line")))
"""Returns a tweet's fields without the place it was read from."""

Numbers = NDArray[np.int64]
NONE: Numbers = np.empty(0, np.int64)


def tweets_brought(known: Sequence[Thread], brought: Thread) -> tuple[int, int, int]:
    """Count the tweets of `brought` that are new, changed and unchanged.

    Args:
        known: versions in the library that may be of the same thread.
        brought: a thread of a dump.
    """
    groups = versions_by_thread([*known, brought])
    versions = next(group for group in groups if group[-1] is brought)
    after = _Places(merge_versions(versions).tweets)
    before = {after.of(tweet): tweet for thread in merge(versions[:-1]) for tweet in thread.tweets}
    added = changed = unchanged = 0
    for tweet in brought.tweets:
        place = after.of(tweet)
        had = before.get(place)
        if had is None:
            added += 1
        elif content_of(had) == content_of(after.tweets[place]):
            unchanged += 1
        else:
            changed += 1
    return added, changed, unchanged


class _Places:
    """Finds tweets of a thread's versions in the merged thread."""

    def __init__(self, tweets: Sequence[Tweet]) -> None:
        self.tweets = tweets
        self._by_id = {each.tweet_id: at for at, each in enumerate(tweets) if each.tweet_id}
        self._words = [normalised(each.text) for each in tweets]
        self._by_words: dict[str, int] = {}
        for at, each in enumerate(self._words):
            self._by_words.setdefault(each, at)
        self._left = MOST_SOUGHT

    def of(self, tweet: Tweet) -> int:
        """Return the place of `tweet` in the thread: by its id, its words or their beginning."""
        if tweet.tweet_id in self._by_id:
            return self._by_id[tweet.tweet_id]
        words = normalised(tweet.text)
        same = self._by_words.get(words)
        if same is not None:
            return same
        if self._left <= 0:
            return -1
        alike = (at for at, each in enumerate(self._words) if begins_like(words, each))
        place = next(alike, -1)
        self._left -= place + 1 if place >= 0 else len(self._words)
        return place


def count_brought(
    snapshot: Snapshot,
    dumps: Sequence[Dump],
    read: Callable[[Sequence[int]], list[Version]],
    progress: Progress | None = None,
    watched: Watched | None = None,
) -> tuple[DumpReport, ...]:
    """Count what each dump adds to the library and to the dumps before it.

    Args:
        snapshot: the library before the load.
        dumps: the dumps that were read.
        read: reads versions from the store, by their rows.
        progress: called with the number of threads compared.
        watched: has seen the threads of some dumps.
    """
    surveys = [_survey(dump, progress, watched) for dump in dumps]
    repeated = _repeated([each.aliases for each in surveys])
    repeated_ids = _repeated([each.ids for each in surveys])
    brought = _Brought(_Library(snapshot, read))
    reports: list[DumpReport] = []
    for dump, survey, alike, same in zip(dumps, surveys, repeated, repeated_ids, strict=True):
        # A thread that shares no id with another one is new as a whole; it needs no comparison.
        ours = survey.having(
            snapshot.catalogue.may_know(survey.aliases), snapshot.lookup.may_know(survey.ids)
        )
        known = ours | survey.having(alike, same)
        counts = [int(survey.tweets[~known].sum()), 0, 0]
        for number in np.flatnonzero(known).tolist():
            thread = dump.threads[number]
            found = brought.count(thread, may_be_known=bool(ours[number]))
            counts = [a + b for a, b in zip(counts, found, strict=True)]
        threads, tweets = len(survey.tweets), int(survey.tweets.sum())
        added, changed, unchanged = counts
        reports.append(DumpReport(dump, added, changed, unchanged, threads, tweets))
    return tuple(reports)


class _Version(NamedTuple):
    """A version of a thread, for comparing."""

    thread: Thread
    """It. It needs no aliases, which become as many as its versions."""
    content: int
    """A hash of it without the places it was read from."""

    @classmethod
    def of(cls, thread: Thread) -> _Version:
        """Return a version of `thread`."""
        tweets = tuple(hash(content_of(each)) for each in thread.tweets)
        content = hash((thread.title, thread.author, thread.complete, thread.source_url, tweets))
        return cls(replace(thread, aliases=frozenset()), content)

    @property
    def place(self) -> tuple[object, ...]:
        """What decides which of two versions with the same words goes first."""
        first = self.thread.tweets[0]
        return self.thread.dumps, first.file, str(first.line)


def _fewer(versions: list[_Version]) -> list[_Version]:
    """Return versions of threads, merged if they are many."""
    return _merged(versions) if len(versions) > MOST_VERSIONS else versions


def _merged(versions: Iterable[_Version]) -> list[_Version]:
    return list(map(_Version.of, merge(each.thread for each in versions)))


class _Library:
    """Finds the versions in the library that may be of the same thread as others."""

    def __init__(self, snapshot: Snapshot, read: Callable[[Sequence[int]], list[Version]]) -> None:
        self._snapshot = snapshot
        self._read = read
        self._found: dict[tuple[int, ...], list[_Version]] = {}

    def like(self, thread: Thread) -> list[_Version]:
        """Return the versions that may be of `thread`; merged if they are many."""
        rows = tuple(_rows(self._snapshot, thread))
        found = self._found.get(rows)
        if found is None:
            if len(self._found) >= MOST_KEPT:
                self._found.clear()
            versions = [_Version.of(each.thread) for each in self._read(rows)] if rows else []
            found = self._found[rows] = _fewer(versions)
        return found


class _Brought:
    """Threads of a load, by their ids and those of their tweets."""

    def __init__(self, library: _Library) -> None:
        self._library = library
        self._named: dict[str, list[_Version]] = {}
        self._times: Counter[str] = Counter()
        self._many: dict[str, _Many] = {}
        """The threads with very many versions."""
        self._common: set[str] = set()
        self._counts: dict[tuple[object, ...], tuple[int, int, int]] = {}
        """What was counted: files may repeat each other."""

    def count(self, thread: Thread, *, may_be_known: bool) -> tuple[int, int, int]:
        """Count the tweets of `thread` that are new, changed and unchanged, and add it.

        Args:
            thread: a thread of a dump.
            may_be_known: whether the library may have it.
        """
        if self._many and (names := self._many.keys() & set(self._exact(thread))):
            return self._many[min(names)].count(thread)
        version = _Version.of(thread)
        ours = self._library.like(thread) if may_be_known else []
        versions = [*ours, *self._like(thread)]
        places = [each.place for each in (*versions, version)]
        order = sorted(range(len(places)), key=places.__getitem__)
        key = (version.content, *(each.content for each in versions), *order)
        counts = self._counts.get(key)
        if counts is None:
            if len(self._counts) >= MOST_COUNTED:
                self._counts.clear()
            counts = tweets_brought([each.thread for each in versions], version.thread)
            self._counts[key] = counts
        self._add(thread, version, versions)
        return counts

    def _like(self, thread: Thread) -> list[_Version]:
        """Return the threads that may be the same as `thread`, in order."""
        found = {
            each.content: each
            for name in self._names(thread)
            if name not in self._common
            for each in self._named.get(name, ())
        }
        return list(found.values())

    def _add(self, thread: Thread, version: _Version, versions: Sequence[_Version]) -> None:
        """Add a thread. Of many with the same own id, the merged ones are kept.

        Args:
            thread: the thread.
            version: it, for comparing.
            versions: the versions that it was compared with.
        """
        exact = {*self._exact(thread)}
        for name in self._names(thread):
            if name in self._common:
                continue
            same = self._named.setdefault(name, [])
            if all(version.content != each.content for each in same):
                same.append(version)
            if name in exact:
                self._times[name] += 1
                same[:] = _fewer(same)
                if self._times[name] > MANY_VERSIONS:
                    self._many[name] = _Many(merge(each.thread for each in (*versions, version)))
            if len(same) > MOST_ALIKE:
                self._common.add(name)
                del self._named[name]

    @staticmethod
    def _exact(thread: Thread) -> Iterator[str]:
        yield thread.id
        yield from (f"tweet {key}" for key in _ids(thread))

    def _names(self, thread: Thread) -> Iterator[str]:
        yield from thread.aliases
        yield from (f"tweet {key}" for key in _ids(thread))


class _Many:
    """Threads with very many versions, whose tweets are compared one by one.

    Merging them again for each version would take the product of the versions and the tweets.
    """

    def __init__(self, threads: Iterable[Thread]) -> None:
        self._by_id: dict[str, Tweet] = {}
        self._by_words: dict[str, Tweet] = {}
        self._by_stem: dict[str, Tweet] = {}
        for thread in threads:
            self._add(thread.tweets)

    def count(self, thread: Thread) -> tuple[int, int, int]:
        """Count the tweets of `thread` that are new, changed and unchanged, and add it."""
        added = changed = 0
        merged: list[Tweet] = []
        for tweet in thread.tweets:
            had = self._like(tweet)
            whole = fuller(had, tweet) if had else tweet
            whole = whole if whole.author else replace(whole, author=thread.author)
            merged.append(whole)
            added += had is None
            changed += had is not None and content_of(whole) != content_of(had)
        self._add(merged)
        return added, changed, len(merged) - added - changed

    def _like(self, tweet: Tweet) -> Tweet | None:
        if found := self._by_id.get(tweet.tweet_id or ""):
            return found
        words = normalised(tweet.text)
        found = self._by_words.get(words) or self._by_stem.get(stem_of(words))
        is_same = found and may_be_one(tweet, found) and begins(tweet, found)
        return found if is_same else None

    def _add(self, tweets: Iterable[Tweet]) -> None:
        for tweet in tweets:
            words = normalised(tweet.text)
            if tweet.tweet_id:
                self._by_id[tweet.tweet_id] = tweet
            self._by_words[words] = tweet
            if stem := stem_of(words):
                self._by_stem[stem] = tweet


def _rows(snapshot: Snapshot, thread: Thread) -> list[int]:
    """Return the rows of the versions in the library that share an id with `thread`."""
    numbers = set(snapshot.lookup.with_tweets(_ids(thread)))
    for alias in thread.aliases:
        found = snapshot.with_ids(frozenset((alias,)))
        if alias == thread.id or len(found) <= MOST_ALIKE:
            numbers.update(found)
    return [
        row for each in sorted(numbers) for row in snapshot.catalogue.versions(each)[-MOST_ALIKE:]
    ]


def _ids(thread: Thread) -> Iterator[int]:
    """Yield the keys of the known ids of a thread's tweets, as in `Lookup`."""
    return _keys(tweet.tweet_id for tweet in thread.tweets)


def _keys(tweet_ids: Iterable[str | None]) -> Iterator[int]:
    return (key64(key) for each in tweet_ids if (key := key_of_id(each)))


def _repeated(keys: Sequence[NDArray[np.int64]]) -> list[NDArray[np.bool_]]:
    """Return for each array which of its keys occur more than once in all of them."""
    if not keys:
        return []
    every = np.concatenate(keys)
    every.sort()  # np.unique takes five times the memory
    twice = every[1:][every[1:] == every[:-1]]
    return [np.isin(each, twice) if len(twice) else np.zeros(len(each), np.bool_) for each in keys]


class _Survey(NamedTuple):
    """A dump's threads, as numbers."""

    tweets: NDArray[np.int32]
    """int32[threads]: how many tweets each has."""
    aliases: NDArray[np.int64]
    """int64[aliases]: the ids of each, as numbers, thread after thread."""
    alias_counts: NDArray[np.int32]
    """int32[threads]: how many of `aliases` each has."""
    ids: NDArray[np.int64]
    """int64[ids]: the keys of the known ids of its tweets, thread after thread."""
    id_counts: NDArray[np.int32]
    """int32[threads]: how many of `ids` each has."""

    def having(self, aliases: NDArray[np.bool_], ids: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return which threads have any of some of `aliases` or `ids`.

        Args:
            aliases: bool[aliases]: some of the threads' ids.
            ids: bool[ids]: some of the tweets' ids.
        """
        found = np.zeros(len(self.tweets), np.bool_)
        for chosen, counts in ((aliases, self.alias_counts), (ids, self.id_counts)):
            ends = np.cumsum(counts, dtype=np.int64)
            found[ends.searchsorted(chosen.nonzero()[0], side="right")] = True
        return found


def _outlines(
    threads: Sequence[Thread],
) -> Iterator[tuple[Collection[str], Sequence[str | None]]]:
    """Yield the ids of each thread, and those of its tweets."""
    outlines: Callable[[], Iterator[Any]] | None = getattr(threads, "outlines", None)
    if outlines:  # threads that are built on access, which takes longer
        yield from outlines()
        return
    for each in threads:
        yield each.aliases, [tweet.tweet_id for tweet in each.tweets]


class _Surveyor:
    """Makes the survey of a dump's threads, one by one."""

    def __init__(self) -> None:
        self._tweets, self._alias_counts, self._id_counts = array("i"), array("i"), array("i")
        self._aliases, self._ids = array("q"), array("q")

    def __len__(self) -> int:
        return len(self._tweets)

    def add(self, outline: tuple[Collection[str], Sequence[str | None]]) -> None:
        """Take in the next thread's ids, and those of its tweets."""
        names, members = outline
        before = len(self._ids)
        self._tweets.append(len(members))
        self._alias_counts.append(len(names))
        self._aliases.extend(map(number_of, names))
        self._ids.extend(_keys(members))
        self._id_counts.append(len(self._ids) - before)

    def done(self) -> _Survey:
        return _Survey(
            tweets=np.frombuffer(self._tweets, np.int32),
            aliases=np.frombuffer(self._aliases, np.int64),
            alias_counts=np.frombuffer(self._alias_counts, np.int32),
            ids=np.frombuffer(self._ids, np.int64),
            id_counts=np.frombuffer(self._id_counts, np.int32),
        )


class Watched:
    """The dumps whose threads are surveyed while they are stored; see `count_brought`."""

    def __init__(self, dumps: Iterable[Dump]) -> None:
        """Watch the large ones, whose threads are built on access."""
        self._surveyors: dict[int, _Surveyor] = {}
        for dump in dumps:
            threads: Any = dump.threads
            if getattr(threads, "tweets", 0) >= WORTH_WATCHING:
                self._surveyors[id(dump)] = surveyor = _Surveyor()
                threads.watch = surveyor.add

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._surveyors)

    def survey_of(self, dump: Dump) -> _Survey | None:
        """Return the survey of a dump; None if not all of its threads were stored."""
        surveyor = self._surveyors.pop(id(dump), None)
        if surveyor is None:
            return None
        threads: Any = dump.threads
        threads.watch = None  # it keeps the surveyor
        return surveyor.done() if len(surveyor) == len(threads) else None


def _survey(dump: Dump, progress: Progress | None, watched: Watched | None) -> _Survey:
    if watched and (found := watched.survey_of(dump)):
        return found
    surveyor = _Surveyor()
    for number, outline in enumerate(_outlines(dump.threads)):
        if progress and number % PROGRESS_EVERY == 0:
            progress(Step(sentence("comparing with the library"), number, len(dump.threads)))
        surveyor.add(outline)
    return surveyor.done()


def report(
    before: Snapshot,
    after: Snapshot,
    dumps: Sequence[DumpReport],
    faults: Sequence[DumpFault],
    kept: tuple[str, ...] = (),
) -> LoadReport:
    """Report a load that replaced the snapshot `before` by `after`, or changed nothing.

    Args:
        before: what was served before the load.
        after: what is served after it; the same object if nothing changed.
        dumps: what each dump added.
        faults: the files that could not be read.
        kept: files that could not be read anew.
    """
    changed = after is not before
    gone, came = _difference(before, after) if changed else (NONE, NONE)
    old, new = before.catalogue, after.catalogue
    pairs = _predecessors(old, gone.tolist(), new, came) if len(gone) else {}
    removed = gone[~np.isin(gone, [*pairs.values()])] if pairs else gone
    added = came[~np.isin(came, [*pairs])] if pairs else came
    turned = [each for each, was in pairs.items() if old.digest(was) != new.digest(each)]
    return LoadReport(
        generation=after.generation,
        changed=changed,
        dumps=tuple(dumps),
        errors=tuple(faults),
        threads_added=_titles(new, added),
        threads_removed=_titles(old, removed),
        threads_changed=_titles(new, turned),
        tweets_before=len(before.index),
        tweets_after=len(after.index),
        threads_after=len(new),
        kept=kept,
        more_added=max(len(added) - MOST_TITLES, 0),
        more_removed=max(len(removed) - MOST_TITLES, 0),
        more_changed=max(len(turned) - MOST_TITLES, 0),
    )


def _titles(catalogue: LayeredCatalogue, numbers: Iterable[int]) -> tuple[str, ...]:
    return tuple(catalogue.title(int(number)) for number in islice(numbers, MOST_TITLES))


def _difference(before: Snapshot, after: Snapshot) -> tuple[Numbers, Numbers]:
    """Return the threads of either snapshot, in order, without those that layers of both have."""
    masks = {each.layer.name: each.mask for each in before.parts}
    others = {each.layer.name: each.mask for each in after.parts}
    return _only(before, others), _only(after, masks)


def _only(snapshot: Snapshot, others: Mapping[str, NDArray[np.bool_]]) -> Numbers:
    """Return the threads, in order, that are masked in the same layer of another snapshot.

    Args:
        snapshot: the snapshot.
        others: by the names of the other's layers, bool[threads]: which are masked.
    """
    found, orders = [NONE], [NONE]
    for part, each in enumerate(snapshot.parts):
        live, gone = ~each.mask, others.get(each.layer.name)
        numbers = (live if gone is None else live & gone).nonzero()[0]
        found.append(snapshot.catalogue.first_of(part) + numbers)
        orders.append(each.layer.catalogue.order[numbers])
    order = np.concatenate(orders).argsort(kind="stable")
    return np.concatenate(found)[order]


def _predecessors(
    old: LayeredCatalogue, gone: Sequence[int], new: LayeredCatalogue, came: Numbers
) -> dict[int, int]:
    """Return which thread that came was which thread that went, by their numbers.

    Threads are matched by id. A thread whose id changed is matched by its aliases.
    """
    by_id = {old.id_of(number): number for number in gone}
    found = {}
    for number in came.tolist():
        was = by_id.pop(new.id_of(number), None)
        if was is not None:
            found[number] = was
    called = {alias: was for was in list(by_id.values()) for alias in old[was].aliases}
    for number in [each for each in came.tolist() if each not in found] if called else ():
        known = [called[alias] for alias in sorted(new[number].aliases) if alias in called]
        if known:
            found[number] = known[-1]
    return found
