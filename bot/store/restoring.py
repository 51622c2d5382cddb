"""Takes over what another store has, as new generations, while the bot runs.

Nothing is deleted: earlier generations stay, so `undo` goes back to what was there before.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bot.store import newest, upkeep
from bot.store.checksums import carry_out, filling

OF_DUMPS = ("part", "piece", "picture")
"""Tables with the bytes of dumps, by their hash."""
CHANGED = {"checksum": "0"}
"""Columns that are not copied, as they are of a row with other references; 0 means unknown."""


@dataclass(frozen=True, slots=True)
class Relation:
    """How a library is related to the one in another store."""

    scope: int
    """The library."""
    kind: Literal["new", "same", "newer", "unrelated"]
    """`new`: nothing was ever loaded into it here. `newer`: it was changed after the other."""
    changes: int = 0
    """How many changes were made since, if it is newer."""

    @classmethod
    def between(cls, scope: int, last: int, number: int, *, is_known: bool) -> Relation:
        """Return how a library here is related to another store's.

        Args:
            scope: the library.
            last: the number of its newest generation here; 0 if there is none.
            number: that of the newest one there.
            is_known: whether that one is here, too.
        """
        if not last:
            return cls(scope, "new")
        if not is_known:
            return cls(scope, "unrelated")
        return cls(scope, "same") if last == number else cls(scope, "newer", last - number)


@dataclass(frozen=True, slots=True)
class Restored:
    """What became of a library."""

    scope: int
    """The library."""
    generation: int
    """Its newest generation now."""
    is_new: bool
    """Whether that was made; the library may have been the same already."""
    erased: int = 0
    """Tweets of the backup that stay erased, because the file that had them is still here."""


def relations(path: Path, other: Path) -> list[Relation]:
    """Return how each library in the store `other` is related to the one in the store at `path`.

    Raises:
        StoreError: a store cannot be read.
    """
    with upkeep.connected(path) as connection:
        connection.execute("ATTACH ? AS backup", (str(other),))
        found = []
        for scope, number, at in connection.execute(
            "SELECT scope, number, created_at FROM backup.generation AS each WHERE number ="
            " (SELECT max(number) FROM backup.generation WHERE scope = each.scope) ORDER BY scope"
        ).fetchall():
            (last,) = connection.execute(
                "SELECT max(number) FROM main.generation WHERE scope = ?", (scope,)
            ).fetchone()
            is_here = connection.execute(
                "SELECT 1 FROM main.generation WHERE (scope, number, created_at) = (?, ?, ?)",
                (scope, number, at),
            ).fetchone()
            found.append(Relation.between(scope, last or 0, number, is_known=bool(is_here)))
        return found


def take_over(path: Path, other: Path, actor: str) -> list[Restored]:
    """Make what each library in the store `other` has the newest generation of the one here.

    Args:
        path: the store's file.
        other: the other store's file, of the same schema.
        actor: who does it.

    Raises:
        StoreError: a store cannot be read or written; nothing is changed.
    """
    with upkeep.connected(path) as connection:
        connection.execute("ATTACH ? AS backup", (str(other),))
        connection.execute("PRAGMA foreign_keys = ON")
        with upkeep.transaction(connection):
            copier = _Copier(connection)
            scopes = connection.execute(
                "SELECT scope, max(number) FROM backup.generation GROUP BY scope ORDER BY scope"
            ).fetchall()
            done = [copier.take_over(scope, number, actor) for scope, number in scopes]
            # Settings that were never made here.
            connection.execute("INSERT OR IGNORE INTO main.setting SELECT * FROM backup.setting")
            carry_out(connection, filling())
    for each in done:
        newest.remember(path, each.scope, each.generation)
    return done


class _Copier:
    """Copies rows from the attached store, inside a transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        # Added to the rows of versions, so that none of them is in use here.
        (self._offset,) = connection.execute(
            "SELECT coalesce(max(id), 0) FROM main.version"
        ).fetchone()

    def take_over(self, scope: int, number: int, actor: str) -> Restored:
        """Make generation `number` there the newest one here, unless it is the same."""
        run = self._connection.execute
        members = run(
            "SELECT dump FROM backup.generation_dump WHERE (scope, generation) = (?, ?)"
            " ORDER BY place",
            (scope, number),
        ).fetchall()
        dumps = [self._dump(dump) for (dump,) in members]
        (last,) = run(
            "SELECT coalesce(max(number), 0) FROM main.generation WHERE scope = ?", (scope,)
        ).fetchone()
        hides = "SELECT kind, key, said FROM {}.forgotten WHERE (scope, generation) = (?, ?)"
        hidden = run(hides.format("backup"), (scope, number)).fetchall()
        hidden_here = run(hides.format("main"), (scope, last)).fetchall()
        is_same = dumps == self._members(scope, last) and sorted(hidden) == sorted(hidden_here)
        if last and is_same:
            return Restored(scope, last, is_new=False)
        made = last + 1
        run(
            "INSERT INTO main.generation (scope, number, parent, actor, action)"
            " VALUES (?, ?, ?, ?, 'restore')",
            (scope, made, last, actor),
        )
        self._connection.executemany(
            "INSERT INTO main.generation_dump (scope, generation, place, dump) VALUES (?, ?, ?, ?)",
            [(scope, made, place, dump) for place, dump in enumerate(dumps)],
        )
        self._connection.executemany(
            "INSERT INTO main.forgotten (scope, generation, kind, key, said)"
            " VALUES (?, ?, ?, ?, ?)",
            [(scope, made, *each) for each in hidden],
        )
        there = self._tweets("backup", [dump for (dump,) in members])
        return Restored(scope, made, is_new=True, erased=there - self._tweets("main", dumps))

    def _tweets(self, schema: str, dumps: Sequence[int]) -> int:
        """Return how many tweets these dumps have in a store."""
        (found,) = self._connection.execute(
            f"SELECT count(*) FROM {schema}.tweet JOIN {schema}.version"  # noqa: S608
            f" ON version.id = tweet.version WHERE dump IN (SELECT value FROM json_each(?))",
            (json.dumps(dumps),),
        ).fetchone()
        return int(found)

    def _members(self, scope: int, generation: int) -> list[int]:
        rows = self._connection.execute(
            "SELECT dump FROM main.generation_dump WHERE (scope, generation) = (?, ?)"
            " ORDER BY place",
            (scope, generation),
        )
        return [dump for (dump,) in rows]

    def _dump(self, dump: int) -> int:
        """Return the row of that dump here; copies it unless the same dump is here."""
        run = self._connection.execute
        same = run(
            "SELECT here.id FROM main.dump AS here JOIN backup.dump AS there ON"
            " (here.scope, here.file, here.origin, here.sha256, here.metadata,"
            " here.parser_version) = (there.scope, there.file, there.origin, there.sha256,"
            " there.metadata, there.parser_version) WHERE there.id = ?",
            (dump,),
        ).fetchone()
        if same:
            return int(same[0])
        (sha256,) = run("SELECT sha256 FROM backup.dump WHERE id = ?", (dump,)).fetchone()
        if not run("SELECT 1 FROM main.blob WHERE sha256 = ?", (sha256,)).fetchone():
            for table in ("blob", *OF_DUMPS):
                self._copy(table, "sha256 = :sha256", {}, sha256=sha256)
        (row,) = run("SELECT coalesce(max(id), 0) + 1 FROM main.dump").fetchone()
        self._copy("dump", "id = :dump", {"id": f"{row}"}, dump=dump)
        self._copy("notice", "dump = :dump", {"dump": f"{row}"}, dump=dump)
        moved = {"id": f"id + {self._offset}", "dump": f"{row}"}
        self._copy("version", "dump = :dump", moved, dump=dump)
        self._copy(
            "tweet",
            "version IN (SELECT id FROM backup.version WHERE dump = :dump)",
            {"version": f"version + {self._offset}"},
            dump=dump,
        )
        return int(row)

    def _copy(
        self, table: str, condition: str, changed: Mapping[str, str], **values: object
    ) -> None:
        """Copy the rows of `table` that meet `condition`, with `changed` columns."""
        columns = self._connection.execute(
            "SELECT name FROM pragma_table_info(?, 'main')", (table,)
        ).fetchall()
        names = [name for (name,) in columns]
        chosen = ", ".join({**CHANGED, **changed}.get(name, name) for name in names)
        self._connection.execute(
            f"INSERT INTO main.{table} ({', '.join(names)})"  # noqa: S608
            f" SELECT {chosen} FROM backup.{table} WHERE {condition}",
            values,
        )
