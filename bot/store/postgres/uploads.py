"""Uploads that wait to be loaded, in the database: any process may load or cancel them."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path, PurePosixPath

from bot.errors import StoreError
from bot.store.postgres.connecting import Connection

CHUNK = 1 << 20
"""Bytes of a piece."""


async def keep(connection: Connection, token: str, folder: Path, described: str) -> None:
    """Store the files in `folder`. For use inside a transaction.

    Args:
        connection: a connection to the primary.
        token: the name of the upload.
        folder: its files, at any depth.
        described: what they are.
    """
    await connection.execute(
        "INSERT INTO upload (token, metadata) VALUES ($1, $2)", token, described
    )

    async def pieces() -> AsyncIterator[tuple[object, ...]]:
        for path in await asyncio.to_thread(_files, folder):
            name, place = path.relative_to(folder).as_posix(), 0
            while (data := await asyncio.to_thread(_piece, path, place)) or not place:
                yield token, name, place, data
                place += 1

    await connection.copy_records_to_table(
        "upload_piece", records=pieces(), columns=("token", "file", "place", "bytes")
    )


async def fetch(connection: Connection, token: str, folder: Path) -> bool:
    """Have the files of an upload in `folder`; whether there still is one.

    Raises:
        StoreError: the folder cannot be written.
    """
    if not await connection.fetchval("SELECT 1 FROM upload WHERE token = $1", token):
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
        return False
    if await asyncio.to_thread(folder.is_dir):
        return True
    partial = folder.with_name(f".{folder.name}")
    try:
        await _write(connection, token, partial)
        await asyncio.to_thread(partial.replace, folder)
    except OSError as error:
        raise StoreError(folder, f"an upload cannot be written ({error.strerror}).") from error
    finally:
        await asyncio.to_thread(shutil.rmtree, partial, ignore_errors=True)
    return True


async def _write(connection: Connection, token: str, folder: Path) -> None:
    await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
    await asyncio.to_thread(folder.mkdir, parents=True)
    pieces = await connection.fetch(
        "SELECT file, place FROM upload_piece WHERE token = $1 ORDER BY file, place", token
    )
    for name, place in pieces:
        data = await connection.fetchval(
            "SELECT bytes FROM upload_piece WHERE (token, file, place) = ($1, $2, $3)",
            *(token, name, place),
        )
        await asyncio.to_thread(_append, folder.joinpath(*PurePosixPath(name).parts), data)


def _files(folder: Path) -> list[Path]:
    return sorted(each for each in folder.rglob("*") if each.is_file())


def _piece(path: Path, place: int) -> bytes:
    try:
        with path.open("rb") as file:
            file.seek(place * CHUNK)
            return file.read(CHUNK)
    except OSError as error:
        raise StoreError(path, f"an upload cannot be read ({error.strerror}).") from error


def _append(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as out:
        out.write(data)
