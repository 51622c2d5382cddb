"""The threads of a layer, in columns: about a hundred bytes each. Pure."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import NDArray

from bot.arrays.array_file import Arrays, with_prefix, without_prefix
from bot.arrays.distinct import distinct
from bot.arrays.gather import Gather, owners
from bot.arrays.multimap import Multimap
from bot.arrays.strings import Strings
from bot.models import Thread, ThreadSummary
from bot.search.bm25.top_k import top_k
from bot.search.threads import Threads
from bot.thread_ids import key64

ID = re.compile(r"[0-9a-f]{12}")
LONGER_THAN_ANY = 1e9
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Entry:
    """A thread in the catalogue."""

    summary: ThreadSummary
    """What lists show."""
    aliases: frozenset[str]
    """All ids it is known by."""
    versions: tuple[int, ...]
    """The store's rows of the versions that it is merged from."""
    digest: int
    """A hash of the thread's visible content."""


class Catalogue(Sequence[Entry]):
    """The threads by number, as they were first stored. Made by `CatalogueBuilder`."""

    def __init__(
        self,
        *,
        ids: Numbers,
        titles: Strings,
        authors: tuple[list[str | None], NDArray[np.int32]],
        starts: Numbers,
        complete: NDArray[np.bool_],
        digests: Numbers,
        versions: tuple[Numbers, Numbers],
        aliases: tuple[Numbers, Numbers],
        maps: tuple[Multimap, Multimap] | None = None,
    ) -> None:
        """Use `CatalogueBuilder.done`."""
        self.ids = ids
        """int64[threads]: each thread's id, as a number."""
        self.digests = digests
        """int64[threads]: each thread's digest."""
        self._titles = titles
        self._authors = authors
        self._starts = starts
        self.threads = Threads.at(starts[:-1], int(starts[-1]))
        """Which tweets are of which thread."""
        self._complete = complete
        self._versions = versions
        self._aliases = aliases
        self._by_alias, self._by_row = maps or (
            Multimap(each[0], owners(each[1])) for each in (aliases, versions)
        )
        self._order = np.minimum.reduceat(versions[0], versions[1][:-1]) if len(ids) else ids

    def to_arrays(self) -> tuple[list[str | None], Arrays]:
        """Return the authors' handles, and its arrays, for `from_arrays`."""
        return self._authors[0], {
            **with_prefix("titles", self._titles.to_arrays()),
            "ids": self.ids,
            "digests": self.digests,
            "codes": self._authors[1],
            "starts": self._starts,
            "complete": self._complete,
            "versions": self._versions[0],
            "version_ends": self._versions[1],
            "aliases": self._aliases[0],
            "alias_ends": self._aliases[1],
            **with_prefix("by_alias", self._by_alias.to_arrays()),
            **with_prefix("by_row", self._by_row.to_arrays()),
        }

    @classmethod
    def from_arrays(cls, names: list[str | None], arrays: Arrays) -> Catalogue:
        """Rebuild it from what `to_arrays` returned."""
        return cls(
            ids=arrays["ids"],
            titles=Strings.from_arrays(without_prefix("titles", arrays)),
            authors=(names, arrays["codes"]),
            starts=arrays["starts"],
            complete=arrays["complete"],
            digests=arrays["digests"],
            versions=(arrays["versions"], arrays["version_ends"]),
            aliases=(arrays["aliases"], arrays["alias_ends"]),
            maps=(
                Multimap.from_arrays(without_prefix("by_alias", arrays)),
                Multimap.from_arrays(without_prefix("by_row", arrays)),
            ),
        )

    @staticmethod
    def gathered(
        parts: Sequence[Catalogue], gather: Gather
    ) -> tuple[list[str | None], Iterator[Arrays]]:
        """Return what `to_arrays` does for the threads that `gather` picks from those of `parts`.

        The arrays come some at a time, as each is made when it is needed.
        """
        names, codes = _authors([each._authors for each in parts], gather)
        return names, _gathered(parts, gather, codes)

    @staticmethod
    def tweets(parts: Sequence[Catalogue], gather: Gather) -> Gather:
        """Return how the tweets are gathered of the threads that `gather` picks from `parts`."""
        return gather.over([each._starts for each in parts])

    @property
    def order(self) -> Numbers:
        """int64[threads]: the lowest row of each thread's versions, by which threads are sorted.

        It ascends, so a library's threads are in the order in which they were first stored.
        """
        return self._order

    def rows(self, gone: NDArray[np.bool_] | None) -> Numbers:
        """Return the rows of all versions of the threads that are not `gone`, bool[threads]."""
        rows, starts = self._versions
        return rows if gone is None else rows[~gone[owners(starts)]]

    def with_rows(self, rows: Numbers) -> Numbers:
        """Return the numbers, ascending, of the threads that have any of these versions."""
        return distinct(self._by_row.all(rows)).astype(np.int64)

    def __len__(self) -> int:
        """How many threads there are."""
        return len(self.ids)

    @overload
    def __getitem__(self, number: int) -> Entry: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Entry]: ...
    def __getitem__(self, number: int | slice) -> Entry | Sequence[Entry]:
        """Return the thread with that number, or the threads of a slice."""
        if isinstance(number, slice):
            return [self[each] for each in range(*number.indices(len(self)))]
        at = range(len(self))[number]
        names, codes = self._authors
        return Entry(
            ThreadSummary(
                id=alias_of(int(self.ids[at])),
                title=self._titles[at],
                author=names[codes[at]],
                tweets=int(self._starts[at + 1] - self._starts[at]),
                complete=bool(self._complete[at]),
            ),
            frozenset(map(alias_of, _row(self._aliases, at))),
            tuple(_row(self._versions, at)),
            int(self.digests[at]),
        )

    def __iter__(self) -> Iterator[Entry]:
        """Yield each thread, in order."""
        return (self[number] for number in range(len(self)))

    @property
    def authors(self) -> list[str]:
        """The handles of all authors, in order of first appearance."""
        return [each for each in self._authors[0] if each]

    def first_by_author(self, gone: NDArray[np.bool_] | None) -> Iterator[tuple[int, str]]:
        """Yield the order of each author's first thread, and the handle; in order.

        Args:
            gone: bool[threads]: the threads to leave out.
        """
        names, codes = self._authors
        numbers = np.arange(len(codes)) if gone is None else (~gone).nonzero()[0]
        found, firsts = np.unique(codes[numbers], return_index=True)
        pairs = zip(self.order[numbers[firsts]].tolist(), found.tolist(), strict=True)
        return ((order, name) for order, code in sorted(pairs) if (name := names[code]))

    def count_complete(self, gone: NDArray[np.bool_] | None) -> int:
        """Return how many threads are complete, not previews; without those that are `gone`."""
        complete = self._complete if gone is None else self._complete & ~gone
        return int(np.count_nonzero(complete))

    def documents(self, number: int) -> tuple[int, int]:
        """Return the documents [start, end) of the thread with that number."""
        return int(self._starts[number]), int(self._starts[number + 1])

    def longest(self, limit: int, gone: NDArray[np.bool_] | None) -> list[int]:
        """Return the numbers of the threads with the most tweets, complete ones before previews.

        Args:
            limit: how many threads at most.
            gone: bool[threads]: the threads to leave out.
        """
        lengths = np.diff(self._starts).astype(np.float64)
        lengths[self._complete] += LONGER_THAN_ANY
        if gone is not None:
            lengths[gone] = 0
        found = top_k(lengths, limit)
        longest: list[int] = found[lengths[found] > 0].tolist()
        return longest

    def title(self, number: int) -> str:
        """Return the title of the thread with that number."""
        return self._titles[number]

    def versions(self, number: int) -> list[int]:
        """Return the store's rows of the versions of the thread with that number."""
        return _row(self._versions, number)

    def by_author(
        self, handle: str, limit: int | None, gone: NDArray[np.bool_] | None
    ) -> list[int]:
        """Return the numbers of the first threads by that author, whatever the case of letters.

        Args:
            handle: the author.
            limit: how many threads at most; None for all.
            gone: bool[threads]: the threads to leave out.
        """
        names, codes = self._authors
        wanted = handle.lower()
        same = [code for code, name in enumerate(names) if name and name.lower() == wanted]
        theirs = np.isin(codes, same)
        if gone is not None:
            theirs &= ~gone
        found: list[int] = theirs.nonzero()[0][:limit].tolist()
        return found

    def known_as(self, alias: str) -> list[int]:
        """Return the numbers of the threads with that id, ascending."""
        return self._by_alias[number_of(alias)] if ID.fullmatch(alias) else []

    def knows(self, aliases: Numbers) -> NDArray[np.bool_]:
        """Return bool[len(aliases)]: which of these ids any thread has. Ids are numbers here."""
        return self._by_alias.holds(aliases)


