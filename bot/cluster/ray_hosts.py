"""Layers that are held by Ray actors: Ray places them, starts them again and carries the calls.

https://docs.ray.io/en/latest/ray-core/fault_tolerance/actors.html
"""

from __future__ import annotations

import hashlib
import logging
import os
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from types import ModuleType
from typing import Any, TypeVar

from bot import __version__
from bot.cluster.layer_host import LayerHost, UnknownView
from bot.errors import ClusterMissing, ClusterUnreachable, PartUnreachable
from bot.library.layer_files import FILE_VERSION
from bot.library.spread.part import Facts, Pending, Request
from bot.library.spread.spreading import View

R = TypeVar("R")
LOCAL, AUTO = "local", "auto"
"""Settings that start Ray on this machine, and that join the Ray that runs on it already."""
NAMESPACE = "threadbot"
"""Ray's namespace of the actors' names, which all bots share."""
PATIENCE = 12.0
"""Seconds that a question waits for an actor. Ray starts one again within about five."""
LOST_PATIENCE = 0.25
"""Seconds that questions wait for an actor that did not answer the last one."""
OPENING = 120.0
"""Seconds in which an actor starts and maps its layers."""
AT_ONCE = 4
"""Requests that an actor answers at a time."""
STORE = 80 << 20
"""Bytes of Ray's object store, where this program starts Ray: answers are small."""

CONNECT_SECONDS = 5.0
"""How long to wait for a connection to an address."""
log = logging.getLogger(__name__)


