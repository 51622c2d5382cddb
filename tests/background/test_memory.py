"""Memory that is freed goes back to the system."""

from __future__ import annotations

import ctypes
import subprocess
import sys

import numpy as np
import pytest

from benchmarks.archive import resident
from bot.background.memory import give_back, use_little_memory
from tests.conftest import ROOT

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
    use_little_memory()


IN_THREADS = """
import sys
from threading import Event, Thread
import numpy as np
from benchmarks.archive import resident
from bot.background.memory import give_back, use_little_memory
if sys.argv[1] == "little":
    use_little_memory()
kept, done = [], [Event() for _ in range(4)]
def work(n):
    if n:
        done[n - 1].wait()
    freed = [np.ones(4_000) for _ in range(1_000)]  # 32 MB
    kept.append(np.ones(4_000))  # at the end of the thread's arena
    del freed
    done[n].set()
    done[-1].wait()  # so all threads are alive, and none takes over the arena of one that ended
before = resident()
threads = [Thread(target=work, args=(n,)) for n in range(4)]
for each in threads: each.start()
for each in threads: each.join()
print(resident() - before)
"""


@ONLY_LINUX
def test_threads_use_what_others_have_freed() -> None:
    grown = {}
    for mode in ("little", "much"):
        done = subprocess.run(
            [sys.executable, "-c", IN_THREADS, mode], cwd=ROOT, capture_output=True, check=True
        )
        grown[mode] = int(done.stdout)
    assert grown["little"] * 2 < grown["much"], grown


LARGE_ARRAYS = """
import sys
import numpy as np
from benchmarks.archive import resident
from bot.background.memory import loading
if sys.argv[1] == "loading":
    loading().__enter__()
freed = np.ones(2_000_000)  # from now on, the C library keeps arrays of 16 MB
del freed
before = resident()
large, kept = [], []
for _ in range(10):
    large.append(np.ones(1_000_000))  # 80 MB in all
    kept.append(np.ones(60_000))  # too large for the gaps that other objects have left
del large
print(resident() - before)
"""


@ONLY_LINUX
def test_loads_give_large_arrays_back() -> None:
    grown = {}
    for mode in ("loading", "other"):
        done = subprocess.run(
            [sys.executable, "-c", LARGE_ARRAYS, mode], cwd=ROOT, capture_output=True, check=True
        )
        grown[mode] = int(done.stdout)
    assert grown["loading"] < 10 < 50 < grown["other"], grown
