"""A link to a cluster, through a process of its own (`driver.py`), which is started again."""

from __future__ import annotations

import logging
import pickle
import subprocess
import sys
import threading
from concurrent.futures import Future
from contextlib import suppress
from multiprocessing.connection import Connection, Pipe
from typing import Any

from bot.background.helper import environment
from bot.cluster.driver import DONE, MISSING, READY, UNREACHABLE
from bot.errors import ClusterMissing, ClusterUnreachable

PAUSE = 2.0
"""Seconds between two attempts to connect again."""
STOPPING = 10.0
"""Seconds in which the process ends, once nobody needs it."""
COMMAND = ("-c", "from bot.cluster.driver import main; main()")

log = logging.getLogger(__name__)


class ActorLost(Exception):
    """An actor returned nothing, or there is no connection to the cluster."""


class Link:
    """A connection to a cluster. It is made again when it is lost; calls fail until then."""

    def __init__(self, address: str) -> None:
        """Connect to the cluster at `address`.

        Raises:
            ClusterMissing: Ray is not installed.
            ClusterUnreachable: there is no cluster.
        """
        self.address = address
        """Where the cluster is."""
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._waiting: dict[int, Future[bytes]] = {}
        self._calls = 0
        self._pipe: Connection | None = None
        pipe, (self.nodes, self.head) = self._connect()
        self._pipe = pipe
        self._keeper = threading.Thread(target=self._keep, args=(pipe,), daemon=True)
        self._keeper.start()

    @property
    def pid(self) -> int:
        """The process that is connected."""
        return self._process.pid

    def call(self, actor: int, method: str, *values: object) -> Future[bytes]:
        """Begin to call a method of an actor's LayerHost; see `result`.

        The future has ActorLost if the actor returns nothing.
        """
        packed = pickle.dumps((method, values), pickle.HIGHEST_PROTOCOL)
        future: Future[bytes] = Future()
        with self._lock:
            self._calls += 1
            number = self._calls
            self._waiting[number] = future
            try:
                if self._pipe is None:
                    raise BrokenPipeError
                self._pipe.send((number, actor, packed))
            except OSError:
                del self._waiting[number]
                future.set_exception(ActorLost("there is no connection to the cluster"))
        return future

    def close(self) -> None:
        """End the connection."""
        self._closed.set()
        with self._lock:
            if self._pipe is None:
                self._process.kill()
            else:
                with suppress(OSError):
                    self._pipe.send(None)
        try:
            self._process.wait(STOPPING)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._keeper.join()

    def _connect(self) -> tuple[Connection, tuple[int, str]]:
        """Start a process that is connected; return a pipe to it, and what it says of the cluster.

        Raises:
            ClusterMissing: Ray is not installed.
            ClusterUnreachable: there is no cluster.
        """
        pipe, theirs = Pipe()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  # our own code
                [sys.executable, *COMMAND, str(theirs.fileno()), self.address],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env=environment(),
                start_new_session=True,  # Ctrl+C is for this process, which then ends that one
            )
        if self._closed.is_set():
            self._process.kill()
        try:
            said, value = pipe.recv()
        except (EOFError, OSError):
            said, value = UNREACHABLE, "Ray ended the process that was to connect"
        if said == READY:
            return pipe, value
        pipe.close()
        self._process.wait()
        if said == MISSING:
            raise ClusterMissing
        raise ClusterUnreachable(self.address, value)

    def _keep(self, pipe: Connection) -> None:
        """Receive results, and connect again when the connection is lost, until it is closed."""
        while True:
            with self._lock:
                self._pipe = pipe
            self._receive(pipe)
            with self._lock:
                self._pipe = None
                lost, self._waiting = self._waiting, {}
            pipe.close()
            self._process.wait()
            for each in lost.values():
                each.set_exception(ActorLost("the connection to the cluster was lost"))
            if self._closed.is_set():
                return
            log.error("the connection to the cluster at %s is lost", self.address)
            again = self._again()
            if again is None:
                return
            pipe = again
            log.warning("connected to the cluster at %s again", self.address)

    def _again(self) -> Connection | None:
        """Return a pipe to a process that is connected again; None once the link is closed."""
        last = ""
        while not self._closed.wait(PAUSE):
            try:
                return self._connect()[0]
            except (ClusterMissing, ClusterUnreachable, OSError) as error:
                if f"{error}" != last:
                    last = f"{error}"
                    log.warning("%s", error)
        return None

    def _receive(self, pipe: Connection) -> None:
        """Receive results until the connection is lost."""
        with suppress(EOFError, OSError):
            while True:
                number, said, value = pipe.recv()
                with self._lock:
                    future = self._waiting.pop(number, None)
                if future is None:
                    continue
                if said == DONE:
                    future.set_result(value)
                else:
                    future.set_exception(ActorLost(value))


def result(future: Future[bytes], patience: float) -> Any:
    """Wait for a call, and return what the method returned.

    Raises:
        TimeoutError: it takes longer than `patience` seconds.
        ActorLost: the actor returned nothing.
        Exception: the method raised it.
    """
    is_done, found = pickle.loads(future.result(patience))  # noqa: S301  # from our own actor
    if not is_done:
        raise found
    return found