class CatalogueBuilder:
    """Builds a catalogue, thread by thread."""

    def __init__(self) -> None:
        """Start with no threads."""
        self._titles = Strings()
        self._names: dict[str | None, int] = {}
        self._codes = array("i")
        self._ids, self._digests = array("q"), array("q")
        self._complete = bytearray()
        self._starts, self._versions = array("q", [0]), (array("q"), array("q", [0]))
        self._aliases = (array("q"), array("q", [0]))

    def add(self, thread: Thread, versions: Iterable[int]) -> None:
        """Add a thread.

        Args:
            thread: the merged thread.
            versions: the store's rows of its versions.
        """
        self._titles.append(thread.title)
        self._codes.append(self._names.setdefault(thread.author, len(self._names)))
        self._ids.append(number_of(thread.id))
        shown = (thread.title, thread.complete, thread.source_url, thread.tweets)
        self._digests.append(key64(repr(shown)))
        self._complete.append(thread.complete)
        self._starts.append(self._starts[-1] + len(thread.tweets))
        for (members, ends), more in (
            (self._versions, versions),
            (self._aliases, map(number_of, sorted(thread.aliases))),
        ):
            members.extend(more)
            ends.append(len(members))

    def starts(self) -> Numbers:
        """Return int64[threads + 1]: the first tweet of each thread; at the end their number."""
        return np.array(self._starts, np.int64)

    def done(self) -> Catalogue:
        """Return the catalogue."""
        return Catalogue(
            ids=np.array(self._ids, np.int64),
            titles=self._titles,
            authors=([*self._names], np.array(self._codes, np.int32)),
            starts=self.starts(),
            complete=np.frombuffer(bytes(self._complete), np.bool_),
            digests=np.array(self._digests, np.int64),
            versions=_columns(self._versions),
            aliases=_columns(self._aliases),
        )


