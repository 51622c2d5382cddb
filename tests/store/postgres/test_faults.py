"""Errors of PostgreSQL become messages that say what to do, and never the password."""

from __future__ import annotations

import asyncpg
import pytest
from asyncpg import exceptions as pg

from bot.errors import StoreDamaged, StoreError, StoreUnreachable
from bot.store.checksums import Changed
from bot.store.postgres.connecting import connected
from bot.store.postgres.faults import clear, decoding
from tests.postgres_server import Server

NAME = "postgresql://db.example/bot"


@pytest.mark.parametrize(
    ("error", "kind", "said"),
    [
        (ConnectionRefusedError(111, "refused"), StoreUnreachable, "cannot be reached .*refused"),
        (TimeoutError(), StoreUnreachable, "cannot be reached. Check that PostgreSQL runs"),
        (asyncpg.InterfaceError("connection is closed"), StoreUnreachable, "is closed"),
        (pg.AdminShutdownError("terminating"), StoreUnreachable, "terminating"),
        (pg.InvalidPasswordError("no"), StoreError, "refuses the user or the password"),
        (pg.InvalidCatalogNameError("no"), StoreError, "no such database"),
        (pg.InsufficientPrivilegeError("no"), StoreError, "may not do that"),
        (pg.ReadOnlySQLTransactionError("no"), StoreError, "Set DATABASE_URL to the primary"),
        (pg.DiskFullError("no"), StoreError, "disk of the database is full"),
        (pg.LockNotAvailableError("no"), StoreError, "another Threadbot is writing"),
        (pg.DeadlockDetectedError("no"), StoreError, "another Threadbot is writing"),
        (pg.QueryCanceledError("no"), StoreError, "took too long"),
        (pg.UndefinedTableError("no"), StoreError, "no tables of Threadbot"),
        (pg.DataCorruptedError("page 7"), StoreDamaged, "page 7"),
        (pg.CheckViolationError("bad row"), StoreError, "returned an error: bad row"),
    ],
)
def test_each_error_says_what_to_do(error: Exception, kind: type[StoreError], said: str) -> None:
    with pytest.raises(kind, match=said) as raised, clear(NAME):
        raise error
    assert type(raised.value) is kind
    assert str(raised.value).startswith(f"{NAME}: ")


def test_rows_that_cannot_be_decoded_are_damage() -> None:
    for error in (Changed("thread 7 is not what was stored"), KeyError("a")):
        with pytest.raises(StoreDamaged, match="Restore a backup of the database"), decoding(NAME):
            raise error


async def test_a_server_says_what_is_wrong_with_an_address(postgres: Server) -> None:
    for change, said in (
        (("/threadbot?", "/nobody?"), "no such database"),
        (("threadbot@", "nobody@"), "refuses the user or the password"),
        ((str(postgres.folder), "/nowhere"), "cannot be reached"),
    ):
        with pytest.raises(StoreError, match=said):
            await connected(postgres.url.replace(*change), NAME)
        with pytest.raises(StoreError) as refused:
            await connected(postgres.url.replace(*change), NAME, setting="DATABASE_READ_URL")
        assert "DATABASE_URL" not in str(refused.value)
