"""The process that is connected to Ray, and passes calls on to actors.

Ray ends a process that it is connected to when the head of its cluster is lost for a minute. So
this one has nothing to lose: `link.py` starts it again. It does not read what it passes on.
"""

from __future__ import annotations

import logging
import os
import pickle
import socket
import sys
import threading
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from bot import __version__
from bot.cluster.layer_host import LayerHost
from bot.library.layer_files import FILE_VERSION

LOCAL, AUTO = "local", "auto"
"""Settings that start Ray on this machine, and that join the Ray that runs on it already."""
NAMESPACE = "threadbot"
"""Ray's namespace of the actors' names, which all bots share."""
AT_ONCE = 4
"""Requests that an actor answers at a time."""
STORE = 80 << 20
"""Bytes of Ray's object store, where this program starts Ray: answers are small."""
CONNECT_SECONDS = 5.0
"""How long to wait for a connection to an address."""
AUTH_MODE = "RAY_AUTH_MODE"
"""The setting of Ray that says whether it asks for a token."""
READY, MISSING, UNREACHABLE = "ready", "missing", "unreachable"
"""What the first message says: connected, Ray is not installed, or nothing answers."""
DONE, LOST = "done", "lost"
"""What the other messages say: what an actor returned, or why it returned nothing."""


class NoCluster(Exception):
    """There is no connection to a cluster; the message says why."""


class Actor:
    """What an actor of Ray runs: a LayerHost whose calls and results are bytes."""

    def __init__(self) -> None:
        """Start without layers."""
        self._host = LayerHost()

    def call(self, packed: bytes) -> bytes:
        """Call a method of the LayerHost.

        Args:
            packed: the method's name and its arguments, pickled.

        Returns:
            Whether it returned, and what it returned or raised, pickled.
        """
        name, values = pickle.loads(packed)  # noqa: S301  # from a process that may run anything
        try:
            found = True, getattr(self._host, name)(*values)
        except Exception as error:  # noqa: BLE001  # whoever asked handles it
            found = False, error
        return pickle.dumps(found, pickle.HIGHEST_PROTOCOL)


class Actors:
    """The actors of a cluster, and a pipe to whoever calls them."""

    def __init__(self, ray: Any, pipe: Connection) -> None:
        """Use the cluster that `ray` is connected to."""
        self._ray = ray
        self._pipe = pipe
        self._sending = threading.Lock()
        self._handles: dict[int, Any] = {}
        self._begins: dict[int, ThreadPoolExecutor] = {}

    def call(self, number: int, actor: int, packed: bytes) -> None:
        """Begin a call, and send its result under its number once it is known.

        To find or to start an actor may take long, so each actor has a thread for it.
        """
        if actor not in self._begins:
            self._begins[actor] = ThreadPoolExecutor(1)
        self._begins[actor].submit(self._begin, number, actor, packed)

    def send(self, *message: object) -> None:
        """Send a message."""
        with self._sending:
            self._pipe.send(message)

    def _begin(self, number: int, actor: int, packed: bytes) -> None:
        try:
            if actor not in self._handles:
                self._handles[actor] = self._started(actor)
            reference = self._handles[actor].call.remote(packed)
            reference.future().add_done_callback(partial(self._end, number, actor))
        except Exception as error:  # noqa: BLE001  # whatever Ray raises, whoever asked is told
            self._fail(number, actor, error)

    def _end(self, number: int, actor: int, future: Future[bytes]) -> None:
        error = future.exception()
        if error is None:
            self.send(number, DONE, future.result())
        else:
            self._fail(number, actor, error)

    def _fail(self, number: int, actor: int, error: BaseException) -> None:
        if isinstance(error, self._ray.exceptions.ActorDiedError):
            self._handles.pop(actor, None)  # Ray does not start it again; the next request does
        self.send(number, LOST, f"{type(error).__name__}: {error}")

    def _started(self, actor: int) -> Any:
        """Return the actor with that number; start it if there is none."""
        kind = self._ray.remote(Actor)
        return kind.options(
            name=f"layers-{__version__}-{FILE_VERSION}-packed-{actor}",
            namespace=NAMESPACE,
            get_if_exists=True,
            lifetime="detached",  # several bots use it, and one may stop
            max_restarts=-1,
            max_task_retries=-1,
            max_concurrency=AT_ONCE,
            num_cpus=0,
            scheduling_strategy="SPREAD",
        ).remote()


def serve(pipe: Connection, address: str) -> None:
    """Connect to a cluster, and pass calls on until whoever makes them is gone."""
    try:
        ray = connected(address)
    except ImportError:
        pipe.send((MISSING, ""))
        return
    except NoCluster as error:
        pipe.send((UNREACHABLE, f"{error}"))
        return
    actors = Actors(ray, pipe)
    try:
        nodes = sum(1 for each in ray.nodes() if each["Alive"])
        actors.send(READY, (nodes, ray.get_runtime_context().gcs_address))
        while message := pipe.recv():
            actors.call(*message)
    except (EOFError, OSError):
        pass
    ray.shutdown()
    os._exit(0)  # threads may be waiting for actors


def connected(address: str) -> Any:
    """Connect to the cluster at `address`, and return Ray.

    Raises:
        ImportError: Ray is not installed.
        NoCluster: there is no cluster at `address`.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    if address != LOCAL:
        _require_listener(address)
        os.environ.update(authentication(os.environ, Path.home()))
    import ray

    options: dict[str, Any] = {"address": address}
    if address == LOCAL:
        options |= {"include_dashboard": False, "object_store_memory": STORE}
    try:
        ray.init(namespace=NAMESPACE, log_to_driver=False, logging_level=logging.ERROR, **options)
    except (OSError, ValueError, RuntimeError, ray.exceptions.RayError) as error:
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise NoCluster(reason[0].rstrip(".")) from error
    return ray


def authentication(environment: Mapping[str, str], home: Path) -> dict[str, str]:
    """Return Ray's setting that gives its token to the cluster, if there is a token.

    By itself, Ray gives it only to a cluster that it finds on this machine.
    """
    path = environment.get("RAY_AUTH_TOKEN_PATH") or home / ".ray" / "auth_token"
    has_token = bool(environment.get("RAY_AUTH_TOKEN")) or Path(path).is_file()
    return {AUTH_MODE: "token"} if has_token and not environment.get(AUTH_MODE) else {}


def _require_listener(address: str) -> None:
    """Check that something listens at an address with a port, where Ray would wait for minutes.

    Raises:
        NoCluster: nothing does.
    """
    host, colon, port = address.removeprefix("ray://").rpartition(":")
    if not colon:
        return
    try:
        with socket.create_connection((host.strip("[]"), int(port)), CONNECT_SECONDS):
            pass
    except OSError as error:
        raise NoCluster(error.strerror or "it does not answer") from error


def main() -> None:
    """Run this process; its arguments are the number of the pipe's file, and the address."""
    serve(Connection(int(sys.argv[1])), sys.argv[2])
