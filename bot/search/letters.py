"""Finds the few strings that may be like a word, among very many. Pure.

A filter looks only at the set of a string's letters and at its length. It lets strings pass that
are not like the word, but stops none that is. So only those that pass are compared letter by
letter, elsewhere. It is the bag distance of Bartolini, Ciaccia and Patella (2002,
https://doi.org/10.1007/3-540-45735-6_24), with sets for bags: they fit into 32 bits.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LINE_BREAK = ord("\n")
KINDS = 32
"""Letters that a set tells apart; others share a bit."""
Buffer = bytes | memoryview
Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters of many strings, in the strings' order. Case does not matter."""

    sets: NDArray[np.uint32]
    """uint32[strings]: which letters each has, as bits."""
    lengths: NDArray[np.int32]
    """int32[strings]: how many letters each has, with repetitions."""

    @classmethod
    def of(cls, blocks: Iterable[Buffer]) -> Letters:
        """Return the letters of strings.

        Args:
            blocks: some strings each, in UTF-8, and a line break after each string.
        """
        found = [(np.empty(0, np.uint32), np.empty(0, np.int32)), *map(_letters, blocks)]
        sets, lengths = zip(*found, strict=True)
        return cls(np.concatenate(sets), np.concatenate(lengths))

    def near(self, word: str, typos: int) -> Ids:
        """Return the ids of strings that may be at most so many typos away from `word`.

        A typo is a letter that is missing, too much or another, or two that are out of order.
        """
        longer = np.arange(len(word) + typos + 2) - len(word)
        return self._among(word, typos - longer.clip(min=0), typos + longer.clip(max=0))

    def like(self, word: str, similarity: float) -> Ids:
        """Return the ids of strings that may have at least that similarity, of 100, to `word`.

        It is the share of letters that both have in order: rapidfuzz's `fuzz.ratio`.
        """
        share = 1 - similarity / 100
        longest = int(len(word) * (1 + share) / (1 - share)) + 2
        lengths = np.arange(longest + 1)
        longer = lengths - len(word)
        typos = share * (lengths + len(word))
        return self._among(word, (typos - longer) // 2, (typos + longer) // 2)

    def holding(self, word: str) -> Ids:
        """Return the ids of strings that may contain `word`."""
        lacking = np.full(len(word) + 1, -1)
        lacking[-1] = 0
        return self._among(word, lacking, np.full(len(word) + 1, KINDS))

    def _among(self, word: str, lacking: NDArray[np.number], added: NDArray[np.number]) -> Ids:
        """Return the ids of strings that differ little enough from `word`.

        Args:
            word: the word.
            lacking: how many letters of the word a string may lack, for each length of it; the last
                one for all longer strings too. Below 0, it may not have that length.
            added: how many letters it may have that the word has not.
        """
        wanted = _letters(f"{word}\n".encode(errors="surrogatepass"))[0]
        lengths = np.minimum(self.lengths, len(lacking) - 1)
        possible = ((lacking >= 0) & (added >= 0))[lengths].nonzero()[0]
        sets, lengths = self.sets[possible], lengths[possible]
        lacks = _ones(wanted & ~sets) <= lacking[lengths]
        adds = _ones(sets & ~wanted) <= added[lengths]
        return possible[lacks & adds]


def _letters(block: Buffer) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
    """Return the sets of letters of strings, and their lengths; see `Letters`."""
    folded = str(block, "utf-8", errors="surrogatepass").casefold()
    codes = np.frombuffer(folded.encode("utf-32-le", errors="surrogatepass"), "<u4")
    ends = (codes == LINE_BREAK).nonzero()[0]
    starts = np.append(0, ends[:-1] + 1)
    bits = np.left_shift(1, codes % KINDS, dtype=np.uint32)
    # Each set has the line break, too, and so has the word's.
    return np.bitwise_or.reduceat(bits, starts), (ends - starts).astype(np.int32)


def _ones(bits: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return how many bits of each number are set.

    https://graphics.stanford.edu/~seander/bithacks.html#CountBitsSetParallel; NumPy counts them
    only from version 2 on.
    """
    pairs = bits - (bits >> 1 & 0x55555555)
    fours = (pairs & 0x33333333) + (pairs >> 2 & 0x33333333)
    eights = fours + (fours >> 4) & 0x0F0F0F0F
    ones: NDArray[np.uint32] = eights * np.uint32(0x01010101) >> 24
    return ones