def _ray() -> ModuleType:
    """Import Ray, which takes half a second.

    Raises:
        ClusterMissing: it is not installed.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    try:
        import ray
    except ImportError as error:
        raise ClusterMissing from error
    return ray


@contextmanager
def connected(address: str, parts: int | None = None) -> Iterator[RayHosts]:
    """Connect to a Ray cluster, and disconnect afterwards.

    Args:
        address: LOCAL, AUTO, or an address such as `ray://head:10001`.
        parts: how many actors hold layers; by default one for each node.

    Raises:
        ClusterMissing: Ray is not installed.
        ClusterUnreachable: there is no cluster at `address`.
    """
    ray = _ray()
    _require_listener(address)
    options: dict[str, object] = {"address": address}
    if address == LOCAL:
        options["include_dashboard"] = False
        options["object_store_memory"] = STORE
    try:
        ray.init(namespace=NAMESPACE, log_to_driver=False, logging_level=logging.ERROR, **options)
    except (ConnectionError, ValueError, RuntimeError, TimeoutError) as error:
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise ClusterUnreachable(address, reason[0].rstrip(".")) from error
    try:
        yield RayHosts(ray, parts)
    finally:
        ray.shutdown()


def _require_listener(address: str) -> None:
    """Check that something listens at an address with a port, where Ray would wait for minutes.

    Raises:
        ClusterUnreachable: nothing does.
    """
    host, colon, port = address.removeprefix("ray://").rpartition(":")
    if not colon:
        return
    try:
        with socket.create_connection((host.strip("[]"), int(port)), CONNECT_SECONDS):
            pass
    except OSError as error:
        raise ClusterUnreachable(address, error.strerror or "it does not answer") from error


class RayHosts:
    """The actors that hold layers; see `spreading.Hosts`."""

    def __init__(self, ray: Any, parts: int | None = None) -> None:
        """Use the cluster that `ray` is connected to; see `connected`."""
        self._ray = ray
        nodes = sum(1 for each in ray.nodes() if each["Alive"])
        self.count = parts or max(nodes, 1)
        """How many actors hold layers."""
        self._hosts: dict[int, RayHost] = {}

    def open(self, views: Sequence[View]) -> Sequence[RemotePart]:
        """Have each actor hold what one of `views` shows; see `spreading.Hosts`.

        Raises:
            PartUnreachable: an actor cannot be started, or cannot read a file; the log says why.
        """
        hosts = [
            self._hosts.setdefault(each, RayHost(self._ray, each)) for each in range(len(views))
        ]
        keys = [key_of(each) for each in views]
        opening = [
            host.begin_open(key, view) for host, key, view in zip(hosts, keys, views, strict=True)
        ]
        try:
            facts = [each() for each in opening]
        except (OSError, self._ray.exceptions.RayError) as error:
            reason = getattr(error, "cause", None) or error
            log.error("an actor cannot hold layers: %s: %s", type(reason).__name__, reason)
            raise PartUnreachable(None) from error
        return [
            RemotePart(host, key, view, each)
            for host, key, view, each in zip(hosts, keys, views, facts, strict=True)
        ]

    def memory(self) -> list[dict[str, int]]:
        """Return the process and the memory of each actor; see `LayerHost.memory`."""
        found = [each.handle.memory.remote() for each in self._hosts.values()]
        sizes: list[dict[str, int]] = self._ray.get(found, timeout=OPENING)
        return sizes


class RayHost:
    """An actor. Several bots may share it, as it has a name."""

    def __init__(self, ray: Any, number: int) -> None:
        """Use the actor with that number; it is started when it is first needed."""
        self._ray = ray
        self.name = f"layers-{__version__}-{FILE_VERSION}-{number}"
        """The actor's name."""
        self._handle: Any = None
        self.is_lost = False
        """Whether it did not answer the last request in time."""

    @property
    def handle(self) -> Any:
        """The actor; started if there is none."""
        if self._handle is None:
            kind = self._ray.remote(LayerHost)
            self._handle = kind.options(
                name=self.name,
                namespace=NAMESPACE,
                get_if_exists=True,
                lifetime="detached",  # several bots use it, and one may stop
                max_restarts=-1,
                max_task_retries=-1,
                max_concurrency=AT_ONCE,
                num_cpus=0,
                scheduling_strategy="SPREAD",
            ).remote()
        return self._handle

    def begin_open(self, key: str, view: View) -> Callable[[], Facts]:
        """Begin to open a view."""
        reference = self.handle.open.remote(key, view)
        return partial(self._ray.get, reference, timeout=OPENING)

    def begin(self, part: RemotePart, request: Request[R]) -> Pending[R]:
        """Begin a request about a part."""
        try:
            reference = self.handle.answer.remote(part.key, request)
        except self._ray.exceptions.RayError:
            self._handle = None
            reference = None
        return partial(self._result, part, request, reference)

    def _result(self, part: RemotePart, request: Request[R], reference: Any) -> R:
        """Wait for a result.

        Raises:
            PartUnreachable: the actor did not answer in time.
        """
        exceptions = self._ray.exceptions
        patience = LOST_PATIENCE if self.is_lost else PATIENCE
        try:
            if reference is None:
                raise UnknownView
            found: R = self._ray.get(reference, timeout=patience)
        except UnknownView:  # it was started again
            found = self._again(part, request, patience)
        except exceptions.GetTimeoutError as error:
            self._lose()
            raise PartUnreachable(part) from error
        except exceptions.RayActorError as error:
            if isinstance(error, exceptions.ActorDiedError):
                self._handle = None  # Ray does not start it again; the next request does
            self._lose()
            raise PartUnreachable(part) from error
        self.is_lost = False
        return found

    def _again(self, part: RemotePart, request: Request[R], patience: float) -> R:
        """Open the part's view again, and ask again.

        Raises:
            PartUnreachable: that does not succeed in time.
        """
        try:
            self._ray.get(self.handle.open.remote(part.key, part.view), timeout=patience)
            found: R = self._ray.get(self.handle.answer.remote(part.key, request), timeout=patience)
        except (UnknownView, OSError, self._ray.exceptions.RayError) as error:
            self._lose()
            raise PartUnreachable(part) from error
        return found

    def _lose(self) -> None:
        if not self.is_lost:
            log.warning("the actor %s does not answer: answers are without its layers", self.name)
        self.is_lost = True


class RemotePart:
    """A part of a library that an actor holds."""

    is_here = False

    def __init__(self, host: RayHost, key: str, view: View, facts: Facts) -> None:
        """Ask `host` for what `view` shows."""
        self.host = host
        """Who holds it."""
        self.key = key
        """What the host knows it by."""
        self.view = view
        """What it shows, to open it again."""
        self.facts = facts
        """What is known of it in advance."""
        self.dumps = frozenset(row for each in view.layers for row in each.dumps)
        """The rows of the dumps that have versions of its threads."""

    def begin(self, request: Request[R]) -> Pending[R]:
        """Begin a request."""
        return self.host.begin(self, request)


def key_of(view: View) -> str:
    """Return a name for a view: equal views have the same."""
    digest = hashlib.sha256(repr((view.dumps, view.forgotten)).encode())
    for each in view.layers:
        digest.update(f"{each.name} {each.place}".encode())
        digest.update(b"" if each.gone is None else each.gone.tobytes())
    return digest.hexdigest()[:32]
