"""Runs a function in a second process, which streams what it sends.

Python computes on one core at a time. A large load has twice the work done: one process reads while
the other one stores. The helper is a child of the process that started it, and ends with it.
"""

from __future__ import annotations

import logging
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from queue import Empty, Full, Queue
from types import TracebackType
from typing import IO, Any

from bot.background.memory import loading

AHEAD = 8
"""Values that wait to be taken. The helper pauses when there are more."""
HEAD = 8
"""Bytes of the length of a message."""
ENDED = ("ended", "the process ended")
WAIT = 0.1
"""Seconds between two looks whether anybody still takes values."""
COMMAND = ("-c", f"from {__name__} import serve; serve()")


Send = Callable[[Any], None]
"""Sends a value to the process that waits; pauses if that is behind."""
Function = Callable[..., None]
"""What a helper runs: a function of a module. It is given a `Send`, what it is fed, and values."""

log = logging.getLogger(__name__)


def environment() -> dict[str, str]:
    """Return the environment of a process that imports the same modules as this one."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(each for each in sys.path if each)}


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
        try:
            self._process = subprocess.Popen(  # noqa: S603  # our own code
                [sys.executable, *COMMAND],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**environment(), "OPENBLAS_NUM_THREADS": "1"},
            )
        except (OSError, ValueError) as error:
            raise HelperFailed(str(error)) from error
        self._values: Queue[tuple[str, Any]] = Queue(AHEAD)
        self._closed = threading.Event()
        self._threads = [threading.Thread(target=self._read, daemon=True)]
        self._threads[0].start()

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
        for thread in self._threads:
            thread.join()
        with suppress(Empty):
            while True:  # another thread may be taking them, too
                self._values.get_nowait()
        self._values.put(ENDED)  # for another thread that waits for results
        for each in (self._process.stdin, self._process.stdout):
            if each:
                with suppress(OSError):
                    each.close()

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def run(self, function: Function, *values: object, feed: Iterable[Any] = ()) -> Iterator[Any]:
        """Start `function(send, fed, *values)` in the helper, and yield what it sends.

        Args:
            function: a function of a module.
            values: its arguments. They, and what it is fed and sends, are pickled.
            feed: what it is fed; another thread iterates over it.

        Raises:
            HelperFailed: the function or `feed` raised an exception, or the process ended.
        """
        feeder = threading.Thread(target=self._feed, args=((function, values), feed), daemon=True)
        feeder.start()
        self._threads.append(feeder)  # another thread may be leaving, and joins what has started
        return self._results()

    def _feed(self, job: tuple[Function, tuple[object, ...]], feed: Iterable[Any]) -> None:
        pipe = self._process.stdin
        try:
            if pipe:
                _write(pipe, ("job", job))
                for each in feed:
                    _write(pipe, ("fed", each))
                _write(pipe, ("all", None))
        except Exception as error:  # noqa: BLE001  # whoever waits for results is told
            log.info("a second process was not given everything: %r", error)
            self._process.kill()

    def _results(self) -> Iterator[Any]:
        while True:
            kind, value = self._values.get()
            if kind == "ended":
                self._values.put((kind, value))  # for whoever asks next
            if kind in ("failed", "ended"):
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
            self._put(message or ENDED)
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
    given: Queue[tuple[str, Any]] = Queue(AHEAD)
    threading.Thread(target=_take, args=(given,), daemon=True).start()
    while True:
        _, (function, values) = given.get()
        fed = _fed(given)
        try:
            with loading():
                function(lambda value: _write(out, ("value", value)), fed, *values)
        except BrokenPipeError:
            os._exit(1)
        except Exception as error:  # noqa: BLE001  # the process that waits does the work itself
            _write(out, ("failed", repr(error)))
        for _ in fed:
            pass
        _write(out, ("end", None))


def _take(given: Queue[tuple[str, Any]]) -> None:
    """Take what the process that waits gives; its end is the end of this one."""
    try:
        while True:
            given.put(_received(sys.stdin.buffer))
    except BaseException:  # noqa: BLE001  # whatever it was, nobody gives us work any more
        os._exit(1)


def _fed(given: Queue[tuple[str, Any]]) -> Iterator[Any]:
    """Yield what the function is fed."""
    while True:
        kind, value = given.get()
        if kind == "all":
            return
        yield value


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
