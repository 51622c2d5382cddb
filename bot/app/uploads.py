"""Dumps that were sent, and wait in a folder of the library's until it is decided on them."""

from __future__ import annotations

import asyncio
import json
import secrets
import shutil
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

import discord

from bot.errors import NoLongerThere
from bot.models import Metadata

FOLDER = "uploads"
SAID = "said.json"
FILES = "files"


@dataclass(frozen=True, slots=True)
class Upload:
    """Dumps that wait."""

    token: str
    """What buttons name it by."""
    files: Path
    """The folder with the dumps."""
    guild: int
    """The guild that they are for."""
    metadata: Metadata
    """What was said of them."""


async def keep(
    library: Path, guild: int, attachments: Sequence[discord.Attachment], metadata: Metadata
) -> Upload:
    """Fetch `attachments`, and keep them in the library's folder until they are decided on."""
    token = secrets.token_hex(8)
    upload = Upload(token, library / FOLDER / token / FILES, guild, metadata)
    await asyncio.to_thread(_begin, upload)
    for number, each in enumerate(attachments):
        content = await each.read()
        await asyncio.to_thread(_write, upload.files, number, each.filename, content)
    return upload


async def kept(library: Path, token: str, guild: int | None) -> Upload:
    """What waits under `token`, for that guild.

    Raises:
        NoLongerThere: nothing does, or it is for another guild.
    """
    folder = library / FOLDER / token
    try:
        said = json.loads(await asyncio.to_thread((folder / SAID).read_text, encoding="utf-8"))
    except FileNotFoundError as error:
        raise NoLongerThere from error
    if said["guild"] != guild:
        raise NoLongerThere
    return Upload(token, folder / FILES, said["guild"], Metadata(**said["metadata"]))


async def discard(upload: Upload) -> None:
    """Throw it away."""
    await asyncio.to_thread(shutil.rmtree, upload.files.parent, ignore_errors=True)


def clear_uploads(library: Path, seconds: float) -> None:
    """Throw away what has waited for so many seconds."""
    for each in (library / FOLDER).glob("*"):
        if each.stat().st_mtime < time.time() - seconds:
            shutil.rmtree(each, ignore_errors=True)


def _begin(upload: Upload) -> None:
    upload.files.mkdir(parents=True)
    said = {"guild": upload.guild, "metadata": asdict(upload.metadata)}
    (upload.files.parent / SAID).write_text(json.dumps(said), encoding="utf-8")


def _write(folder: Path, number: int, filename: str, content: bytes) -> None:
    """Write a file by the name it was sent with, which may be another's too."""
    name = PurePosixPath(filename).name.lstrip(".") or f"dump-{number}"
    path = folder / name
    if path.exists():
        path = folder / f"{number}-{name}"
    path.write_bytes(content)
