"""Does in threads what would block the event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from typing import TypeVar

T = TypeVar("T")


async def one_by_one(items: Iterator[T]) -> AsyncIterator[T]:
    """Yield the items, none of which is None, computing each in a thread."""
    while (each := await asyncio.to_thread(next, items, None)) is not None:
        yield each


async def in_daemon(work: Callable[[], None]) -> None:
    """Do `work` in a thread that the program does not wait for when it ends."""
    done: Future[None] = Future()
    done.set_running_or_notify_cancel()  # from now on nobody else ends it

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001  # raised where it is awaited
            done.set_exception(error)
        else:
            done.set_result(None)

    threading.Thread(target=run, daemon=True).start()
    await asyncio.wrap_future(done)


@contextmanager
def closing(items: Generator[T, None, None]) -> Iterator[Iterator[T]]:
    """Close a generator at the end of the block, and what it holds with it."""
    try:
        yield items
    finally:
        with suppress(ValueError):  # a thread still computes the next item, and closes it then
            items.close()
