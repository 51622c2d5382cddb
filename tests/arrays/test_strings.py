"""Short strings in one block of memory."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.arrays.gather import Gather
from bot.arrays.strings import Strings

some_texts = st.lists(st.text("abé芯\ud800 \n", max_size=5), max_size=8)


def lines(texts: list[str]) -> list[str]:
    """Return the strings that are stored for `texts`."""
    return [each.replace("\n", " ") for each in texts]


@given(some_texts)
def test_texts_come_back_in_order(texts: list[str]) -> None:
    made = Strings.of(texts)
    assert len(made) == len(texts)
    assert list(made) == lines(texts) == [made[at] for at in range(len(texts))]
    again = Strings.from_arrays(made.to_arrays())
    assert list(again) == list(made)
    with pytest.raises(TypeError, match="these strings are read-only"):
        again.append("more")
    longer = Strings.of([*texts, "more"])
    assert list(longer) == [*again, "more"]


@given(some_texts, st.text("abé ", max_size=2))
def test_texts_are_found_by_what_they_contain(texts: list[str], wanted: str) -> None:
    expected = [at for at, each in enumerate(lines(texts)) if wanted in each]
    assert list(Strings.of(texts).containing(wanted)) == expected


@given(some_texts, st.integers(1, 4))
def test_texts_come_in_blocks(texts: list[str], size: int) -> None:
    blocks = [bytes(each) for each in Strings.of(texts).blocks(size)]
    expected = "".join(f"{each}\n" for each in lines(texts))
    assert b"".join(blocks) == expected.encode(errors="surrogatepass")
    assert len(blocks) == -(-len(texts) // size)


@given(some_texts, some_texts, st.data())
def test_gathered_texts_are_those_that_were_picked(
    old: list[str], fresh: list[str], data: st.DataObject
) -> None:
    kept = data.draw(st.sets(st.sampled_from(range(len(old)))) if old else st.just(set[int]()))
    picks = [*sorted(kept), *range(len(old), len(old) + len(fresh))]
    gather = Gather.of(np.array(picks, np.int64), [len(old), len(fresh)])
    made = Strings.gathered([Strings.of(old), Strings.of(fresh)], gather)
    expected = [*(lines(old)[at] for at in sorted(kept)), *lines(fresh)]
    assert list(made) == expected == [made[at] for at in range(len(expected))]
    assert list(made.containing("a")) == [at for at, each in enumerate(expected) if "a" in each]
    assert list(Strings.from_arrays(made.to_arrays())) == expected


def test_gathered_strings_are_read_only() -> None:
    made = Strings.gathered([Strings.of(["a"])], Gather.of(np.array([0]), [1]))
    with pytest.raises(TypeError, match="these strings are read-only"):
        made.append("c")
