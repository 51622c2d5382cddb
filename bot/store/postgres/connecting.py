"""Connections to the primary and to a read replica, with limits on how long to wait."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar
from urllib.parse import parse_qs, urlsplit

import asyncpg

from bot.errors import StoreError, StoreUnreachable
from bot.store.postgres.address import READ_SETTING, SETTING, Address, redacted
from bot.store.postgres.faults import clear, unreachable

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

T = TypeVar("T")
Row = tuple[Any, ...]
Connection: TypeAlias = "asyncpg.Connection | PoolConnectionProxy"

CONNECT_SECONDS = 3.0
"""How long to wait for a connection."""
READ_SECONDS = 20.0
"""How long the store waits for rows."""
LONG_SECONDS = 3600.0
"""How long loads and upkeep wait for one statement."""
CONNECTIONS = 4
"""Connections to each server that a process keeps."""
PAUSES = (0.1, 0.4, 1.0)
"""Seconds before the tries to reach a server again."""
AWAY_SECONDS = 2.0
"""How long a server that was not reached is tried only once, and a replica not at all."""
APPLICATION = {"application_name": "threadbot"}
SILENT_SECONDS = 5
"""How long a server's machine may be silent until a connection to it counts as lost."""
PATIENT_SECONDS = 30
"""The same for connections that write, as a load of hours should survive a short fault."""
WATCHED = (
    "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 4"
)
"""Has the server notice within half a minute that a bot's machine is gone, and end its locks. By
default that takes two hours."""
FITS_ONE = ({"primary"}, {"read-write"})
"""What an address may ask for that one of its servers has at most."""


async def connected(
    url: str,
    name: str,
    seconds: float = LONG_SECONDS,
    silent: int = PATIENT_SECONDS,
    setting: str = SETTING,
) -> asyncpg.Connection:
    """Return a connection.

    Args:
        url: the server's address.
        name: what to call the database.
        seconds: how long a statement may take.
        silent: after how many seconds of silence it counts as lost.
        setting: the setting that has the address.

    Raises:
        StoreError: it cannot be made.
    """
    with clear(name, setting):
        connection = await opened(
            url, timeout=CONNECT_SECONDS, command_timeout=seconds, server_settings=APPLICATION
        )
        _watch(connection, silent)
        try:
            await connection.execute(WATCHED, timeout=CONNECT_SECONDS)
        except BaseException:
            connection.terminate()
            raise
        return connection


async def opened(url: str, **options: Any) -> asyncpg.Connection:
    """Connect to the server of an address; if it names several and asks for the primary, to that.

    All are asked at once. asyncpg asks one after the other within one limit of time, and a machine
    that is silent takes all of it.

    Args:
        url: the address.
        options: those of `asyncpg.connect`.

    Raises:
        OSError, asyncpg.InterfaceError, asyncpg.PostgresError: none can be used.
    """
    tries = [asyncio.create_task(_opened(each, options)) for each in _servers(url)]
    errors: list[Exception] = []
    chosen: asyncpg.Connection | None = None
    try:
        for each in asyncio.as_completed(tries):
            try:
                connection: asyncpg.Connection = await each
            except asyncpg.TargetServerAttributeNotMatched:
                errors.append(ConnectionError("none of the servers is the primary"))
            except Exception as error:  # noqa: BLE001  # raised below
                errors.append(error)
            else:
                chosen = connection
                return connection
    finally:
        for task in tries:
            if not task.cancel() and not task.cancelled() and not task.exception():
                other = task.result()
                if other is not chosen:
                    other.terminate()
    refused = [error for error in errors if isinstance(error, asyncpg.PostgresError)]
    raise (*refused, *errors)[0]


async def _opened(url: str, options: dict[str, Any]) -> asyncpg.Connection:
    connection: asyncpg.Connection = await asyncpg.connect(url, **options)
    _watch(connection, SILENT_SECONDS)
    return connection


def _watch(connection: asyncpg.Connection, seconds: int) -> None:
    """Have the system end a connection whose other end is silent for so many `seconds`.

    By default it takes a quarter of an hour to give up what it sent, and asks after two hours.
    https://man7.org/linux/man-pages/man7/tcp.7.html
    """
    transport = getattr(connection, "_transport", None)  # asyncpg has no public way to the socket
    found = transport.get_extra_info("socket") if transport is not None else None
    if found is None or found.family not in {socket.AF_INET, socket.AF_INET6}:
        return
    options = [(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)]
    options += [
        (socket.IPPROTO_TCP, getattr(socket, name), value)
        for name, value in (
            ("TCP_KEEPIDLE", 2),
            ("TCP_KEEPINTVL", 1),
            ("TCP_KEEPCNT", seconds - 2),
            ("TCP_USER_TIMEOUT", seconds * 1000),
        )
        if hasattr(socket, name)  # not every system has all of them
    ]
    for option in options:
        with suppress(OSError):
            found.setsockopt(*option)


