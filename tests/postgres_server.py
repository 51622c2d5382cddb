"""A real PostgreSQL and a streaming replica of it, for the tests, from Debian's package.

The servers are made anew for each run, listen on sockets in folders of their own, and do
not wait for the disk.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

import asyncpg

from bot.store.postgres.blocking import run

VERSIONS = Path("/usr/lib/postgresql")
"""Where Debian has the programs of each version."""
DATABASE = "threadbot"
OPTIONS = {
    "fsync": "off",
    "full_page_writes": "off",
    "listen_addresses": "''",
    "log_min_messages": "fatal",
    "max_connections": "100",
    "max_wal_senders": "8",
    "shared_buffers": "32MB",
    "synchronous_commit": "off",
    "wal_level": "replica",
}
"""Settings of the servers: fast, and of no use but for tests."""
DURABLE = dict.fromkeys(("fsync", "full_page_writes", "synchronous_commit"), "on")
"""Settings of a server whose crash must lose nothing."""


def programs() -> Path | None:
    """Return the folder with PostgreSQL's programs; None if it is not installed."""
    found = sorted(VERSIONS.glob("*/bin/initdb"), key=lambda path: int(path.parent.parent.name))
    if found:
        return found[-1].parent
    there = shutil.which("initdb")
    return Path(there).parent if there else None


def why_not() -> str | None:
    """Return why no server can be started here; None if one can."""
    if os.name == "nt":
        return "the tests start PostgreSQL on a socket"
    if programs() is None:
        return "PostgreSQL is not installed (Debian, Ubuntu: apt install postgresql)"
    if os.geteuid() == 0 and _owner() is None:
        return "PostgreSQL never runs as root, and there is no user postgres or nobody"
    return None


def _owner() -> tuple[int, int] | None:
    """Return the user and the group who may run servers if root may not."""
    import pwd  # not on Windows

    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            found = pwd.getpwnam(name)
            return found.pw_uid, found.pw_gid
    return None


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs, or that was stopped."""

    folder: Path
    """The folder with its data, its socket and its log."""

    @property
    def url(self) -> str:
        """The address of its database."""
        return f"postgresql://{DATABASE}@/{DATABASE}?host={self.folder}"

    def url_for(self, folder: Path) -> str:
        """Return the address of tables of their own for the tests in `folder`."""
        return f"{self.url}&search_path={schema_for(folder)}"

    def start(self) -> None:
        """Start it, and wait until it can be asked."""
        log = self.folder / "log"
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-l", str(log), "-w", "start")

    def stop(self, how: str = "immediate") -> None:
        """Stop it: at once as if it crashed, or `fast`."""
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", how, "-w", "stop")

    def promote(self) -> None:
        """Make a primary of a replica."""
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-w", "promote")

    def sql(self, statement: str) -> str:
        """Execute a statement and return the first column of its rows, a line each."""

        async def execute() -> str:
            connection = await asyncpg.connect(self.url)
            try:
                *first, last = statement.split("; ")
                for each in first:
                    await connection.execute(each)
                return "\n".join(str(row[0]) for row in await connection.fetch(last))
            finally:
                connection.terminate()

        return run(execute())

    def _run(self, *command: str) -> str:
        return _run(*command)


def schema_for(folder: Path) -> str:
    """Return the name of the tables' schema for the tests in `folder`."""
    return "t" + hashlib.sha256(str(folder).encode()).hexdigest()[:16]


def _run(name: str, *arguments: str) -> str:
    found = programs()
    assert found is not None
    owner = _owner() if os.geteuid() == 0 else None
    who = {"user": owner[0], "group": owner[1], "extra_groups": []} if owner else {}
    done = subprocess.run(  # type: ignore[call-overload]  # the options are of a dictionary
        [str(found / name), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        cwd="/",
        check=False,
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
        **who,
    )
    if done.returncode:
        raise RuntimeError(f"{name} failed: {done.stdout}")
    return str(done.stdout)


def _folder() -> Path:
    """Make a folder whose path is short enough for a socket, for the user who runs servers."""
    folder = Path(mkdtemp(prefix="threadbot-pg-", dir="/tmp"))  # sockets' paths are short
    folder.chmod(0o755)  # the socket is for programs without root's rights, too
    if os.geteuid() == 0 and (owner := _owner()):
        os.chown(folder, *owner)
    return folder


def _configure(server: Server, options: Mapping[str, str]) -> None:
    lines = [f"{key} = {value}" for key, value in {**OPTIONS, **options}.items()]
    lines.append(f"unix_socket_directories = '{server.folder}'")
    with (server.folder / "data" / "postgresql.auto.conf").open("a", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


@contextmanager
def primary(*, durable: bool = False) -> Iterator[Server]:
    """Run a new server while inside.

    Args:
        durable: whether it waits for the disk, so that a crash loses nothing.
    """
    server = Server(_folder())
    try:
        data = str(server.folder / "data")
        _run(
            *("initdb", "-D", data, "-U", DATABASE, "--auth=trust", "--no-sync"),
            *("--encoding=UTF8", "--locale=C.UTF-8"),
        )
        _configure(server, DURABLE if durable else {})
        server.start()
        _run("createdb", "-h", str(server.folder), "-U", DATABASE, DATABASE)
        yield server
    finally:
        _removed(server)


@contextmanager
def replica_of(server: Server) -> Iterator[Server]:
    """Run a streaming replica of a server while inside."""
    copy = Server(_folder())
    try:
        _run(
            *("pg_basebackup", "-D", str(copy.folder / "data"), "-h", str(server.folder)),
            *("-U", DATABASE, "-R", "-X", "stream", "--checkpoint=fast", "--no-sync"),
        )
        _configure(copy, {})
        copy.start()
        yield copy
    finally:
        _removed(copy)


def _removed(server: Server) -> None:
    with suppress(RuntimeError):
        server.stop()
    shutil.rmtree(server.folder, ignore_errors=True)


def wait_for(replica: Server, primary: Server, seconds: float = 20.0) -> None:
    """Wait until a replica has all that the primary has committed."""
    position = primary.sql("SELECT pg_current_wal_insert_lsn()::text")
    until = time.monotonic() + seconds
    while replica.sql(f"SELECT pg_last_wal_replay_lsn() >= '{position}'") != "True":
        assert time.monotonic() < until, "the replica does not catch up"
        time.sleep(0.01)
