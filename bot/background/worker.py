"""Runs a job in a process of its own, which has limits, reports its progress and can be stopped.

A load computes for seconds or minutes. In a thread it would hold the interpreter's lock, and its
memory would stay with the bot. In a process it does neither, and whatever happens to it, the bot
goes on.

Jobs are forked from a server that has imported what they need, so a job starts within
milliseconds. Windows has no such server; there each job starts Python anew.
https://docs.python.org/3/library/multiprocessing.html#contexts-and-start-methods
"""

from __future__ import annotations

import asyncio
import logging
import os
import pickle
import signal
import sys
import threading
import time
import traceback
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from bot.background.memory import loading
from bot.errors import OutOfMemory, OutOfTime, ThreadbotError, WorkerDied
from bot.i18n.messages import Sentence
from bot.models import Progress, Step

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

log = logging.getLogger(__name__)

T = TypeVar("T")
Job = Callable[[Progress], Awaitable[T]]
"""What a worker does. It is pickled, so it is a function of a module, or a `partial` of one."""

AT_ONCE = 2
"""Workers that run at a time; further jobs wait."""
PROGRESS_SECONDS = 0.1
"""Seconds between two reports of progress."""
METHOD = "spawn" if sys.platform == "win32" else "forkserver"
NO_MEMORY = ("can't start new thread", "Cannot allocate memory")
"""What is said if there is no memory: for a thread's stack, or for a library."""
NICENESS = 5
"""How much a worker lets the processor be for others: questions come first."""
MEGABYTE = 1 << 20
PRELOADED = ("bot.library.library", "bot.loader.files", "selectolax.lexbor")
"""The modules that most jobs need."""

_THREADS = ThreadPoolExecutor(AT_ONCE, "worker")
"""Each of these threads waits for one worker."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a job may use."""

    seconds: float = 3600
    """Time, from its start."""
    megabytes: int = 2000
    """Memory, besides what is mapped from files. Only Linux enforces it."""


async def in_worker(job: Job[T], limits: Limits, progress: Progress | None = None) -> T:
    """Do `job` in a worker and return its result. Cancelling this stops the worker.

    Args:
        job: the job. Its result, and what it raises, are pickled.
        limits: what it may use.
        progress: called in another thread with the latest of its steps.

    Raises:
        OutOfTime: it took too long.
        OutOfMemory: it needed too much memory.
        WorkerDied: its process ended before its work did.
    """
    running = _Running(job, limits, progress)
    future = asyncio.get_running_loop().run_in_executor(_THREADS, running.run)
    try:
        return await asyncio.shield(future)
    except asyncio.CancelledError:
        running.stop()
        with suppress(Exception):  # whatever becomes of it, nobody waits for it
            await future
        raise


async def get_ready() -> None:
    """Start the server that workers are forked from, so that the first job need not wait for it."""
    await asyncio.to_thread(_context)


def _context() -> Any:
    """Return multiprocessing's context, with its server if it needs one."""
    import multiprocessing  # slow to import, and asking does without

    context: Any = multiprocessing.get_context(METHOD)
    if METHOD == "spawn":
        return context
    from multiprocessing import forkserver, resource_tracker

    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # its threads would not survive a fork
    context.set_forkserver_preload([*PRELOADED])
    resource_tracker.ensure_running()  # it unblocks Ctrl-C
    # The server inherits what is blocked; else Ctrl-C would end it while it imports.
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        forkserver.ensure_running()
    except OSError as error:  # the folder for temporary files has too long a path for a socket
        log.info("no server to fork workers from: %s", error)
        return multiprocessing.get_context("spawn")
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
    return context


