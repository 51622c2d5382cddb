"""Takes the items of generators that compute for long, without blocking the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

T = TypeVar("T")


async def one_by_one(items: Iterator[T]) -> AsyncIterator[T]:
    """Yield the items, none of which is None, computing each in a thread."""
    while (each := await asyncio.to_thread(next, items, None)) is not None:
        yield each


@contextmanager
def closing(items: Generator[T, None, None]) -> Iterator[Iterator[T]]:
    """Close a generator at the end of the block, and what it holds with it."""
    try:
        yield items
    finally:
        with suppress(ValueError):  # a thread still computes the next item, and closes it then
            items.close()
