"""Reads generations, their history and settings, with queries that every database understands."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

from bot.models import Metadata
from bot.reports import Event
from bot.store.checksums import Record
from bot.store.rows import ERASED_NAME, NO_UNDO, Forgotten, Member

EVENTS = (
    "SELECT number, created_at, actor, action, (SELECT count(*) FROM generation_dump WHERE"
    " (generation_dump.scope, generation) = (generation.scope, number)), parent FROM generation"
)
"""Reads the facts of events, and the generation that undoing each goes back to."""


class History(ABC):
    """What a store has besides threads. A store derives from it, and says how rows are read."""

    @abstractmethod
    async def _read(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a query, as of now; it has a `?` for each of the values."""

    @abstractmethod
    async def _record(self, scope: int, generation: int) -> Record | None:
        """Return a generation as it was stored; None if there is none of that number.

        Raises:
            StoreDamaged: it is not what was stored.
        """

    @abstractmethod
    def _decoding(self) -> AbstractContextManager[None]:
        """Around code that decodes rows: what it raises becomes a StoreDamaged."""

    async def generation(self, scope: int) -> int:
        """Return the number of the newest generation of `scope`; 0 if nothing was ever loaded."""
        rows = await self._read("SELECT max(number) FROM generation WHERE scope = ?", (scope,))
        return rows[0][0] or 0

    async def newest(self) -> dict[int, int]:
        """Return the number of the newest generation of each scope."""
        rows = await self._read("SELECT scope, max(number) FROM generation GROUP BY scope")
        return dict(rows)

    async def parent(self, scope: int, generation: int) -> int:
        """Return the generation that undoing `generation` goes back to; 0 if there is none."""
        record = await self._record(scope, generation)
        return record.parent if record else 0

    async def members(self, scope: int, generation: int) -> list[Member]:
        """Return the dumps of `generation`, in order."""
        record = await self._record(scope, generation)
        dumps = record.dumps if record else ()
        with self._decoding():
            return [
                Member(id_, file, origin, sha256, Metadata(**json.loads(metadata)), *rest)
                for id_, file, origin, sha256, metadata, *rest, _ in dumps
            ]

    async def erased_since(self, scope: int, generation: int) -> bool:
        """Whether anything was erased from `scope` after `generation`."""
        found = await self._read(
            "SELECT 1 FROM generation WHERE scope = ? AND number > ? AND action = 'erase' LIMIT 1",
            (scope, generation),
        )
        return bool(found)

    async def was_repaired(self, scope: int) -> bool:
        """Whether a repair, not an erasure, is why earlier generations cannot come back."""
        found = await self._read(
            "SELECT action = 'repair' FROM generation WHERE scope = ?"
            " AND action IN ('repair', 'erase') ORDER BY number DESC LIMIT 1",
            (scope,),
        )
        return bool(found and found[0][0])

    async def forgotten(self, scope: int, generation: int) -> list[Forgotten]:
        """Return the threads and authors that `generation` hides."""
        record = await self._record(scope, generation)
        return [Forgotten(*row) for row in record.forgotten] if record else []

    async def history(self, scope: int, limit: int) -> list[Event]:
        """Return the events that created the last generations, latest first."""
        rows = await self._read(
            f"{EVENTS} WHERE scope = ? ORDER BY number DESC LIMIT ?",
            (scope, limit),
        )
        return [await self._with_names(Event(*facts), scope, parent) for *facts, parent in rows]

    async def change_behind(self, scope: int, generation: int) -> Event | None:
        """Return the event that undoing `generation` takes back; None if there is none.

        What an undo or a newer loader left is the content of an earlier generation.
        """
        rows = await self._read(
            "SELECT number, parent, action FROM generation WHERE scope = ?", (scope,)
        )
        made = {number: (parent, action) for number, parent, action in rows}
        while made.get(generation, (0, ""))[1] in ("undo", "reread"):
            is_undo = made[generation][1] == "undo"
            before = generation - 1
            generation = made.get(before, (0, ""))[0] if is_undo else before
        if generation not in made or made[generation][0] == NO_UNDO:
            return None
        rows = await self._read(f"{EVENTS} WHERE (scope, number) = (?, ?)", (scope, generation))
        *facts, parent = rows[0]
        return await self._with_names(Event(*facts), scope, parent)

    async def _with_names(self, event: Event, scope: int, parent: int) -> Event:
        """Return `event` with the names of what it loaded, removed, hid or undid since `parent`."""
        if event.action == "undo":
            return replace(event, undone=await self.change_behind(scope, event.generation - 1))
        if event.action == "load":
            return replace(event, loaded=await self._files_only_in(scope, event.generation, parent))
        if event.action == "remove":
            gone = await self._files_only_in(scope, parent, event.generation)
            return replace(event, removed=gone)
        if event.action == "forget":
            known = await self.forgotten(scope, parent)
            hidden = await self.forgotten(scope, event.generation)
            new = [each for each in hidden if each not in known]
            kept = {(each.kind, each.key) for each in hidden}
            shown = [each for each in known if (each.kind, each.key) not in kept]
            if shown:
                names = _distinct(each.label for each in shown if each.label != ERASED_NAME)
                return replace(event, action="unhide", unhidden=names)
            return replace(
                event,
                hidden_threads=_distinct(each.label for each in new if each.kind == "thread"),
                hidden_authors=_distinct(each.label for each in new if each.kind == "author"),
            )
        return event

    async def _files_only_in(self, scope: int, generation: int, other: int) -> tuple[str, ...]:
        """Return the names of the files that `generation` has and `other` has not."""
        rows = await self._read(
            "SELECT file FROM generation_dump JOIN dump ON dump.id = generation_dump.dump"
            " WHERE (generation_dump.scope, generation) = (?, ?) AND dump NOT IN"
            " (SELECT dump FROM generation_dump WHERE (scope, generation) = (?, ?))"
            " ORDER BY generation_dump.place",
            (scope, generation, scope, other),
        )
        return _distinct(file for (file,) in rows)

    async def made_at(self, scope: int, generation: int) -> str | None:
        """Return when `generation` was created: ISO 8601 in UTC, or None if it does not exist."""
        record = await self._record(scope, generation)
        return record.created_at if record else None

    async def pictures(self, sha256: str) -> dict[str, str]:
        """Return the files in `media` that were inside a dump, by their paths there."""
        rows = await self._read("SELECT name, file FROM picture WHERE sha256 = ?", (sha256,))
        return dict(rows)

    async def setting(self, key: str) -> str | None:
        """Return the value of `remember` for `key`, if any."""
        rows = await self._read("SELECT value FROM setting WHERE key = ?", (key,))
        return rows[0][0] if rows else None


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    """Return `names` in order, each once."""
    return tuple(dict.fromkeys(names))
