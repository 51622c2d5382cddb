"""Tests of the kernel that turns texts into term ids: it analyzes each chunk once."""

from __future__ import annotations

import gc
import sys
import weakref
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kernels import built

SPACES = [chr(each) for each in range(sys.maxunicode + 1) if chr(each).isspace()]
chunks = st.text("aé語😀", max_size=4) | st.just("x" * 65) | st.just("y" * 64)
texts = st.lists(st.tuples(chunks, st.sampled_from(SPACES)), max_size=9).map(
    lambda parts: "".join(chunk + space for chunk, space in parts)
)


def read(chunk: str) -> tuple[int, ...]:
    """Numbers that tell one chunk from others: none, one or some."""
    return tuple(map(ord, chunk[: len(chunk) % 4]))


@given(st.lists(texts, max_size=4), st.integers(1, 3), st.booleans())
def test_texts_are_numbered_chunk_by_chunk(
    said: list[str],
    most: int,
    flush: bool,  # noqa: FBT001  # hypothesis passes it by name
) -> None:
    term_ids = built().term_ids(read, most)
    numbers = b""
    for text in said:
        assert term_ids.add(text) == sum(len(read(each)) for each in text.split())
        numbers += term_ids.take() if flush else b""
    numbers += term_ids.take()
    expected = [number for text in said for chunk in text.split() for number in read(chunk)]
    assert np.frombuffer(numbers, np.int32).tolist() == expected
    assert term_ids.take() == b""


def test_white_space_is_what_python_splits_at() -> None:
    every = [chr(each) for each in range(sys.maxunicode + 1) if not 0xD800 <= each < 0xE000]
    parts: list[str] = []

    def keep(chunk: str) -> tuple[int, ...]:
        parts.append(chunk)
        return ()

    term_ids = built().term_ids(keep, 9)
    term_ids.add("".join(every))
    assert parts == "".join(every).split()


def test_many_texts_are_numbered() -> None:
    term_ids = built().term_ids(lambda chunk: [int(chunk)] * 3, 2_000)
    for number in [*range(3_000), *range(3_000)]:
        assert term_ids.add(str(number)) == 3
    assert np.frombuffer(term_ids.take(), np.int32).tolist() == [
        number for number in [*range(3_000), *range(3_000)] for _ in range(3)
    ]


@pytest.mark.parametrize(
    ("reads", "error"),
    [
        (lambda _: 1 / 0, ZeroDivisionError),
        (lambda _: 5, TypeError),
        (lambda _: ["a"], TypeError),
        (lambda _: Broken(), LookupError),
        (lambda _: [1 << 80], OverflowError),
    ],
)
def test_what_goes_wrong_while_a_chunk_is_read_is_raised(
    reads: Any, error: type[Exception]
) -> None:
    term_ids = built().term_ids(reads, 9)
    with pytest.raises(error):
        term_ids.add("a")
    assert term_ids.take() == b""


class Broken(Sequence[int]):
    """A sequence whose items cannot be read."""

    def __len__(self) -> int:
        """One item."""
        return 1

    def __getitem__(self, at: Any) -> Any:
        """There is none."""
        raise LookupError


@pytest.mark.parametrize("most", [-1, 0, (1 << 26) + 1])
def test_term_ids_remember_at_least_one_chunk_and_not_too_many(most: int) -> None:
    with pytest.raises(ValueError, match="1 to 67,108,864"):
        built().term_ids(read, most)


def test_text_that_utf_8_cannot_hold_is_refused() -> None:
    with pytest.raises(UnicodeEncodeError):
        built().term_ids(read, 9).add("half \ud800")


def test_term_ids_take_a_reader_and_a_number() -> None:
    with pytest.raises(TypeError):
        built().term_ids(read)
    with pytest.raises(TypeError):
        built().term_ids(read, 9).add(5)  # type: ignore[arg-type]  # that is the test


def test_chunks_of_one_hash_are_told_apart() -> None:
    # The kernel's own hash is the same for both of each pair: of one length, and of two.
    said = ["jjciu", "ivjyb", "aspns", "lrxrcs", "jjciu", "aspns"]
    term_ids = built().term_ids(lambda chunk: [said.index(chunk)], 9)
    term_ids.add(" ".join(said))
    assert np.frombuffer(term_ids.take(), np.int32).tolist() == [0, 1, 2, 3, 0, 2]


class Reader:
    """Reads chunks, and may hold what it reads for."""

    held: object = None

    def read(self, _: str) -> tuple[int, ...]:
        """No numbers."""
        return ()


def test_term_ids_that_their_reader_holds_are_collected() -> None:
    reader = Reader()
    term_ids = built().term_ids(reader.read, 9)
    reader.held = term_ids
    also: list[Any] = [term_ids]
    also.append(also)
    gone = weakref.ref(reader)
    del reader, term_ids, also
    gc.collect()
    assert gone() is None


def test_term_ids_refer_to_their_reader_and_their_type() -> None:
    term_ids = built().term_ids(read, 9)
    assert any(each is term_ids for each in gc.get_referrers(read))
    assert any(each is term_ids for each in gc.get_referrers(type(term_ids)))
