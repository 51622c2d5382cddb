"""The snapshot that a library serves: keeps it up to date and saves it for the next start.

Questions read one snapshot, and rows of the store that never change. So every answer is of one
generation, whatever is loaded meanwhile.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager

from bot.errors import ReloadRunning, StoreUnreachable, ThreadbotError
from bot.library.generations import (
    Tidier,
    damaged_layers,
    merged_in_file,
    refiled,
    save_snapshot,
    snapshot_of,
)
from bot.library.layer_files import DAMAGED
from bot.library.snapshot.layered import Part
from bot.library.snapshot.served import Served
from bot.library.snapshot.snapshot import Snapshot
from bot.library.snapshot.stacking import RATIO, SMALL, merged, merges
from bot.library.spread.spreading import Spreader
from bot.models import SHARED_SCOPE, Progress
from bot.store.protocol import LibraryStore
from bot.store.rows import Member

log = logging.getLogger(__name__)

CHECK_EVERY = 1.0
"""Seconds between two checks for what other processes have loaded."""
NOTICE_SECONDS = 1.0
"""How long a question waits for such a check."""


class Current:
    """The current snapshot of one scope."""

    def __init__(
        self,
        store: LibraryStore,
        scope: int,
        snapshot: Snapshot,
        shared: Current | None = None,
        tidier: Tidier | None = None,
        spreader: Spreader | None = None,
    ) -> None:
        """Serve `snapshot`, which was built from what `store` has for `scope`.

        Args:
            store: the store.
            scope: whose dumps.
            snapshot: what is served.
            shared: for a guild: the shared library that its snapshots include.
            tidier: builds and merges layers in another process; by default this one does.
            spreader: divides what is served among hosts, from `spread` on; by default nothing does.
        """
        self.tidier = tidier
        """Builds and merges layers in another process; None if this one does."""
        self.store = store
        self.shared = shared
        self.scope = scope
        self.spreader = spreader
        """Divides what is served among hosts; None if this process serves all."""
        self._snapshot: Served = snapshot
        self._lock = asyncio.Lock()
        self._changed_by: str | None = None
        self._catching_up: asyncio.Task[None] | None = None
        self._saving: asyncio.Task[None] | None = None
        self._verifying: asyncio.Task[None] | None = None
        self._copying: asyncio.Task[None] | None = None
        self._copied: Served | None = None
        self._erasures = 0
        self._checked = float("-inf")
        self._is_changed = False

    @property
    def snapshot(self) -> Served:
        """The snapshot that answers now."""
        return self._snapshot

    @property
    def whole(self) -> Snapshot:
        """The snapshot that answers now, with all layers in this process: to change them."""
        return self._snapshot.whole()

    async def spread(self, below: Served | None = None) -> None:
        """Divide what is served among the hosts, if there are any.

        Args:
            below: for a guild: what the shared library serves.
        """
        await self._serve(self._snapshot.whole(), below)

    async def _serve(self, snapshot: Snapshot, below: Served | None = None) -> None:
        """Serve `snapshot`; `below` is what the shared library serves, for a guild."""
        if self.spreader is None:
            self._snapshot = snapshot
            return
        if below is None and self.shared:
            below = self.shared.snapshot
        folder = self.store.folder
        self._snapshot = await asyncio.to_thread(self.spreader.spread, snapshot, folder, below)

    @property
    def busy(self) -> bool:
        """Whether the snapshot is being replaced."""
        return self._lock.locked()

    @asynccontextmanager
    async def exclusively(self, actor: str) -> AsyncIterator[None]:
        """Let `actor` change the library while inside, and nobody else.

        Raises:
            ReloadRunning: somebody is changing it already.
        """
        if self._changed_by is not None:
            raise ReloadRunning(self._changed_by)
        self._changed_by = actor
        self._is_changed = True
        try:
            async with self._lock:
                yield
        finally:
            self._changed_by = None

    async def catch_up(self) -> None:
        """Serve the newest generation, whichever process made it."""
        async with self._lock:
            await self.members()

    async def members(self) -> list[Member]:
        """Catch up with other processes, and return the dumps of the generation now served.

        For use inside `exclusively`.
        """
        if await self._is_behind():
            await self._serve_newest()
            self.save_in_background()
        return await self.store.members(self.scope, self._snapshot.generation)

    async def advance(self, progress: Progress | None = None) -> Snapshot:
        """Serve the store's newest generation, and return its snapshot.

        For use inside `exclusively`.
        """
        after = await self._serve_newest(progress)
        self.save_in_background()
        log.info("generation %d: %d tweets", after.generation, len(after.index))
        return after

    async def notice_other_processes(self) -> None:
        """Start catching up in the background if another process made a newer generation."""
        if self.shared:
            await self.shared.notice_other_processes()
        now = time.monotonic()
        is_new = self.shared is not None and self.shared.snapshot is not self._snapshot.below
        if self._lock.locked() or (now < self._checked + CHECK_EVERY and not is_new):
            return
        self._checked = now
        try:
            is_behind = await asyncio.wait_for(self._is_behind(), NOTICE_SECONDS)
        except (StoreUnreachable, TimeoutError) as error:  # what is served still answers
            log.info("cannot ask for changes: %s", error)
            return
        if is_behind:
            self._catch_up_in_background()

    def follow(self, newest: Mapping[int, int]) -> None:
        """Start catching up in the background unless the newest generations are served.

        Args:
            newest: the newest generation of each scope.
        """
        snapshot = self._snapshot
        is_behind = newest.get(self.scope, 0) != snapshot.generation
        if self.shared is not None:
            is_behind |= newest.get(SHARED_SCOPE, 0) != snapshot.shared_generation
        if is_behind and not self._lock.locked():
            self._catch_up_in_background()

    def _catch_up_in_background(self) -> None:
        """Start catching up, unless that is under way: one task is known, and ended in time."""
        if self._catching_up is None or self._catching_up.done():
            self._catching_up = asyncio.create_task(self._catch_up())

    def copy_in_background(self) -> None:
        """Start copying to this machine what is served, unless that was done."""
        snapshot = self._snapshot
        is_copying = self._copying is not None and not self._copying.done()
        if not is_copying and self._copied is not snapshot:
            self._copying = asyncio.create_task(self._copy(snapshot))

    @property
    def is_copied(self) -> bool:
        """Whether this machine has copies of all that is served."""
        return self._copied is self._snapshot

    def copy_anew(self) -> None:
        """Forget that what is served was copied: copies are deleted when anything is erased."""
        self._copied = None
        self._erasures += 1

    async def _copy(self, snapshot: Served) -> None:
        erasures = self._erasures
        layers = await self._layers(snapshot)
        rows = {each.layer.name: each.layer.origins.roots.rows for each in layers.own}
        try:
            await self.store.keep_copies(rows)
        except ThreadbotError as error:
            log.info("cannot copy what is served: %s", error)
        else:
            if erasures == self._erasures:
                self._copied = snapshot

    def save_in_background(self) -> None:
        """Start merging layers and saving them to files, once that is done for earlier ones."""
        self._saving = asyncio.create_task(self._save(self._snapshot, self._saving))

    def verify_in_background(self) -> None:
        """Compare the layers' files with their checksums; what is damaged is built again."""
        self._verifying = asyncio.create_task(self._verify())

    async def settled(self, *, is_patient: bool = False) -> None:
        """Wait until background work has finished or was cancelled.

        Args:
            is_patient: whether to wait for merges in a worker, too, after a change.
        """
        ending = {each for each in (self._catching_up, self._verifying, self._copying) if each}
        for task in ending:
            task.cancel()
        if ending:
            await asyncio.wait(ending)
        if self._saving and (self.tidier is None or (is_patient and self._is_changed)):
            await asyncio.wait({self._saving})
        if self.tidier:
            await self.saved()

    async def tidied(self) -> None:
        """File the layers and merge them, unless another process has done that."""
        async with self.store.alone(f"merge-{self.scope}"):
            await self._refile()
            self.save_in_background()
            await self.settled()

    async def saved(self) -> None:
        """Save what is served now. Also end the work on large layers, which starts anew later."""
        if self._saving:
            self._saving.cancel()
            await asyncio.wait({self._saving})
        if not self._snapshot.is_here:  # a worker saves it
            return
        await self._merge()
        await self._save_layers()

    async def _serve_newest(self, progress: Progress | None = None) -> Snapshot:
        """Serve the store's newest generation, on the layers served now, and return it."""
        below = None
        if self.shared:
            if not self.shared.busy:  # else what it serves now is newest for a while
                await self.shared.catch_up()
            below = self.shared.snapshot
        await self._fetch_pictures()
        before = await self._layers_left(self._snapshot)
        layers_below = await self._layers(below) if below else None
        after = await snapshot_of(
            self.store, self.scope, progress, before, layers_below, self.tidier
        )
        await self._serve(after, below)
        return after

    @staticmethod
    async def _layers(served: Served) -> Snapshot:
        """Return what is served with all layers in this process."""
        return served.whole() if served.is_here else await asyncio.to_thread(served.whole)

    async def _fetch_pictures(self) -> None:
        try:
            await self.store.fetch_pictures()
        except ThreadbotError as error:  # answers are shown without them
            log.warning("cannot fetch pictures: %s", error)

    async def _is_behind(self) -> bool:
        """Whether this scope, or the shared library that it includes, has a newer generation."""
        if await self.store.generation(self.scope) != self._snapshot.generation:
            return True
        if self.shared is None:
            return False
        if self.shared.snapshot is not self._snapshot.below:
            return True
        shared = await self.store.generation(SHARED_SCOPE)
        return shared != self._snapshot.shared_generation and not self.shared.busy

    async def _layers_left(self, served: Served) -> Snapshot | None:
        """Return `_layers`; None if a file is gone, since another process merged its layer."""
        try:
            return await self._layers(served)
        except (OSError, *DAMAGED) as error:
            log.info("cannot build on the layers served now: %s", error)
            return None

    async def _save(self, snapshot: Served, earlier: asyncio.Task[None] | None) -> None:
        if earlier is not None:
            try:
                await asyncio.wait({earlier})
            except asyncio.CancelledError:
                earlier.cancel()
                await asyncio.wait({earlier})
                raise
        if snapshot is not self._snapshot:  # a later one is saved soon
            return
        if self._snapshot.is_here:
            await self._merge()
            await self._save_layers()
        if not merges(await self._layers(self._snapshot)):
            return
        if self.tidier is None:
            await self._merge(large=True)
            await self._save_layers()
            return
        try:
            await self.tidier()
        except ThreadbotError as error:
            log.warning("cannot merge the index: %s", error)
        else:
            await self._refile()

    async def _save_layers(self) -> None:
        """Save the layers to files, and serve them from there: their memory becomes free."""
        try:
            new = await save_snapshot(self.store, self.scope, self.whole)
        except ThreadbotError as error:
            log.info("cannot save the index: %s", error)
        else:
            if new:
                await self._refile(new)

    async def _verify(self) -> None:
        try:
            served = await self._layers(self._snapshot)
            damaged = await damaged_layers(self.store, self.scope, served)
            if damaged:
                async with self._lock:
                    below = self.shared.snapshot if self.shared else None
                    under = await self._layers(below) if below else None
                    before = (await self._layers(self._snapshot)).without(damaged)
                    after = await snapshot_of(self.store, self.scope, None, before, under)
                    await self._serve(after, below)
                self.save_in_background()
        except ThreadbotError as error:
            log.error("cannot build damaged layers again: %s", error)

    async def _refile(self, new: Collection[str] = ()) -> None:
        """Serve the layers that files have now, which have the same threads.

        Args:
            new: names of the layers that are read from there though they are in memory.
        """
        before = self._snapshot
        layers = await self._layers(before)
        after = await refiled(self.store, self.scope, layers, new)
        if self._snapshot is before and after is not layers:  # else a change came first
            await self._serve(after, before.below)

    async def _merge(self, *, large: bool = False) -> None:
        """Merge layers, so that their number stays small: those that take milliseconds.

        Args:
            large: merge the others, too, in files: they would take much memory.
        """
        while chosen := merges(self.whole):
            before = self.whole
            start, end = chosen
            tweets = sum(len(each.layer.index) for each in before.parts[start:end])
            if tweets <= SMALL * RATIO:
                part: Part | None = await asyncio.to_thread(merged, before, start, end)
            elif large:
                part = await merged_in_file(self.store, self.scope, before, start, end)
            else:
                part = None
            now = self.whole
            if part is None or now.parts[start:end] != before.parts[start:end]:
                return  # if a change came first, its layers are merged next
            await self._serve(now.with_merged(part, start, end))

    async def _catch_up(self) -> None:
        try:
            await self.catch_up()
        except ThreadbotError as error:
            log.warning("cannot serve yet what another process loaded: %s", error)
