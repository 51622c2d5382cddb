"""Columns of numbers in a temporary file: they take memory only while they are read."""

from __future__ import annotations

import tempfile
import weakref
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

IN_MEMORY = 8 * 1024 * 1024
"""Bytes that stay in memory; more go to a file."""


class ColumnFile:
    """Columns that grow at their ends."""

    def __init__(self, columns: Mapping[str, type[np.signedinteger[Any]]]) -> None:
        """Start with no rows.

        Args:
            columns: the columns' names, in order, with the types of their numbers.
        """
        self._dtypes = {name: np.dtype(kind) for name, kind in columns.items()}
        self._file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  # kept open
        weakref.finalize(self, self._file.close)
        self._blocks: list[int] = []
        """How many rows each call of `append` added."""

    def append(self, rows: NDArray[np.int64]) -> None:
        """Add rows, integers[rows, columns], at the end."""
        self._file.seek(0, 2)
        for place, dtype in enumerate(self._dtypes.values()):
            self._file.write(rows[:, place].astype(dtype).tobytes())
        self._blocks.append(len(rows))

    def read(self, name: str) -> NDArray[Any]:
        """Return the column with that name."""
        names = [*self._dtypes]
        sizes = [each.itemsize for each in self._dtypes.values()]
        dtype, before = self._dtypes[name], sum(sizes[: names.index(name)])
        column = np.empty(sum(self._blocks), dtype)
        at = start = 0
        for rows in self._blocks:
            self._file.seek(start + rows * before)
            data = self._file.read(rows * dtype.itemsize)
            column[at : at + rows] = np.frombuffer(data, dtype)
            start += rows * sum(sizes)
            at += rows
        return column
