"""Short texts, and numbers by keys: many, in a few pieces of memory. Pure."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.frozen import Arrays
from bot.splice import Splice, inserted, places

Numbers = NDArray[np.int64]


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

    def spliced(self, fresh: Texts, splice: Splice) -> Texts:
        """Texts of these and of `fresh`, put together by `splice`."""
        starts = np.frombuffer(self._starts, np.int64), np.frombuffer(fresh._starts, np.int64)
        made = Texts()
        made._data = bytearray().join(splice.over(*starts).slices(self._data, fresh._data))
        made._starts = array("q", splice.starts(*starts).tobytes())
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

    def spliced(self, fresh: Lookup, moved: tuple[NDArray[np.int32], NDArray[np.int32]]) -> Lookup:
        """Both, with the new numbers of what they name: int32[old], int32[fresh], -1 for none."""
        numbers = moved[0][self._numbers]
        stay = numbers >= 0
        keys, numbers = self._keys[stay], numbers[stay]
        theirs = moved[1][fresh._numbers]
        firsts = np.flatnonzero(np.diff(fresh._keys, prepend=fresh._keys[:1] - 1))
        sought = fresh._keys[firsts]
        groups = keys.searchsorted(sought), keys.searchsorted(sought, side="right")
        at = places(numbers, groups, theirs, firsts)
        return Lookup(inserted(at, keys, fresh._keys), inserted(at, numbers, theirs), in_order=True)

    def __getitem__(self, key: int) -> list[int]:
        """The numbers of `key`, in the order in which they were given."""
        start = int(np.searchsorted(self._keys, key))
        end = int(np.searchsorted(self._keys, key, side="right"))
        found: list[int] = self._numbers[start:end].tolist()
        return found

    def holds(self, keys: Numbers) -> NDArray[np.bool_]:
        """bool[len(keys)]: which of `keys` are there."""
        return np.isin(keys, self._keys)
