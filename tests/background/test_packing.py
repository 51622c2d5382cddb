"""Tests of rows that are packed for another process."""

from __future__ import annotations

import pytest

from bot.background.packing import Rows, packed_rows, unpacked_rows

ROWS: Rows = ([(1, -(2**63), "€", None)], [(2**63 - 1, ""), (0, "b")])


def test_rows_come_back() -> None:
    packed = packed_rows(ROWS)
    assert isinstance(packed, bytes)
    assert unpacked_rows(packed) == ROWS


@pytest.mark.parametrize("rows", [([(1, "\ud800")], []), ([], [("a\udfff",)])])
def test_rows_with_half_a_surrogate_pair_come_back(rows: Rows) -> None:
    assert unpacked_rows(packed_rows(rows)) == rows
