"""Memory that is freed goes back to the system."""

from __future__ import annotations

import ctypes
import sys

import numpy as np
import pytest

from benchmarks.archive import resident
from bot.background.memory import give_back

ONLY_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has /proc")


@ONLY_LINUX
def test_freed_arrays_leave_no_memory_behind() -> None:
    small = [np.ones(4_000) for _ in range(4_000)]  # 128 MB that malloc keeps
    end = np.ones(4_000)
    before = resident()
    del small
    give_back()
    assert resident() < before - 100
    assert end.sum() == 4_000


@ONLY_LINUX
def test_another_c_library_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: object) -> object:
        return object()

    monkeypatch.setattr(ctypes, "CDLL", missing)
    give_back()
