"""What happens in the middle of a change or an answer: others change the library, files and hosts.

Each function takes what sets an attribute: `monkeypatch.setattr` in a test, and `setattr` in a
program that ends afterwards (`FIRST`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from bot.cluster import ray_hosts
from bot.errors import PartUnreachable
from bot.library import generations
from bot.library.spread.part import LocalPart, Pending, Request
from bot.library.spread.spreading import Hosts, Spreader, View
from bot.loader.raw import content
from bot.store.store import Store
from bot.terminal import session

R = TypeVar("R")
Patch = Callable[[object, str, object], None]
FIRST = "from tests import meanwhile; meanwhile."
"""What a program does first, with a call of one of these functions."""


def another_process_commits(patch: Patch) -> None:
    """Have another process make a generation while an undo is being planned, once."""
    parent = Store.parent

    async def overtaken(self: Store, scope: int, generation: int) -> int:
        patch(Store, "parent", parent)
        found = await parent(self, scope, generation)
        async with Store.open(self.folder) as other:
            members = await other.members(scope, generation)
            await other.commit(scope, generation, members, actor="other", action="load")
        return found

    patch(Store, "parent", overtaken)


def a_file_changes(patch: Patch, folder: str, name: str) -> None:
    """Change the files of that name below a folder after they were read, before they are stored."""
    commit = Store.commit

    def change() -> None:
        for each in Path(folder).rglob(name):
            each.write_text("Tapirs swim, a thread\n", encoding="utf-8")

    async def late(self: Store, *arguments: Any, **options: Any) -> int:
        change()
        return await commit(self, *arguments, **options)

    patch(content, "SMALL", 0)  # small files are read once
    patch(Store, "commit", late)


LEAST = 10
"""Tweets of the smallest layer that hosts hold."""


def layers_are_filed(patch: Patch) -> None:
    """Keep the layers of small libraries in files, as hosts need them."""
    patch(generations, "WORTH_A_FILE", LEAST)


class LostPart(LocalPart):
    """A part whose host is lost once it was opened."""

    is_here = False

    def begin(self, request: Request[R]) -> Pending[R]:  # noqa: ARG002
        """Begin a request, which nobody answers."""

        def lost() -> R:
            raise PartUnreachable(self)

        return lost


class LostHosts:
    """Hosts that are lost as soon as they hold layers."""

    count = 1

    def open(self, views: Sequence[View]) -> Sequence[LostPart]:
        """Open what they shall hold."""
        parts = []
        for view in views:
            here = view.opened()
            part = LostPart(here.snapshot.parts, here.places, view.dumps, view.forgotten)
            part.dumps = frozenset(row for each in view.layers for row in each.dumps)
            parts.append(part)
        return parts


def hosts_are_lost(patch: Patch) -> None:
    """Have the cluster of the settings hold layers of LEAST tweets, and lose its hosts."""

    @contextmanager
    def connected(*_: object) -> Iterator[Hosts]:
        yield LostHosts()

    patch(ray_hosts, "connected", connected)
    patch(session, "Spreader", partial(Spreader, least=LEAST))
