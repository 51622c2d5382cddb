"""The threads of a generation, in columns: about a hundred bytes each. Pure."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import NDArray

from bot.arrays.array_file import Arrays, with_prefix, without_prefix
from bot.arrays.multimap import Multimap
from bot.arrays.splice import Splice, owners
from bot.arrays.strings import Strings
from bot.models import Thread, ThreadSummary
from bot.search.threads import Threads
from bot.store.rows import ThreadVersions
from bot.thread_ids import key64

ID = re.compile(r"[0-9a-f]{12}")
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
    """The threads by number, in the order of their dumps. Made by `CatalogueBuilder`."""

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
        by_alias: Multimap | None = None,
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
        if by_alias is None:
            by_alias = Multimap(aliases[0], owners(aliases[1]))
        self._by_alias = by_alias

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
        )

    def spliced(self, fresh: Catalogue, splice: Splice) -> Catalogue:
        """Return the catalogue of the threads that `splice` picks from this one and `fresh`."""
        moved = splice.moved(len(self), len(fresh))
        return Catalogue(
            ids=splice.array(self.ids, fresh.ids),
            titles=self._titles.spliced(fresh._titles, splice),
            authors=_authors(self._authors, fresh._authors, splice),
            starts=splice.starts(self._starts, fresh._starts),
            complete=splice.array(self._complete, fresh._complete),
            digests=splice.array(self.digests, fresh.digests),
            versions=splice.ragged(self._versions, fresh._versions),
            aliases=splice.ragged(self._aliases, fresh._aliases),
            by_alias=self._by_alias.spliced(fresh._by_alias, moved),
        )

    def parts_by(self, fresh: Catalogue, splice: Splice) -> Splice:
        """Return the splice of tweets that corresponds to a splice of threads.

        Args:
            fresh: the catalogue of the new threads.
            splice: picks threads from this catalogue and `fresh`.
        """
        return splice.over(self._starts, fresh._starts)

    def same_as(self, threads: ThreadVersions) -> Numbers:
        """Return int64[threads]: the number here of the thread with the same rows; -1 for none."""
        rows, ends = self._versions
        owner = np.full(max(rows.max(initial=0), threads.rows.max(initial=0)) + 1, -1)
        owner[rows] = owners(ends)
        sizes = np.diff(threads.starts)
        found = owner[threads.rows[threads.starts[:-1]]]
        found[np.append(np.diff(ends), 0)[found] != sizes] = -1
        # Threads of the same size are compared row by row.
        each = owners(threads.starts)
        offset = np.arange(len(threads.rows)) - threads.starts[each]
        known = (found[each] >= 0).nonzero()[0]
        each, offset = each[known], offset[known]
        different = rows[ends[found[each]] + offset] != threads.rows[known]
        found[each[different]] = -1
        return found

    @property
    def starts(self) -> Numbers:
        """int64[threads]: the document number of each thread's first tweet."""
        return self._starts[:-1]

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

    @property
    def complete(self) -> int:
        """How many threads are complete, not previews."""
        return int(np.count_nonzero(self._complete))

    def longest(self, limit: int) -> list[int]:
        """Return the numbers of the threads with the most tweets, complete ones before previews."""
        order = np.lexsort((-np.diff(self._starts), ~self._complete))
        found: list[int] = order[:limit].tolist()
        return found

    def title(self, number: int) -> str:
        """Return the title of the thread with that number."""
        return self._titles[number]

    def versions(self, number: int) -> list[int]:
        """Return the store's rows of the versions of the thread with that number."""
        return _row(self._versions, number)

    def by_author(self, handle: str, limit: int | None = None) -> list[int]:
        """Return the numbers of the first threads by that author, whatever the case of letters."""
        names, codes = self._authors
        wanted = handle.lower()
        same = [code for code, name in enumerate(names) if name and name.lower() == wanted]
        found: list[int] = np.flatnonzero(np.isin(codes, same))[:limit].tolist()
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


def _authors(
    ours: tuple[list[str | None], NDArray[np.int32]],
    theirs: tuple[list[str | None], NDArray[np.int32]],
    splice: Splice,
) -> tuple[list[str | None], NDArray[np.int32]]:
    """Return the names in order of first appearance, and each thread's as its place among them."""
    names = list(dict.fromkeys([*ours[0], *theirs[0]]))
    place = {name: number for number, name in enumerate(names)}
    renamed = np.array([place[name] for name in theirs[0]], np.int32)
    codes = splice.array(ours[1], renamed[theirs[1]])
    found, firsts, codes = np.unique(codes, return_index=True, return_inverse=True)
    order = firsts.argsort()
    return [names[each] for each in found[order].tolist()], order.argsort()[codes].astype(np.int32)


def _row(columns: tuple[Numbers, Numbers], number: int) -> list[int]:
    members, starts = columns
    found: list[int] = members[starts[number] : starts[number + 1]].tolist()
    return found


def _columns(columns: tuple[array[int], array[int]]) -> tuple[Numbers, Numbers]:
    members, starts = columns
    return np.array(members, np.int64), np.array(starts, np.int64)