class _Running:
    """A job and its process, for the thread that waits for it."""

    def __init__(self, job: Job[Any], limits: Limits, progress: Progress | None) -> None:
        self._job = job
        self._limits = limits
        self._progress = progress
        self._stopped = threading.Event()
        self._process: Any = None
        self._lock = threading.Lock()
        self._step: Sentence | None = None

    def stop(self) -> None:
        """Kill the process, now or as soon as it is started."""
        with self._lock:
            self._stopped.set()
            if self._process:
                self._process.kill()

    def run(self) -> Any:
        """Start the process and return the result of the job."""
        context = _context()
        ours, theirs = context.Pipe()
        with ours:
            with theirs, self._lock:
                if self._stopped.is_set():
                    raise WorkerDied(-signal.SIGKILL)
                job = pickle.dumps(self._job)
                process = context.Process(target=_work, args=(theirs, job, self._limits))
                process.start()
                self._process = process
            try:
                return self._result(ours)
            finally:
                self._process.kill()
                self._process.join()

    def _result(self, messages: Connection) -> Any:
        until = time.monotonic() + self._limits.seconds
        while messages.poll(max(0.0, until - time.monotonic())):
            try:
                kind, value = messages.recv()
            except EOFError:
                self._process.join()
                raise WorkerDied(self._process.exitcode) from None
            if kind == "step":
                self._step = value.doing
                if self._progress:
                    self._progress(value)
            elif kind == "done":
                return value
            elif kind == "raised":
                raise value
            elif kind == "memory":
                raise OutOfMemory(self._limits.megabytes, self._step)
            else:
                raise RuntimeError(value)
        raise OutOfTime(self._limits.seconds, self._step)


def _work(messages: Connection, job: bytes, limits: Limits) -> None:
    """Do a job, in the worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the program that waits for us
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_die_with_parent, daemon=True).start()
    if hasattr(os, "nice"):  # not on Windows
        os.nice(NICENESS)
    _limit_memory(limits.megabytes)
    message: tuple[str, Any] = "memory", None
    try:
        try:
            with loading():
                done = asyncio.run(pickle.loads(job)(_Steps(messages)))  # noqa: S301  # ours
        finally:
            _lift_limit()  # to say what went wrong takes some memory, too
        message = "done", done
    except MemoryError:
        pass
    except ThreadbotError as error:
        message = "raised", error
    except Exception as error:  # noqa: BLE001  # the program that waits for us raises it
        trace = "".join(traceback.format_exception(error))
        message = ("memory", None) if _is_of_memory(error) else ("failed", trace)
    messages.send(message)


def _is_of_memory(error: Exception) -> bool:
    """Whether an error is another one than MemoryError because memory was short.

    Python itself fails in some places, such as imports, and then says so with a SystemError.
    """
    return isinstance(error, SystemError) or any(each in str(error) for each in NO_MEMORY)


class _Steps:
    """Sends the steps of a job, but not every one of many."""

    def __init__(self, messages: Connection) -> None:
        self._messages = messages
        self._next = 0.0

    def __call__(self, step: Step) -> None:
        now = time.monotonic()
        if now >= self._next:
            self._next = now + PROGRESS_SECONDS
            self._messages.send(("step", step))


def _die_with_parent() -> None:
    """End this process as soon as the one that waits for it has ended."""
    from multiprocessing import connection, parent_process

    parent = parent_process()
    if parent:
        connection.wait([parent.sentinel])
        os._exit(1)


def _lift_limit() -> None:
    """Let allocations succeed again that `_limit_memory` let fail."""
    if sys.platform != "linux":  # pragma: no cover  # there was none
        return
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def _limit_memory(megabytes: int) -> None:
    """Let allocations fail beyond what this process has now and `megabytes`."""
    if sys.platform != "linux":  # pragma: no cover  # elsewhere the limit does not count mappings
        return
    import resource  # not on Windows

    with open("/proc/self/status", encoding="ascii") as facts:  # noqa: PTH123
        has = next(int(line.split()[1]) * 1024 for line in facts if line.startswith("VmData:"))
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = has + megabytes * MEGABYTE
    if most == resource.RLIM_INFINITY or wanted < most:
        resource.setrlimit(resource.RLIMIT_DATA, (wanted, most))
