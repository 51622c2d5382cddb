"""The threads of a generation in columns: a hundred bytes or so each, however many there are."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from bot.frozen import Arrays, below, under
from bot.identity import key64
from bot.models import Thread, ThreadSummary

ID = re.compile(r"[0-9a-f]{12}")
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Entry:
    """A thread of the library."""

    summary: ThreadSummary
    """What lists show of it."""
    aliases: frozenset[str]
    """All ids that it goes by."""
    versions: tuple[int, ...]
    """The rows in the store that it is merged from."""
    digest: int
    """Other when anything that is shown of the thread is other."""


class Texts:
    """Short texts, one after the other in one piece of memory."""

    def __init__(self) -> None:
        """Begin with none."""
        self._data = bytearray()
        self._starts = array("q", [0])

    def __len__(self) -> int:
        """How many there are."""
        return len(self._starts) - 1

    def __getitem__(self, number: int) -> str:
        """The text with that number."""
        start, end = self._starts[number : number + 2]
        return self._data[start : end - 1].decode("utf-8", errors="surrogatepass")

    def __iter__(self) -> Iterator[str]:
        """Each text, in order."""
        whole = self._data.decode("utf-8", errors="surrogatepass")
        return iter(whole.split("\n")[:-1])

    def append(self, text: str) -> None:
        """Add a text at the end; a line break in it becomes a space."""
        said = text.replace("\n", " ")
        self._data += f"{said}\n".encode(errors="surrogatepass")
        self._starts.append(len(self._data))

    def frozen(self) -> Arrays:
        """The arrays that they are made of."""
        return {
            "data": np.frombuffer(bytes(self._data), np.uint8),
            "starts": np.array(self._starts, np.int64),
        }

    @classmethod
    def thawed(cls, arrays: Arrays) -> Texts:
        """What was `frozen`."""
        made = cls()
        made._data = bytearray(arrays["data"].tobytes())
        made._starts = array("q", arrays["starts"].tobytes())
        return made

    def containing(self, wanted: str) -> Iterator[int]:
        """The numbers of the texts that contain `wanted`, which holds no line break, in order."""
        sought = wanted.encode(errors="surrogatepass")
        starts = np.frombuffer(self._starts, np.int64)
        at = self._data.find(sought) if len(self) else -1
        while at >= 0:
            number = int(np.searchsorted(starts, at, side="right")) - 1
            if number >= len(self):
                return
            yield number
            at = self._data.find(sought, int(starts[number + 1]))


class Lookup:
    """Numbers by keys of 64 bits; a key may have many."""

    def __init__(self, keys: Numbers, numbers: NDArray[Any], *, in_order: bool = False) -> None:
        """Look `numbers` up by `keys`, one for each; `in_order` if the keys are sorted."""
        if not in_order:
            order = np.argsort(keys, kind="stable")
            keys, numbers = keys[order], numbers[order]
        self._keys = keys
        self._numbers = numbers.astype(np.int32, copy=False)

    def frozen(self) -> Arrays:
        """The arrays that it is made of."""
        return {"keys": self._keys, "numbers": self._numbers}

    @classmethod
    def thawed(cls, arrays: Arrays) -> Lookup:
        """What was `frozen`."""
        return cls(arrays["keys"], arrays["numbers"], in_order=True)

    def __getitem__(self, key: int) -> list[int]:
        """The numbers of `key`, in the order in which they were given."""
        start = int(np.searchsorted(self._keys, key))
        end = int(np.searchsorted(self._keys, key, side="right"))
        found: list[int] = self._numbers[start:end].tolist()
        return found

    def holds(self, keys: Numbers) -> NDArray[np.bool_]:
        """bool[len(keys)]: which of `keys` are there."""
        return np.isin(keys, self._keys)


class Catalogue(Sequence[Entry]):
    """Threads by number, in the order of their dumps. Made by `Cataloguer`."""

    def __init__(
        self,
        *,
        ids: Numbers,
        titles: Texts,
        authors: tuple[list[str | None], NDArray[np.int32]],
        starts: Numbers,
        complete: NDArray[np.bool_],
        digests: Numbers,
        versions: tuple[Numbers, Numbers],
        aliases: tuple[Numbers, Numbers],
    ) -> None:
        """Use `Cataloguer.done`."""
        self.ids = ids
        """int64[threads]: each thread's id as a number."""
        self.digests = digests
        """int64[threads]: each thread's digest."""
        self._titles = titles
        self._authors = authors
        self._starts = starts
        self._complete = complete
        self._versions = versions
        self._aliases = aliases
        owners = np.repeat(np.arange(len(ids)), np.diff(aliases[1]))
        self._by_alias = Lookup(aliases[0], owners)

    def frozen(self) -> tuple[list[str | None], Arrays]:
        """The authors' names, and the arrays that it is made of."""
        return self._authors[0], {
            **below("titles", self._titles.frozen()),
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
    def thawed(cls, names: list[str | None], arrays: Arrays) -> Catalogue:
        """What was `frozen`."""
        return cls(
            ids=arrays["ids"],
            titles=Texts.thawed(under("titles", arrays)),
            authors=(names, arrays["codes"]),
            starts=arrays["starts"],
            complete=arrays["complete"],
            digests=arrays["digests"],
            versions=(arrays["versions"], arrays["version_ends"]),
            aliases=(arrays["aliases"], arrays["alias_ends"]),
        )

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
        """The thread with that number, or those with these numbers."""
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
        """Each thread, in order."""
        return (self[number] for number in range(len(self)))

    @property
    def authors(self) -> list[str]:
        """All authors' handles, in the order in which they came."""
        return [each for each in self._authors[0] if each]

    def title(self, number: int) -> str:
        """The title of the thread with that number."""
        return self._titles[number]

    def versions(self, number: int) -> list[int]:
        """The rows in the store that the thread with that number is merged from."""
        return _row(self._versions, number)

    def known_as(self, alias: str) -> list[int]:
        """The numbers of the threads that go by `alias`, in order."""
        return self._by_alias[number_of(alias)] if ID.fullmatch(alias) else []

    def knows(self, aliases: Numbers) -> NDArray[np.bool_]:
        """bool[len(aliases)]: which of these, as numbers, any thread goes by."""
        return self._by_alias.holds(aliases)


class Cataloguer:
    """Puts a catalogue together, thread by thread."""

    def __init__(self) -> None:
        """Begin with no thread."""
        self._titles = Texts()
        self._names: dict[str | None, int] = {}
        self._codes = array("i")
        self._ids, self._digests = array("q"), array("q")
        self._complete = bytearray()
        self._starts, self._versions = array("q", [0]), (array("q"), array("q", [0]))
        self._aliases = (array("q"), array("q", [0]))

    def __len__(self) -> int:
        """How many threads were added."""
        return len(self._ids)

    def add(self, thread: Thread, versions: Iterable[int]) -> None:
        """Add a thread, and the rows in the store that it is merged from."""
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
        """int64[threads + 1]: where each thread's tweets begin among all; at the end, how many."""
        return np.array(self._starts, np.int64)

    def done(self) -> Catalogue:
        """The catalogue."""
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
    """A thread's id, twelve hexadecimal digits, as a number."""
    return int(alias, 16)


def alias_of(number: int) -> str:
    """The id that `number_of` made a number of."""
    return f"{number:012x}"


def _row(columns: tuple[Numbers, Numbers], number: int) -> list[int]:
    members, starts = columns
    found: list[int] = members[starts[number] : starts[number + 1]].tolist()
    return found


def _columns(columns: tuple[array[int], array[int]]) -> tuple[Numbers, Numbers]:
    members, starts = columns
    return np.array(members, np.int64), np.array(starts, np.int64)
