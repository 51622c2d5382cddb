"""Tests of columns of numbers in a temporary file."""

from __future__ import annotations

import gc
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.loader.records import column_file
from bot.loader.records.column_file import ColumnFile

KINDS: dict[str, type[np.signedinteger[Any]]] = {"a": np.int64, "b": np.int32, "c": np.int64}
rows = st.lists(
    st.tuples(
        st.integers(-(2**63), 2**63 - 1), st.integers(-(2**31), 2**31 - 1), st.integers(0, 9)
    ),
    max_size=5,
)


@pytest.mark.parametrize("in_memory", [1, 1_000_000])
@given(blocks=st.lists(rows, max_size=4))
def test_columns_come_back(in_memory: int, blocks: list[list[tuple[int, int, int]]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(column_file, "IN_MEMORY", in_memory)
        columns = ColumnFile(KINDS)
        for block in blocks:
            columns.append(np.array(block, np.int64).reshape(-1, 3))
        for place, (name, kind) in enumerate(KINDS.items()):
            found = columns.read(name)
            assert found.dtype == kind
            assert found.tolist() == [row[place] for block in blocks for row in block]


def test_a_column_that_is_read_can_grow_again() -> None:
    columns = ColumnFile(KINDS)
    columns.append(np.array([[1, 2, 3]]))
    assert columns.read("b").tolist() == [2]
    columns.append(np.array([[4, 5, 6]]))
    assert columns.read("b").tolist() == [2, 5]


def test_the_file_goes_with_the_columns() -> None:
    columns = ColumnFile(KINDS)
    file = columns._file  # noqa: SLF001  # nothing else shows it
    assert not file.closed
    del columns
    gc.collect()
    assert file.closed
