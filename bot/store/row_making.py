"""Makes the rows of a dump. Those of a large one are made in a second process, while this one
stores them.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from bot.background.helper import Helper, HelperFailed, Send
from bot.models import Dump, Thread
from bot.store.checksums import DumpChecksum, Row, with_checksums
from bot.store.rows import rows_of

TOGETHER = 1_000
"""Threads whose rows are made at a time, without a second process."""
WORTH_A_HELPER = 40_000
"""Tweets; making rows of fewer takes not much longer than starting a second process."""

Tell = Callable[[tuple[Collection[str], Sequence[str | None]]], None]
"""Is told of each thread its ids, and those of its tweets."""

log = logging.getLogger(__name__)


class Batch(NamedTuple):
    """Rows of some threads."""

    versions: list[Row]
    """Rows of the table `version`."""
    tweets: list[Row]
    """Rows of the table `tweet`."""


class RowMaker:
    """Makes the rows of a dump."""

    def __init__(self, dump: Dump, row: int, first: int) -> None:
        """Make rows.

        Args:
            dump: the dump.
            row: the dump's row.
            first: the row of its first version; the others follow.
        """
        self._dump = dump
        self._row = row
        self._first = first
        self._made = 0
        """How many threads are done."""
        self._whole = DumpChecksum()
        self._tell: Tell | None = getattr(dump.threads, "watch", None)

    @property
    def checksum(self) -> int:
        """The dump's checksum, once all batches are made."""
        return self._whole.value

    def batches(self) -> Generator[Batch, None, None]:
        """Yield the rows of all threads, in order."""
        threads: Any = self._dump.threads
        tweets = getattr(threads, "tweets", None)  # of threads that are built on access
        if tweets is not None and tweets >= WORTH_A_HELPER:
            try:
                yield from self._helped(threads.all_packed)
            except HelperFailed as error:
                log.info("making rows without a second process: %s", error)
            else:
                return
            yield from self._here(threads.from_number(self._made))
        else:
            yield from self._here(threads)

    def _here(self, threads: Iterable[Thread]) -> Iterator[Batch]:
        left = iter(threads)
        while some := list(islice(left, TOGETHER)):
            batch = made(some, self._row, self._first, self._made, self._dump.file, self._whole)
            yield self._told(batch)

    def _helped(self, all_packed: Callable[[], Iterable[Any]]) -> Iterator[Batch]:
        from bot.background.packing import unpacked_rows  # slow to import, and asking does without

        values = (self._row, self._first, self._dump.file)
        with Helper() as helper:
            for batch, state in helper.run(make_and_send, *values, feed=all_packed()):
                versions, tweets = unpacked_rows(batch)
                self._whole = DumpChecksum(*state)
                yield self._told(Batch(versions, tweets))

    def _told(self, batch: Batch) -> Batch:
        """Return the next rows; tells who wants to know what is compared of their threads."""
        self._made += len(batch.versions)
        if self._tell:
            ids: dict[int, list[str | None]] = {each[0]: [] for each in batch.versions}
            for each in batch.tweets:
                ids[each[0]].append(each[8])
            for each in batch.versions:
                self._tell((json.loads(each[4]), ids[each[0]]))
        return batch


def made(
    threads: Iterable[Thread], row: int, first: int, place: int, file: str, whole: DumpChecksum
) -> Batch:
    """Return the rows of some threads of a dump, with their checksums.

    Args:
        threads: the threads.
        row: the dump's row.
        first: the row of the dump's first version.
        place: the place in the dump of the first of `threads`.
        file: the dump's name.
        whole: the dump's checksum, which takes them in.
    """
    versions, tweets = rows_of(threads, row, first, place, file)
    return Batch(with_checksums(versions, tweets, file, whole), tweets)


def make_and_send(send: Send, fed: Iterator[Any], row: int, first: int, file: str) -> None:
    """Make the rows of the packed threads that are fed, in the helper, and send them.

    With each batch comes the state of the dump's checksum after it.
    """
    from bot.background.packing import packed_rows

    whole, place = DumpChecksum(), 0
    for some in fed:
        batch = made(some.built(), row, first, place, file, whole)
        place += len(batch.versions)
        send((packed_rows(batch), whole.state))
