"""The terminal with a library in PostgreSQL, as processes of their own."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from pathlib import Path

import asyncpg
import pytest

from tests.conftest import ROOT, Program
from tests.databases import at
from tests.postgres_server import Server

SECRET = "hunter2"  # noqa: S105  # what must not be shown


@pytest.fixture
def database(threadbot: Program, tmp_path: Path, in_postgres: Server) -> Program:
    """The program, with an empty database."""
    assert at(tmp_path / "data").name
    threadbot.settings["DATABASE_URL"] = in_postgres.url_for(tmp_path / "data")
    return threadbot


def test_a_library_in_a_database_is_loaded_asked_and_gone_back_to(
    database: Program, tmp_path: Path
) -> None:
    (tmp_path / "okapi.txt").write_text("Okapis, a thread\nThey are shy\n", encoding="utf-8")
    assert "+2 tweets" in database("load", "okapi.txt").out
    assert json.loads(database("ask", "okapis", "--json").out)["tweets"] == 1
    assert [each["file"] for each in json.loads(database("dumps", "--json").out)][1:]
    assert not [*(tmp_path / "data").glob("*.sqlite3*")]
    assert database("undo").status == 0
    assert database("ask", "okapis").status == 1
    assert [each["action"] for each in json.loads(database("history", "--json").out)] == [
        "undo",
        "load",
        "seeds",
    ]


def test_a_backup_of_a_database_is_restored_into_it_and_into_others(
    database: Program, tmp_path: Path, in_postgres: Server
) -> None:
    (tmp_path / "okapi.txt").write_text("Okapis, a thread\nThey are shy\n", encoding="utf-8")
    assert database("load", "okapi.txt").status == 0
    done = database("backup", "library.zip")
    assert (done.status, done.err) == (0, "")
    database("undo")
    assert database("ask", "okapis").status == 1
    assert database("restore", "library.zip", "--yes").status == 0
    assert database("ask", "okapis").status == 0
    assert at(tmp_path / "empty").name
    elsewhere = {"DATABASE_URL": in_postgres.url_for(tmp_path / "empty")}
    put = database("restore", "library.zip", settings=elsewhere)
    assert (put.status, "threadbot undo" in put.out) == (0, False)  # there was nothing before
    assert database("ask", "okapis", settings=elsewhere).status == 0
    in_file = {"DATABASE_URL": "", "THREADBOT_DATA": str(tmp_path / "file")}
    assert database("restore", "library.zip", settings=in_file).status == 0
    assert database("ask", "okapis", settings=in_file).status == 0
    refused = database("restore", "library.zip", "--replace", "--yes")
    assert refused.status == 3
    assert "pg_restore" in refused.err


def test_a_library_moves_to_a_database(
    threadbot: Program, tmp_path: Path, in_postgres: Server
) -> None:
    (tmp_path / "okapi.txt").write_text("Okapis, a thread\nThey are shy\n", encoding="utf-8")
    assert threadbot("migrate").status == 2  # whereto?
    assert threadbot("load", "okapi.txt").status == 0
    assert at(tmp_path / "there").name
    url = in_postgres.url_for(tmp_path / "there")
    done = threadbot("migrate", "--to", url)
    assert done.status == 0
    assert "Every row was read back and compared." in done.out
    again = threadbot("migrate", settings={"DATABASE_URL": url})
    assert (again.status, "has a library already" in again.err) == (3, True)
    assert threadbot("ask", "okapis", settings={"DATABASE_URL": url}).status == 0


def test_upkeep_does_or_says_what_to_do_instead(database: Program) -> None:
    assert "there is none yet" in database("doctor").out
    assert database("ask", "chips").status == 0
    well = database("doctor", "--full")
    assert "a PostgreSQL database; every part of it is sound" in well.out.replace("\n", " ")
    assert "schema 1" in well.out
    assert re.search(r"The store ha[ds] [\d,]+ bytes", database("vacuum").out)
    assert json.loads(database("erase", "--yes", "--json").out)["generation"] == 1
    refused = database("repair", "--yes")
    assert (refused.status, "pg_restore" in refused.err) == (3, True)


@pytest.mark.parametrize(
    "command", [("ask", "chips"), ("load", "okapi.txt"), ("doctor",), ("backup", "a.zip")]
)
def test_a_database_that_is_away_is_said_to_be_without_the_password(
    threadbot: Program, command: tuple[str, ...]
) -> None:
    url = f"postgresql://ada:{SECRET}@127.0.0.1:9/bot"
    done = threadbot(*command, settings={"DATABASE_URL": url, "THREADBOT_LOG": "DEBUG"})
    said = done.out + done.err
    assert done.status == (1 if command == ("doctor",) else 3)
    assert "postgresql://127.0.0.1:9/bot: the database cannot be reached" in said
    assert "Traceback" not in said
    assert SECRET not in said


@pytest.mark.parametrize("key", ["DATABASE_URL", "DATABASE_READ_URL"])
def test_a_wrong_address_is_not_shown(threadbot: Program, key: str) -> None:
    done = threadbot("ask", "chips", settings={key: f"mysql://ada:{SECRET}@db.example/bot"})
    assert (done.status, f"{key} is no address" in done.err) == (2, True)
    assert SECRET not in done.err
    done = threadbot("migrate", "--to", f"ada:{SECRET}@db.example/bot")
    assert (done.status, SECRET in done.err) == (2, False)


def test_a_library_in_the_folder_is_not_forgotten_when_a_database_is_named(
    threadbot: Program, tmp_path: Path, in_postgres: Server
) -> None:
    assert threadbot("ask", "hard drives").status == 0  # in a file
    assert at(tmp_path / "data").name
    named = {"DATABASE_URL": in_postgres.url_for(tmp_path / "data")}
    refused = threadbot("ask", "hard drives", settings=named)
    assert refused.status == 3
    assert "Copy it with `threadbot migrate`" in refused.err.replace("\n", " ")
    assert threadbot("migrate", settings=named).status == 0
    assert threadbot("ask", "hard drives", settings=named).status == 0


async def test_a_load_that_is_killed_changes_nothing(
    database: Program, tmp_path: Path, in_postgres: Server
) -> None:
    (tmp_path / "okapi.txt").write_text("Okapis, a thread\nThey are shy\n", encoding="utf-8")
    (tmp_path / "zebra.txt").write_text("Zebras, a thread\nThey are not\n", encoding="utf-8")
    assert (await asyncio.to_thread(database, "load", "okapi.txt")).status == 0
    before = (await asyncio.to_thread(database, "history", "--json")).out
    rows = "SELECT (SELECT count(*) FROM tweet), (SELECT count(*) FROM dump)"
    waiting = "SELECT count(*) FROM pg_locks WHERE relation = $1::regclass AND NOT granted"
    other = await asyncpg.connect(in_postgres.url_for(tmp_path / "data"))
    counted = await other.fetchrow(rows)
    async with other.transaction():  # the load has written its tweets, and waits
        await other.execute("LOCK TABLE generation_dump IN SHARE MODE")
        running = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "load", "zebra.txt"),
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT), **database.settings},
        )
        async with asyncio.timeout(30):
            while not await other.fetchval(waiting, "generation_dump"):  # noqa: ASYNC110  # no event
                await asyncio.sleep(0.02)
        running.kill()
        assert await running.wait() < 0
    assert (await asyncio.to_thread(database, "history", "--json")).out == before
    assert await other.fetchrow(rows) == counted
    await other.close()
    assert (await asyncio.to_thread(database, "ask", "zebras")).status == 1
    assert "+2 tweets" in (await asyncio.to_thread(database, "load", "zebra.txt")).out
    assert (await asyncio.to_thread(database, "ask", "zebras")).status == 0