def _servers(url: str) -> list[str]:
    """Return an address for each server that is to be asked."""
    parts = urlsplit(url)
    user, at, hosts = parts.netloc.rpartition("@")
    if {*parse_qs(parts.query).get("target_session_attrs", [])} not in FITS_ONE:
        return [url]  # asyncpg asks one after the other, and the first that answers counts
    return [parts._replace(netloc=user + at + host).geturl() for host in hosts.split(",")]


class Server:
    """A server, and the connections to it that a process keeps."""

    def __init__(self, url: str, name: str, seconds: float, setting: str = SETTING) -> None:
        """Connect to a server as soon as a connection is needed.

        Args:
            url: its address.
            name: what to call the database.
            seconds: how long a statement may take.
            setting: the setting that has the address.
        """
        self.name = name
        self._setting = setting
        self._seconds = seconds
        self._url = url
        self._pool: asyncpg.Pool | None = None
        self._lock = asyncio.Lock()
        self._away_until = 0.0

    @property
    def is_away(self) -> bool:
        """Whether it was not reached a moment ago."""
        return time.monotonic() < self._away_until

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """Lend a connection while inside. Errors inside become messages, too.

        Raises:
            StoreError: there is none.
        """
        with clear(self.name, self._setting):
            try:
                pool = await self._opened()
                async with pool.acquire(timeout=CONNECT_SECONDS) as connection:
                    yield connection
            except (OSError, asyncpg.InterfaceError, asyncpg.PostgresConnectionError):
                self._away_until = time.monotonic() + AWAY_SECONDS
                raise

    async def tried(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        """Do `work`, which only reads, with a connection; again if the connection is lost.

        Raises:
            StoreError: the server cannot be reached, or refuses it.
        """
        for pause in () if self.is_away else PAUSES:
            with suppress(StoreUnreachable):
                async with self.connection() as connection:
                    return await work(connection)
            await asyncio.sleep(pause)
        async with self.connection() as connection:
            return await work(connection)

    async def _opened(self) -> asyncpg.Pool:
        async with self._lock:
            if self._pool is None:
                self._pool = await asyncpg.create_pool(  # type: ignore[call-overload]  # the options are of a dictionary
                    self._url,
                    connect=opened,
                    min_size=0,
                    max_size=CONNECTIONS,
                    timeout=CONNECT_SECONDS,
                    command_timeout=self._seconds,
                    server_settings=APPLICATION,
                )
            return self._pool

    async def close(self) -> None:
        """Close all connections."""
        if self._pool is not None:
            try:
                await asyncio.wait_for(self._pool.close(), CONNECT_SECONDS)
            except (OSError, asyncpg.InterfaceError, asyncpg.PostgresError):
                self._pool.terminate()


class Servers:
    """The primary, and the replica that reads go to if there is one.

    Rows never change once they are committed. So what a replica has is right, and what it lacks is
    read from the primary: nobody sees an older answer after a newer one.
    """

    def __init__(self, address: Address, seconds: float = READ_SECONDS) -> None:
        """Use the servers at `address`, whose statements may take so many `seconds`."""
        self.primary = Server(address.url, address.name, seconds)
        self.replica: Server | None = None
        if address.read_url:
            name = redacted(address.read_url)
            self.replica = Server(address.read_url, name, seconds, READ_SETTING)

    async def rows(
        self, sql: str, values: Sequence[object], is_enough: Callable[[list[Row]], bool]
    ) -> list[Row]:
        """Return the rows that a replica has, or else those of the primary.

        Args:
            sql: a query for rows that never change.
            values: its parameters.
            is_enough: whether rows of a replica are all there are.
        """

        async def read(connection: Connection) -> list[Row]:
            return [tuple(row) for row in await connection.fetch(sql, *values)]

        if self.replica is not None and not self.replica.is_away:
            with suppress(StoreError):  # it may lack tables yet, or cancel what is in its way
                async with self.replica.connection() as connection:
                    found = await read(connection)
                    if is_enough(found):
                        return found
        return await self.primary.tried(read)

    async def newest(self, sql: str, *values: object) -> list[Row]:
        """Return rows of the primary."""

        async def read(connection: Connection) -> list[Row]:
            return [tuple(row) for row in await connection.fetch(sql, *values)]

        return await self.primary.tried(read)

    async def close(self) -> None:
        """Close all connections."""
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self.primary.close)
            if self.replica:
                stack.push_async_callback(self.replica.close)


async def outcome(address: Address, transaction: str) -> bool:
    """Whether a transaction was committed whose end was not seen, as the connection was lost.

    Raises:
        StoreUnreachable: that cannot be found out.
    """
    sql = "SELECT pg_xact_status($1::text::xid8)"
    for pause in (*PAUSES, *PAUSES):
        await asyncio.sleep(pause)
        with suppress(StoreUnreachable):
            connection = await connected(address.url, address.name, READ_SECONDS)
            try:
                with clear(address.name):
                    return bool(await connection.fetchval(sql, transaction) == "committed")
            finally:
                connection.terminate()
    raise unreachable(address.name, ConnectionError("it went away during the change"))
