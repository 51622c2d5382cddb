"""The boundary for errors of PostgreSQL: they become StoreErrors that say what to do.

Nothing above the store sees an error of asyncpg.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
from asyncpg import exceptions as pg

from bot.errors import StoreDamaged, StoreError, StoreUnreachable
from bot.store.faults import decoded
from bot.store.postgres.address import SETTING

BUSY = "another Threadbot is writing to the store. Try again in a moment."
UNREACHABLE = (
    pg.CannotConnectNowError,
    pg.AdminShutdownError,
    pg.CrashShutdownError,
    pg.IdleSessionTimeoutError,
    pg.PostgresConnectionError,
    pg.TooManyConnectionsError,
    asyncpg.InterfaceError,
    OSError,  # includes TimeoutError
)
"""What asyncpg raises if there is no connection, or no longer one."""
REASONS: tuple[tuple[type[Exception], str], ...] = (
    (
        pg.InvalidAuthorizationSpecificationError,
        "the database refuses the user or the password in {setting}. Check them.",
    ),
    (pg.InvalidCatalogNameError, "there is no such database. Create it, for example: createdb."),
    (
        pg.InsufficientPrivilegeError,
        "the user of {setting} may not do that. Make it the owner of the database.",
    ),
    (
        pg.ReadOnlySQLTransactionError,
        "the database is read-only, as replicas are. Set DATABASE_URL to the primary.",
    ),
    (
        pg.DiskFullError,
        "the disk of the database is full. Free some space and try again; the store is unchanged.",
    ),
    (pg.LockNotAvailableError, BUSY),
    (pg.DeadlockDetectedError, BUSY),
    (pg.SerializationError, BUSY),
    (pg.QueryCanceledError, "the database took too long. Try again in a moment."),
)
"""What PostgreSQL refuses, and what to say of it; `{setting}` has the database's address."""
DAMAGED = (pg.DataCorruptedError, pg.IndexCorruptedError)
NO_TABLES = (pg.UndefinedTableError, pg.UndefinedColumnError)


@contextmanager
def clear(name: str, setting: str = SETTING) -> Iterator[None]:
    """Turn errors of asyncpg into messages that say what to do.

    Args:
        name: what to call the database.
        setting: the setting that has its address.

    Raises:
        StoreUnreachable: there is no connection to it.
        StoreDamaged: it is not what Threadbot wrote.
        StoreError: it refuses what is asked of it.
    """
    try:
        yield
    except UNREACHABLE as error:
        raise unreachable(name, error, setting) from error
    except asyncpg.PostgresError as error:
        raise _translated(name, error, setting) from error


@contextmanager
def decoding(name: str) -> Iterator[None]:
    """Do as `clear`, around code that also decodes rows, which may be damaged.

    Raises:
        StoreDamaged: the database is not what Threadbot wrote.
        StoreError: it cannot be read or written.
    """
    with decoded(name), clear(name):
        yield


def unreachable(name: str, error: BaseException, setting: str = SETTING) -> StoreUnreachable:
    """Say that there is no connection to the database, and why."""
    why = f" ({type(error).__name__})" if isinstance(error, TimeoutError) else f" ({error})"
    return StoreUnreachable(
        name,
        f"the database cannot be reached{why if str(error) else ''}. Check that PostgreSQL runs "
        f"there, and {setting}; then try again. Nothing was changed.",
    )


def _translated(name: str, error: asyncpg.PostgresError, setting: str) -> StoreError:
    for kind, reason in REASONS:
        if isinstance(error, kind):
            return StoreError(name, reason.format(setting=setting))
    said = str(error.args[0]) if error.args else type(error).__name__
    if isinstance(error, DAMAGED):
        return StoreDamaged(name, said)
    if isinstance(error, NO_TABLES):
        return StoreError(name, f"it has no tables of Threadbot ({said}). Start the bot once.")
    return StoreError(name, f"PostgreSQL returned an error: {said}.")