def number_of(alias: str) -> int:
    """Return a thread's id, twelve hexadecimal digits, as a number."""
    return int(alias, 16)


def alias_of(number: int) -> str:
    """Return the id of a number from `number_of`."""
    return f"{number:012x}"


def _gathered(
    parts: Sequence[Catalogue], gather: Gather, codes: NDArray[np.int32]
) -> Iterator[Arrays]:
    """Yield the arrays of `Catalogue.gathered`; `codes` are those of the authors."""
    yield {
        "ids": gather.array([each.ids for each in parts]),
        "digests": gather.array([each.digests for each in parts]),
        "codes": codes,
        "starts": gather.starts([each._starts for each in parts]),
        "complete": gather.array([each._complete for each in parts]),
    }
    del codes
    titles = [each._titles for each in parts]
    yield with_prefix("titles", Strings.gathered(titles, gather).to_arrays())
    versions, version_ends = gather.ragged([each._versions for each in parts])
    yield {"versions": versions, "version_ends": version_ends}
    yield with_prefix("by_row", Multimap(versions, owners(version_ends)).to_arrays())
    del versions, version_ends
    aliases, alias_ends = gather.ragged([each._aliases for each in parts])
    yield {"aliases": aliases, "alias_ends": alias_ends}
    yield with_prefix("by_alias", Multimap(aliases, owners(alias_ends)).to_arrays())


def _authors(
    parts: Sequence[tuple[list[str | None], NDArray[np.int32]]], gather: Gather
) -> tuple[list[str | None], NDArray[np.int32]]:
    """Return the names in order of first appearance, and each thread's as its place among them."""
    names = list(dict.fromkeys(name for each in parts for name in each[0]))
    place = {name: number for number, name in enumerate(names)}
    whole = gather.array([np.array([place[n] for n in own], np.int32)[at] for own, at in parts])
    found, firsts, codes = np.unique(whole, return_index=True, return_inverse=True)
    order = firsts.argsort()
    return [names[each] for each in found[order].tolist()], order.argsort()[codes].astype(np.int32)


def _row(columns: tuple[Numbers, Numbers], number: int) -> list[int]:
    members, starts = columns
    found: list[int] = members[starts[number] : starts[number + 1]].tolist()
    return found


def _columns(columns: tuple[array[int], array[int]]) -> tuple[Numbers, Numbers]:
    members, starts = columns
    return np.array(members, np.int64), np.array(starts, np.int64)
