"""Lets one process of a machine do some work at a time, by locks on files."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import BinaryIO

from bot.file_locks import lock

WAIT = 0.05
"""Seconds between two attempts to lock a file."""


@asynccontextmanager
async def locked(path: Path) -> AsyncIterator[None]:
    """Wait until nobody else has locked `path`, and lock it while inside.

    Where no file can be made, nobody waits.
    """
    file = await asyncio.to_thread(_opened, path)
    if file is None:
        yield
        return
    with file:
        while not lock(file):  # noqa: ASYNC110  # another process has it, and sets no event
            await asyncio.sleep(WAIT)
        yield


def _opened(path: Path) -> BinaryIO | None:
    try:
        path.touch(0o600)
        return path.open("rb")
    except OSError:
        return None
