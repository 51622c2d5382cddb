"""Keeps uploaded dumps in a folder of the library until they are loaded or cancelled."""

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

from bot.errors import UploadExpired
from bot.models import Metadata

FOLDER = "uploads"
METADATA_FILE = "said.json"
"""The name that earlier versions gave it, so that their uploads are found after an upgrade."""
FILES = "files"


@dataclass(frozen=True, slots=True)
class Upload:
    """Dumps that wait to be loaded."""

    token: str
    """Its name in the custom IDs of buttons."""
    files: Path
    """The folder with the dumps."""
    guild: int
    """The ID of the guild that they are for."""
    metadata: Metadata
    """What the uploader specified about them."""


async def save_upload(
    library: Path, guild: int, attachments: Sequence[discord.Attachment], metadata: Metadata
) -> Upload:
    """Download `attachments` into the folder of the library at `library`."""
    token = secrets.token_hex(8)
    upload = Upload(token, library / FOLDER / token / FILES, guild, metadata)
    await asyncio.to_thread(_create, upload)
    for number, each in enumerate(attachments):
        content = await each.read()
        await asyncio.to_thread(_write, upload.files, number, each.filename, content)
    return upload


async def find_upload(library: Path, token: str, guild: int | None) -> Upload:
    """Return the upload named `token`.

    Raises:
        UploadExpired: there is none, or it belongs to another guild.
    """
    folder = library / FOLDER / token
    try:
        text = await asyncio.to_thread((folder / METADATA_FILE).read_text, encoding="utf-8")
    except FileNotFoundError as error:
        raise UploadExpired from error
    saved = json.loads(text)
    if saved["guild"] != guild:
        raise UploadExpired
    return Upload(token, folder / FILES, saved["guild"], Metadata(**saved["metadata"]))


async def delete_upload(upload: Upload) -> None:
    """Delete an upload; a missing one is no error."""
    await asyncio.to_thread(shutil.rmtree, upload.files.parent, ignore_errors=True)


def delete_old_uploads(library: Path, seconds: float) -> None:
    """Delete the uploads that are older than `seconds`."""
    for each in (library / FOLDER).glob("*"):
        if each.stat().st_mtime < time.time() - seconds:
            shutil.rmtree(each, ignore_errors=True)


def _create(upload: Upload) -> None:
    upload.files.mkdir(parents=True)
    saved = {"guild": upload.guild, "metadata": asdict(upload.metadata)}
    (upload.files.parent / METADATA_FILE).write_text(json.dumps(saved), encoding="utf-8")


def _write(folder: Path, number: int, filename: str, content: bytes) -> None:
    """Write a file under its own name; two files may have the same one."""
    name = PurePosixPath(filename).name.lstrip(".") or f"dump-{number}"
    path = folder / name
    if path.exists():
        path = folder / f"{number}-{name}"
    path.write_bytes(content)
