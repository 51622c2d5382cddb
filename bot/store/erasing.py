"""Erases from the store what a library no longer shows, so that its bytes are in no file.

What goes: the dumps that only earlier generations have, the versions of hidden threads, and the
bytes of the files that these were read from. What stays: the history, without names of files.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.errors import StoreError
from bot.store import newest, picture_files, upkeep
from bot.store.bulk_reader import BulkReader
from bot.store.checksums import carry_out, filling
from bot.store.rows import ERASED_NAME, NO_UNDO, Forgotten, Roots

MEMBERS = (
    "SELECT dump FROM generation_dump WHERE scope = :scope AND generation ="
    " (SELECT max(number) FROM generation WHERE scope = :scope)"
)
"""The dumps of the newest generation."""
TWEETS = f"""SELECT count(*) FROM tweet JOIN version ON version.id = tweet.version
    JOIN dump ON dump.id = version.dump WHERE version.id IN (SELECT value FROM json_each(:rows))
    OR (scope = :scope AND dump NOT IN ({MEMBERS}))"""  # noqa: S608  # a constant
"""Counts the tweets that are no longer shown."""
COPYING = (
    """INSERT INTO generation (scope, number, parent, actor, action)
    VALUES (:scope, :new, :no_undo, :actor, 'erase')""",
    "UPDATE generation_dump SET generation = :new WHERE (scope, generation) = (:scope, :old)",
    "DELETE FROM generation_dump WHERE scope = :scope AND generation <> :new",
    """UPDATE forgotten SET generation = :new, said = :label
    WHERE (scope, generation) = (:scope, :old)""",
    "DELETE FROM forgotten WHERE scope = :scope AND generation <> :new",
    "UPDATE generation SET checksum = 0 WHERE scope = :scope",  # their dumps are gone
)
"""Copies the newest generation without names, and takes everything from the earlier ones."""


@dataclass(frozen=True, slots=True)
class Erasable:
    """What would be erased from one library."""

    scope: int
    """The library."""
    generation: int
    """Its newest generation."""
    files: tuple[str, ...]
    """The names of the dumps that are gone from it, in order."""
    gone: tuple[int, ...]
    """Their rows."""
    hidden: tuple[int, ...]
    """The rows of the versions of hidden threads in the dumps that stay."""
    parted: tuple[str, ...]
    """The names of the dumps that these are in. Their bytes go too, as they contain them."""
    labels: tuple[str, ...]
    """The names of what is hidden."""
    tweets: int
    """How many tweets these dumps and versions have."""

    @property
    def names(self) -> list[str]:
        """What the history calls what was hidden, without what was erased before."""
        return [each for each in self.labels if each != ERASED_NAME]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to erase."""
        return not (self.gone or self.hidden or self.names)


@dataclass(frozen=True, slots=True)
class Found:
    """What of a library may be hidden."""

    rows: Roots
    """The versions of the dumps of the newest generation."""
    forgotten: tuple[Forgotten, ...]
    """What it hides."""


def candidates(path: Path, scope: int) -> Found:
    """Return the versions that `scope` has now, and what it hides.

    Raises:
        StoreError: the store cannot be read.
    """
    with upkeep.connected(path) as connection:
        members = [each for (each,) in connection.execute(MEMBERS, {"scope": scope})]
        forgotten = connection.execute(
            "SELECT kind, key, said FROM forgotten WHERE scope = :scope AND generation ="
            " (SELECT max(number) FROM generation WHERE scope = :scope)",
            {"scope": scope},
        ).fetchall()
        with BulkReader(path) as reader:
            roots = reader.roots(members)
    return Found(roots, tuple(Forgotten(*each) for each in forgotten))


def erasable(path: Path, scope: int, hidden: Iterable[int]) -> Erasable:
    """Return what `erase` would erase from `scope`.

    Args:
        path: the store's file.
        scope: the library.
        hidden: the rows of the versions that the newest generation hides.

    Raises:
        StoreError: the store cannot be read.
    """
    with upkeep.connected(path) as connection:
        return _erasable(connection, scope, tuple(hidden))


