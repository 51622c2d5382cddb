"""Runs `python -m bot` in copies of a process that has its modules already.

A command computes for about 0.05 s. Before that a new Python reads modules for 0.3 s, and the tests
run the program more than a thousand times. A copy is a process like any other, with settings,
folder, input, output, rights and end of its own.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import pkgutil
import runpy
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tests.privileges import without_root_rights

ROOT = Path(__file__).parent.parent
LEFT_OUT = (
    "bot.__main__",
    "bot.app",
    "bot.cluster",
    "bot.library.spread",
    "bot.store.postgres",
    "bot.views.discord",
)
"""Modules that most commands do without."""
TIMEOUT = 60
"""Seconds that a command may take."""


class Request(NamedTuple):
    """How to run the program once."""

    arguments: Sequence[str]
    folder: str
    environment: Mapping[str, str]
    place: str
    """A folder with the files `in`, `out`, `err` and the pipe `end`."""
    first: str
    """Code to run before, in the same process."""


class Original:
    """The process that is copied, as its owner sees it."""

    def __init__(self) -> None:
        """Start it."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.forked"],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
        )

    def run(
        self,
        arguments: Sequence[str],
        folder: Path,
        environment: Mapping[str, str],
        said: str,
        first: str = "",
    ) -> tuple[int, str, str]:
        """Run the program; return its exit status, what it printed, and what it said on the side.

        Raises:
            TimeoutError: it took more than TIMEOUT seconds, and was killed.
        """
        with TemporaryDirectory() as name:
            place = Path(name)
            os.mkfifo(place / "end")
            (place / "in").write_text(said, encoding="utf-8")
            request = json.dumps(Request(arguments, str(folder), environment, name, first))
            pipe = self._process.stdin
            assert pipe is not None
            pipe.write(f"{request}\n".encode())
            pipe.flush()
            with (place / "end").open("rb", buffering=0) as end:
                pid = int(end.read(16))
                if not select.select([end], [], [], TIMEOUT)[0]:
                    os.kill(pid, signal.SIGKILL)
                    raise TimeoutError(arguments)
                status = int(end.read(16))
            out, err = ((place / each).read_text(encoding="utf-8") for each in ("out", "err"))
        return status, out, err

    def close(self) -> None:
        """End it."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait()


@cache
def original() -> Original:
    """The one of this process; it ends with it."""
    started = Original()
    atexit.register(started.close)
    return started


def main() -> None:
    """Import what commands need; then run one in a copy for each request."""
    for each in _modules("bot"):
        importlib.import_module(each)
    gc.collect()
    gc.freeze()  # or each copy would write to all there is
    request = _next_in_a_copy()
    if request is not None:
        _take_on(request)
        exec(request.first)  # noqa: S102  # a test's own
        runpy.run_module("bot", run_name="__main__", alter_sys=True)


def _modules(name: str) -> Iterator[str]:
    yield name
    for each in pkgutil.iter_modules(importlib.import_module(name).__path__, f"{name}."):
        if not each.name.startswith(LEFT_OUT):
            yield from _modules(each.name) if each.ispkg else [each.name]


def _next_in_a_copy() -> Request | None:
    """Make a copy for each request; return it in the copy, and nothing once there are no more."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with os.fdopen(os.dup(sys.stdin.fileno())) as requests:
        for line in iter(requests.readline, ""):
            if os.fork() == 0:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                request = Request(*json.loads(line))
                pid = os.fork()
                if pid == 0:
                    return request
                _tell_of_the_end(pid, Path(request.place) / "end")
    return None


def _tell_of_the_end(pid: int, pipe: Path) -> None:
    with pipe.open("wb", buffering=0) as end:
        end.write(f"{pid}\n".ljust(16).encode())
        _, status = os.waitpid(pid, 0)
        end.write(f"{os.waitstatus_to_exitcode(status)}\n".ljust(16).encode())
    os._exit(0)


def _take_on(request: Request) -> None:
    """Be the process that was asked for."""
    os.chdir(request.folder)
    os.environ.clear()
    os.environ.update(request.environment)
    for number, (name, mode) in enumerate([("in", "rb"), ("out", "wb"), ("err", "wb")]):
        with (Path(request.place) / name).open(mode) as file:
            os.dup2(file.fileno(), number)
    sys.argv = ["", *request.arguments]
    sys.orig_argv = [sys.executable, "-m", "bot", *request.arguments]
    sys.path[0] = request.folder
    without_root_rights()


if __name__ == "__main__":
    main()
