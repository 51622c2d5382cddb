"""Layers that are held by Ray actors: Ray places them, starts them again and carries the calls.

https://docs.ray.io/en/latest/ray-core/fault_tolerance/actors.html
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial
from typing import TypeVar

from bot.cluster.layer_host import UnknownView
from bot.cluster.link import ActorLost, Link, result
from bot.errors import PartUnreachable
from bot.library.spread.part import Facts, Pending, Request
from bot.library.spread.spreading import View

R = TypeVar("R")
PATIENCE = 12.0
"""Seconds that a question waits for an actor. Ray starts one again within about five."""
LOST_PATIENCE = 0.25
"""Seconds that questions wait for an actor that did not answer the last one."""
OPENING = 120.0
"""Seconds in which an actor starts and maps its layers."""

log = logging.getLogger(__name__)


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
    link = Link(address)
    try:
        yield RayHosts(link, parts)
    finally:
        link.close()


class RayHosts:
    """The actors that hold layers; see `spreading.Hosts`."""

    def __init__(self, link: Link, parts: int | None = None) -> None:
        """Use the cluster that `link` leads to; see `connected`."""
        self.link = link
        """The connection to the cluster."""
        self.count = parts or max(link.nodes, 1)
        """How many actors hold layers."""
        self._hosts: dict[int, RayHost] = {}

    def open(self, views: Sequence[View]) -> Sequence[RemotePart]:
        """Have each actor hold what one of `views` shows; see `spreading.Hosts`.

        An actor that is lost does so with the next question that reaches it.

        Raises:
            PartUnreachable: an actor is too slow, or cannot read a file; the log says why.
        """
        hosts = [
            self._hosts.setdefault(each, RayHost(self.link, each)) for each in range(len(views))
        ]
        keys = [key_of(each) for each in views]
        opening = [
            host.begin_open(key, view) for host, key, view in zip(hosts, keys, views, strict=True)
        ]
        try:
            facts = [
                host.facts(view, each)
                for host, view, each in zip(hosts, views, opening, strict=True)
            ]
        except OSError as error:
            log.error("an actor cannot hold layers: %s: %s", type(error).__name__, error)
            raise PartUnreachable(None) from error
        return [
            RemotePart(host, key, view, each)
            for host, key, view, each in zip(hosts, keys, views, facts, strict=True)
        ]

    def memory(self) -> list[dict[str, int]]:
        """Return the process and the memory of each actor; see `LayerHost.memory`."""
        found = [self.link.call(each, "memory") for each in self._hosts]
        return [result(each, OPENING) for each in found]


class RayHost:
    """An actor. Several bots may share it, as it has a name."""

    def __init__(self, link: Link, number: int) -> None:
        """Use the actor with that number; it is started when it is first needed."""
        self._link = link
        self._number = number
        self.is_lost = False
        """Whether it did not answer the last request in time."""

    def begin_open(self, key: str, view: View) -> Future[bytes]:
        """Begin to open a view."""
        return self._link.call(self._number, "open", key, view)

    def facts(self, view: View, opening: Future[bytes]) -> Facts:
        """Return what is known of a view that is being opened.

        Raises:
            OSError: a layer's file cannot be read, or that takes too long.
        """
        try:
            facts: Facts = result(opening, OPENING)
        except ActorLost as error:  # the library is served, and its answers say what is missing
            self._lose(error)
            facts = view.opened().facts
        return facts

    def begin(self, part: RemotePart, request: Request[R]) -> Pending[R]:
        """Begin a request about a part."""
        pending = self._link.call(self._number, "answer", part.key, request)
        return partial(self._result, part, request, pending)

    def _result(self, part: RemotePart, request: Request[R], pending: Future[bytes]) -> R:
        """Wait for a result.

        Raises:
            PartUnreachable: the actor did not answer in time.
        """
        patience = LOST_PATIENCE if self.is_lost else PATIENCE
        try:
            found: R = result(pending, patience)
        except UnknownView:  # it was started again
            found = self._again(part, request, patience)
        except (TimeoutError, ActorLost) as error:
            self._lose(error)
            raise PartUnreachable(part) from error
        self.is_lost = False
        return found

    def _again(self, part: RemotePart, request: Request[R], patience: float) -> R:
        """Open the part's view again, and ask again.

        Raises:
            PartUnreachable: that does not succeed in time.
        """
        call = partial(self._link.call, self._number)
        try:
            result(call("open", part.key, part.view), patience)
            found: R = result(call("answer", part.key, request), patience)
        except (UnknownView, OSError, ActorLost) as error:
            self._lose(error)
            raise PartUnreachable(part) from error
        return found

    def _lose(self, error: Exception) -> None:
        if not self.is_lost:
            reason = f"{error}" or type(error).__name__
            log.warning(
                "actor %d does not answer (%s): answers are without its layers",
                self._number,
                reason.splitlines()[0],
            )
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