def _erasable(connection: sqlite3.Connection, scope: int, hidden: tuple[int, ...]) -> Erasable:
    chosen = {"scope": scope, "rows": json.dumps(hidden)}

    def read(sql: str) -> list[tuple[object, ...]]:
        return connection.execute(sql, chosen).fetchall()

    (generation,) = read("SELECT coalesce(max(number), 0) FROM generation WHERE scope = :scope")[0]
    gone = read(
        f"SELECT id, file FROM dump WHERE scope = :scope AND id NOT IN ({MEMBERS}) ORDER BY id"  # noqa: S608  # a constant
    )
    parted = read(
        "SELECT DISTINCT file FROM dump JOIN version ON version.dump = dump.id"
        " WHERE version.id IN (SELECT value FROM json_each(:rows)) ORDER BY dump.id"
    )
    labels = read("SELECT DISTINCT said FROM forgotten WHERE scope = :scope ORDER BY said")
    (tweets,) = read(TWEETS)[0]
    return Erasable(
        scope=scope,
        generation=int(str(generation)),
        files=tuple(str(file) for _, file in gone),
        gone=tuple(int(str(row)) for row, _ in gone),
        hidden=hidden,
        parted=tuple(str(file) for (file,) in parted),
        labels=tuple(str(label) for (label,) in labels),
        tweets=int(str(tweets)),
    )


def was_last(path: Path, scope: int) -> bool:
    """Whether the last change of `scope` was an `erase`.

    Raises:
        StoreError: the store cannot be read.
    """
    with upkeep.connected(path) as connection:
        found = connection.execute(
            "SELECT action FROM generation WHERE scope = ? ORDER BY number DESC LIMIT 1", (scope,)
        ).fetchone()
    return bool(found and found[0] == "erase")


def erase(path: Path, expected: Erasable, actor: str) -> int:
    """Erase what `erasable` found, as a generation that cannot be undone; return its number.

    Args:
        path: the store's file.
        expected: what is to be erased.
        actor: who erases it.

    Raises:
        StoreError: the library has changed since, or the store cannot be written.
    """
    scope = expected.scope
    with upkeep.connected(path) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")
        with upkeep.transaction(connection):
            if _erasable(connection, scope, expected.hidden) != expected:
                raise StoreError(path, "the library has changed meanwhile. Run the command again.")
            generation = _new_generation(connection, scope, expected.generation, actor)
            _delete_rows(connection, expected)
            carry_out(connection, filling())
    newest.remember(path, scope, generation)
    return generation


def sweep_pictures(path: Path) -> None:
    """Delete the files of pictures that no dump has, those of loads that failed included.

    Raises:
        StoreError: the store cannot be read, or a file cannot be deleted.
    """
    folder = path.with_name(picture_files.FOLDER)
    with upkeep.connected(path) as connection:
        connection.execute("BEGIN IMMEDIATE")  # so that no load is about to need one
        kept = {file for (file,) in connection.execute("SELECT file FROM picture")}
        picture_files.delete_others(folder, kept)
        connection.execute("ROLLBACK")


def _new_generation(connection: sqlite3.Connection, scope: int, last: int, actor: str) -> int:
    """Copy the newest generation without names, and take everything from the earlier ones."""
    row = {"scope": scope, "old": last, "new": last + 1, "actor": actor, "label": ERASED_NAME}
    for statement in COPYING:
        connection.execute(statement, row | {"no_undo": NO_UNDO})
    return last + 1


def _delete_rows(connection: sqlite3.Connection, erased: Erasable) -> None:
    """Delete dumps, versions and bytes. Their tweets and notices go with them."""
    scope = erased.scope
    parted = connection.execute(
        "SELECT DISTINCT dump FROM version WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(erased.hidden),),
    ).fetchall()
    connection.executemany("DELETE FROM dump WHERE id = ?", [(each,) for each in erased.gone])
    connection.executemany("DELETE FROM version WHERE id = ?", [(each,) for each in erased.hidden])
    connection.executemany("UPDATE dump SET checksum = 0 WHERE id = ?", parted)
    connection.executemany("DELETE FROM notice WHERE dump = ?", parted)
    connection.executemany(
        "DELETE FROM piece WHERE sha256 IN (SELECT sha256 FROM dump WHERE id = ? AND sha256"
        " NOT IN (SELECT sha256 FROM dump WHERE scope <> ?))",
        [(row, scope) for (row,) in parted],
    )
    _forget_unseen_pictures(connection, [row for (row,) in parted])
    for table in ("picture", "piece", "part", "blob"):
        connection.execute(f"DELETE FROM {table} WHERE sha256 NOT IN (SELECT sha256 FROM dump)")  # noqa: S608  # constants


def _forget_unseen_pictures(connection: sqlite3.Connection, dumps: Sequence[int]) -> None:
    """Take from dumps the pictures that no tweet shows that was read from their bytes."""
    for dump in dumps:
        connection.execute(
            "DELETE FROM picture WHERE sha256 = (SELECT sha256 FROM dump WHERE id = :dump)"
            " AND NOT EXISTS (SELECT 1 FROM tweet JOIN version ON version.id = tweet.version"
            " JOIN dump ON dump.id = version.dump WHERE dump.sha256 = picture.sha256"
            " AND instr(extras, picture.file))",
            {"dump": dump},
        )
