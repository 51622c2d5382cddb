"""Builds the layers of a load, in one or two processes and bounded memory.

A load of many tweets becomes several layers, so that memory does not grow with it. Each of them is
written to its file and mapped from there. Two processes build them at the same time.
"""

from __future__ import annotations

import logging
import pickle
import tempfile
import threading
import weakref
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from itertools import pairwise
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from bot.arrays.array_file import Unusable
from bot.background.helper import Helper, HelperFailed, Send
from bot.background.memory import give_back
from bot.library import layer_files
from bot.library.snapshot.layer import Layer
from bot.library.snapshot.origins import Origins
from bot.store.protocol import Readers
from bot.store.rows import ThreadVersions

LARGEST = 100_000
"""Tweets of the largest layer that is built; merges may make larger ones."""
WORTH_A_HELPER = 40_000
"""Tweets; indexing fewer takes not much longer than starting a second process."""

WAIT = 0.1
"""Seconds between two reports of progress while only the helper works."""

log = logging.getLogger(__name__)


class Builder:
    """Builds layers of what a store has."""

    def __init__(self, readers: Readers, path: Path) -> None:
        """Build from what `readers` read, and write next to `path`, which names the layers."""
        self._readers = readers
        self._path = path

    def build(
        self,
        threads: ThreadVersions,
        sizes: NDArray[np.int64],
        origins: Origins,
        progress: Callable[[int], None] | None = None,
    ) -> list[Layer]:
        """Return the layers that have `threads`, in order.

        Args:
            threads: the versions of each thread.
            sizes: int64[threads]: about how many tweets each has.
            origins: the versions of the dumps that come with them.
            progress: called now and then with the number of threads done; may raise to stop.
        """
        tweets = int(sizes.sum())
        if tweets < WORTH_A_HELPER:
            return [built(self._readers, threads, origins, progress)]
        pairs = -(-tweets // (2 * LARGEST))  # both processes build as many
        parts = parts_of(sizes, 2 * pairs)
        lanes = _Lanes(self._readers, self._path, threads, parts, origins)
        del origins  # the lanes have them in a file
        return lanes.build(progress)


def parts_of(sizes: NDArray[np.int64], number: int) -> list[tuple[int, int]]:
    """Divide threads into `number` parts, [start, end), of about the same number of tweets."""
    ends = np.cumsum(sizes)
    borders = np.searchsorted(ends, [ends[-1] * each // number for each in range(1, number)])
    whole = np.unique(np.concatenate(([0], borders, [len(sizes)]))).tolist()
    return list(pairwise(whole))


class _Lanes:
    """Builds the parts of a load: in this process, and in a helper if one can be started."""

    def __init__(
        self,
        readers: Readers,
        path: Path,
        threads: ThreadVersions,
        parts: Sequence[tuple[int, int]],
        origins: Origins,
    ) -> None:
        self._readers = readers
        self._path = path
        self._threads = threads
        self._parts = parts
        self._origins = _OriginsFile(origins.divided(len(parts)))
        """The versions that come with each part, which need not be those of its threads. In one
        part they would take too much memory while they are sorted."""
        self._waiting = deque(range(len(parts)))
        self._done = dict.fromkeys(range(len(parts)), 0)
        """How many threads of each part are done."""
        self._written: dict[int, str | Layer] = {}
        """The name of each part's layer, which is in its file; or the layer, if it has none."""

    def build(self, progress: Callable[[int], None] | None) -> list[Layer]:
        """Build all parts; see `Builder.build`."""

        def tell() -> None:
            if progress:
                progress(sum(self._done.values()))

        give_back()  # what reading the dumps needed
        with ExitStack() as stack:
            helped: threading.Thread | None = None
            try:
                helper = Helper()
            except HelperFailed as error:
                log.info("no second process: %s", error)
            else:
                helped = threading.Thread(target=self._let_build, args=(helper,), daemon=True)
                helped.start()
                stack.callback(helped.join)
                stack.enter_context(helper)  # left first: it ends the process and so the thread
            while len(self._written) < len(self._parts):
                part = self._take(self._waiting.popleft)
                if part is not None:
                    self._build(part, tell)
                elif helped:
                    helped.join(WAIT)
                    tell()
        # What an open layer keeps in memory is not needed before.
        return [*map(self._opened, range(len(self._parts)))]

    def _opened(self, part: int) -> Layer:
        """Return the layer of a part, which is built again if it cannot be read."""
        layer = self._written[part]
        if isinstance(layer, Layer):
            return layer
        try:
            return layer_files.read_one(self._path, layer)
        except (OSError, Unusable) as error:
            log.warning("cannot read a part of the index: %s; building it again", error)
            return built(self._readers, *self._contents(part), None)

    @staticmethod
    def _take(pop: Callable[[], int]) -> int | None:
        """Return a part that nobody builds; None if there is none."""
        with suppress(IndexError):
            return pop()
        return None

    def _build(self, part: int, tell: Callable[[], None]) -> None:
        """Build a part in this process."""

        def progress(done: int) -> None:
            self._done[part] = done
            tell()

        layer = built(self._readers, *self._contents(part), progress)
        try:
            layer_files.write_one(self._path, layer)
        except OSError as error:
            log.info("keeping a part of the index in memory: %s", error)
            self._written[part] = layer
        else:
            self._written[part] = layer.name
        del layer
        give_back()

    def _let_build(self, helper: Helper) -> None:
        """Have parts built by the helper, until none is left or it fails."""
        while (part := self._take(self._waiting.pop)) is not None:
            try:
                name = ""
                values = (self._readers, self._path, *self._contents(part))
                for value in helper.run(build_and_write, *values):
                    if isinstance(value, int):
                        self._done[part] = value
                    else:
                        name = value
                self._written[part] = name
            except HelperFailed as error:
                log.info("a second process failed: %s", error)
                self._waiting.append(part)
                return

    def _contents(self, part: int) -> tuple[ThreadVersions, Origins]:
        """Return the threads of a part, and the versions that come with it."""
        start, end = self._parts[part]
        starts = self._threads.starts[start : end + 1]
        threads = ThreadVersions(self._threads.rows[starts[0] : starts[-1]], starts - starts[0])
        return threads, self._origins[part]


class _OriginsFile:
    """The versions that come with each part, in an unnamed file until the part is built."""

    def __init__(self, parts: Iterable[Origins]) -> None:
        every = [*parts]
        self._in_memory: list[Origins] = []
        """All, if there is no room on the disk."""
        self._ends = [0]
        self._turn = threading.Lock()
        try:
            self._file = self._written(every)
        except OSError as error:
            log.info("keeping the beginnings of versions in memory: %s", error)
            self._in_memory = every
        else:
            weakref.finalize(self, self._file.close)

    def _written(self, parts: Sequence[Origins]) -> IO[bytes]:
        with ExitStack() as stack:
            file = stack.enter_context(tempfile.TemporaryFile())
            for each in parts:
                pickle.dump(each, file)
                self._ends.append(file.tell())
            file.flush()
            stack.pop_all()  # it stays open
        return file

    def __getitem__(self, part: int) -> Origins:
        """Return the versions that come with a part."""
        if self._in_memory:
            return self._in_memory[part]
        start, end = self._ends[part : part + 2]
        with self._turn:
            self._file.seek(start)
            found: Origins = pickle.loads(self._file.read(end - start))  # noqa: S301  # our own
        return found


def build_and_write(
    send: Send,
    _: Iterator[Any],
    readers: Readers,
    path: Path,
    threads: ThreadVersions,
    origins: Origins,
) -> None:
    """Build a layer and write it to a file. Sends how many threads are done, then its name."""
    layer = built(readers, threads, origins, send)
    layer_files.write_one(path, layer)
    send(layer.name)
    del layer
    give_back()


def built(
    readers: Readers,
    threads: ThreadVersions,
    origins: Origins,
    progress: Callable[[int], None] | None,
) -> Layer:
    """Return a layer with threads of the store."""
    with readers() as reader:
        return Layer.build(reader.threads(threads), origins, progress)
