"""Decides which changes of a library are made in a worker, and makes them there."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Literal, Protocol

from bot.background.worker import Limits, in_worker
from bot.library.current import Current
from bot.library.loading import Loading
from bot.library.removal import Removal
from bot.models import Progress
from bot.reports import DumpReport, LoadReport

Change = Callable[..., Awaitable[LoadReport]]
"""A `partial` of a method of Loading or Removal that lacks the object and `progress`."""


class Changeable(Protocol):
    """What a library has for its changes."""

    current: Current
    loading: Loading
    removal: Removal


Opened = Callable[..., AbstractAsyncContextManager[Changeable]]
"""Opens a library in a worker; may be given `progress`."""


@dataclass(frozen=True, slots=True)
class Workers:
    """Which changes are made in a worker, and what it may use."""

    limits: Limits = field(default_factory=Limits)
    """What a worker may use."""
    least: int = 0
    """Bytes: loads of less are done without a worker, as starting one takes time."""

    async def may_make(self, paths: Sequence[Path]) -> bool:
        """Whether a change that reads `paths` is made in a worker."""
        return not self.least or await asyncio.to_thread(_size, paths, self.least) >= self.least

    async def make(
        self,
        opened: Opened,
        part: Literal["loading", "removal"],
        change: Change,
        progress: Progress | None,
    ) -> LoadReport:
        """Make `change` in a worker, in the part of the library that has this method."""
        job = partial(_make, opened, part, change)
        return await in_worker(job, self.limits, progress)

    async def tidy(self, opened: Opened, progress: Progress | None = None) -> None:
        """File a library in layers and merge them, in a worker."""
        await in_worker(partial(_tidy, opened), self.limits, progress)


async def _make(
    opened: Opened, part: Literal["loading", "removal"], change: Change, progress: Progress
) -> LoadReport:
    """Make a change, and file what it makes."""
    async with opened() as library:
        report = await change(getattr(library, part), progress=progress)
        await library.current.saved()
    if change.func is Loading.check:  # type: ignore[attr-defined]  # a partial
        return report
    return replace(report, dumps=tuple(map(_without_threads, report.dumps)))


def _without_threads(each: DumpReport) -> DumpReport:
    """Leave out what nobody reads after a load; there may be a million."""
    return replace(each, dump=replace(each.dump, threads=()))


async def _tidy(opened: Opened, progress: Progress) -> None:
    async with opened(progress=progress) as library:
        await library.current.tidied()


def _size(paths: Sequence[Path], enough: int) -> int:
    """Return how many bytes files and folders have; stops counting once it is `enough`."""
    total = 0
    for path in paths:
        for size in _sizes(path):
            total += size
            if total >= enough:
                return total
    return total


def _sizes(path: Path) -> Iterator[int]:
    if path.is_file():
        yield path.stat().st_size
        return
    for folder, _, names in os.walk(path):
        for name in names:
            inside = Path(folder, name)
            if inside.is_file():
                yield inside.stat().st_size
