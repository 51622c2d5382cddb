"""Runs a function in a second process, which streams what it sends.

Python computes on one core at a time. A large load has twice the work done: one process reads while
the other one stores. The helper is a child of the process that started it, and ends with it.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from queue import Full, Queue
from types import TracebackType
from typing import IO, Any

AHEAD = 8
"""Values that wait to be taken. The helper pauses when there are more."""
HEAD = 8
"""Bytes of the length of a message."""
WAIT = 0.1
"""Seconds between two looks whether anybody still takes values."""
COMMAND = ("-c", f"from {__name__} import serve; serve()")


Send = Callable[[Any], None]
"""Sends a value to the process that waits; pauses if that is behind."""
Function = Callable[..., None]
"""What a helper runs: a function of a module that is given a `Send` and its arguments."""


class HelperFailed(Exception):  # not an error: the work is then done without a helper
    """The helper could not be started, raised an exception, or was killed."""


class Helper:
    """A process that runs one function after the other. Use it as a context manager."""

    def __init__(self) -> None:
        """Start the process.

        Raises:
            HelperFailed: it cannot be started.
        """
        # Not `multiprocessing`: it would import the program's main module, and fork beside threads.
        path = os.pathsep.join(each for each in sys.path if each)
        try:
            self._process = subprocess.Popen(  # noqa: S603  # our own code
                [sys.executable, *COMMAND],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1"},
            )
        except (OSError, ValueError) as error:
            raise HelperFailed(str(error)) from error
        self._values: Queue[tuple[str, Any]] = Queue(AHEAD)
        self._closed = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Helper:
        """Return the helper."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the process, whatever it does."""
        self._closed.set()
        self._process.kill()
        self._process.wait()
        self._reader.join()
        for each in (self._process.stdin, self._process.stdout):
            if each:
                with suppress(OSError):
                    each.close()

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def run(self, function: Function, *values: object) -> Iterator[Any]:
        """Start `function(send, *values)` in the helper, and yield what it sends.

        Args:
            function: a function of a module.
            values: its arguments. They, and what it sends, are pickled.

        Raises:
            HelperFailed: the function raised an exception, or the process ended.
        """
        pipe = self._process.stdin
        try:
            if pipe:
                _write(pipe, (function, values))
        except OSError as error:
            raise HelperFailed(str(error)) from error
        return self._results()

    def _results(self) -> Iterator[Any]:
        while True:
            kind, value = self._values.get()
            if kind == "failed":
                raise HelperFailed(value)
            if kind == "end":
                return
            yield value

    def _read(self) -> None:
        pipe = self._process.stdout
        while not self._closed.is_set():
            try:
                message = _received(pipe) if pipe else None
            except (OSError, EOFError, pickle.UnpicklingError):
                message = None
            self._put(message or ("failed", "the process ended"))
            if message is None:
                return

    def _put(self, message: tuple[str, Any]) -> None:
        while not self._closed.is_set():
            with suppress(Full):
                self._values.put(message, timeout=WAIT)
                return


def serve() -> None:
    """Run functions, in the helper, until the process that started it ends."""
    out = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # what a library prints is no message
    jobs: Queue[tuple[Function, tuple[object, ...]]] = Queue()
    threading.Thread(target=_take, args=(jobs,), daemon=True).start()
    while True:
        function, values = jobs.get()
        try:
            function(lambda value: _write(out, ("value", value)), *values)
        except BrokenPipeError:
            os._exit(1)
        except Exception as error:  # noqa: BLE001  # the process that waits does the work itself
            _write(out, ("failed", repr(error)))
        else:
            _write(out, ("end", None))


def _take(jobs: Queue[tuple[Function, tuple[object, ...]]]) -> None:
    """Take jobs from the process that waits; its end is the end of this one."""
    try:
        while True:
            jobs.put(_received(sys.stdin.buffer))
    except BaseException:  # noqa: BLE001  # whatever it was, nobody gives us work any more
        os._exit(1)


def _write(pipe: IO[bytes], value: object) -> None:
    data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    rest = memoryview(len(data).to_bytes(HEAD, "little") + data)
    while rest:  # an unbuffered pipe may take a part only
        rest = rest[pipe.write(rest) :]
    pipe.flush()


def _received(pipe: IO[bytes]) -> Any:
    size = int.from_bytes(_exactly(pipe, HEAD), "little")
    return pickle.loads(_exactly(pipe, size))  # noqa: S301  # from our own process


def _exactly(pipe: IO[bytes], size: int) -> bytes:
    data = pipe.read(size)
    if len(data) < size:
        raise EOFError
    return data
