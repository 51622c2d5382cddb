"""Keeps uploaded dumps in a folder of the library until they are loaded or cancelled.

Their sizes are checked before anything is downloaded. What fails leaves nothing behind.
"""

from __future__ import annotations

import asyncio
import errno
import json
import logging
import secrets
import shutil
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Protocol

import aiohttp
import discord

from bot.errors import (
    DataFolderUnusable,
    DiskFull,
    ThreadbotError,
    UnusableName,
    UploadExpired,
    UploadFailed,
    UploadsFull,
    UploadsTooLarge,
)
from bot.file_locks import is_abandoned, lock, wait_to_lock
from bot.models import Metadata

log = logging.getLogger(__name__)

FOLDER = "uploads"
METADATA_FILE = "said.json"
"""The name that earlier versions gave it, so that their uploads are found after an upgrade."""
FILES = "files"
LOCK_FILE = "uploads.lock"
"""Locked, in the library's folder, by the process that begins an upload."""
MB = 1024 * 1024
CHUNK = MB
"""Bytes to write at a time."""
KEPT_SECONDS = 24 * 3600.0
"""Age at which an upload that was neither applied nor cancelled is deleted, in seconds."""
SWEEP_SECONDS = 3600.0
"""Seconds between two searches for old uploads."""
CONNECT_SECONDS, STALLED_SECONDS, DOWNLOAD_SECONDS = 10.0, 20.0, 600.0
"""Seconds to wait for a connection, for the next bytes, and for a whole file."""
OK, GONE = 200, (403, 404, 410)
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
BAD_NAME = (errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ)


@dataclass(frozen=True, slots=True)
class Quotas:
    """How much disk uploads may use, in bytes."""

    per_guild: int = 100 * MB
    """What waits of one server."""
    total: int = 500 * MB
    """What waits of all servers."""
    reserve: int = 64 * MB
    """What must stay free on the disk."""


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


class Shared(Protocol):
    """Where the processes of a bot find each other's uploads."""

    async def keep_upload(self, token: str, folder: Path, described: str) -> None:
        """Keep the files in `folder`; `described` says what they are."""
        ...

    async def fetch_upload(self, token: str, folder: Path) -> bool:
        """Have the files of an upload in `folder`; whether there still is one."""
        ...

    async def drop_upload(self, token: str) -> None:
        """Delete an upload."""
        ...

    async def kept_uploads(self) -> dict[str, str]:
        """Return what is said of each upload."""
        ...

    async def sweep_uploads(self, seconds: float) -> None:
        """Delete the uploads that are older."""
        ...


class Uploads:
    """The uploads in a library's folder, within their quotas."""

    def __init__(self, library: Path, quotas: Quotas, shared: Shared | None = None) -> None:
        """Keep them in the folder of the library at `library`.

        Args:
            library: the data folder.
            quotas: how much may be uploaded.
            shared: where other processes find them, if they do.
        """
        self._library = library
        self._quotas = quotas
        self._shared = shared
        self._reserving = threading.Lock()

    async def save(
        self, guild: int, attachments: Sequence[discord.Attachment], metadata: Metadata
    ) -> Upload:
        """Download `attachments`; what fails leaves no file behind.

        Raises:
            UploadsTooLarge: the server's uploads would exceed their quota.
            UploadsFull: those of all servers would.
            DiskFull: there is no room on the disk, beside the reserve.
            DataFolderUnusable: the library's folder is missing or cannot be written.
            UnusableName: a file has a name that no file can have.
            UploadFailed: Discord did not send a file as a whole.
        """
        token = secrets.token_hex(8)
        upload = Upload(token, self._library / FOLDER / token / FILES, guild, metadata)
        size = sum(each.size for each in attachments)
        try:
            others = await self._shared.kept_uploads() if self._shared else {}
            with await asyncio.to_thread(self._reserve, upload, size, others):
                async with aiohttp.ClientSession(timeout=_timeout()) as session:
                    for number, each in enumerate(attachments):
                        path = await _path(upload.files, number, each.filename)
                        await _download(session, each, path)
                described = await asyncio.to_thread(_describe, upload, size, unfinished=False)
            if self._shared:
                await self._shared.keep_upload(token, upload.files.parent, described)
        except BaseException as error:
            await delete_upload(upload)
            if isinstance(error, OSError):
                raise _explained(error) from error
            raise
        return upload

    async def find(self, token: str, guild: int | None) -> Upload:
        """Return the upload named `token`, whichever process saved it.

        Raises:
            UploadExpired: there is none, or it belongs to another guild.
            StoreError: it cannot be fetched.
        """
        folder = self._library / FOLDER / token
        if self._shared and not await self._shared.fetch_upload(token, folder):
            raise UploadExpired
        return await find_upload(self._library, token, guild)

    async def delete(self, upload: Upload) -> None:
        """Delete an upload, for all processes; a missing one is no error."""
        await delete_upload(upload)
        if self._shared:
            try:
                await self._shared.drop_upload(upload.token)
            except ThreadbotError as error:  # it is too old in a day
                log.warning("cannot delete an upload: %s", error)

    async def sweep(self, *, unfinished: bool = False) -> None:
        """Delete the uploads that are too old.

        `unfinished`: also those whose download a crash interrupted.
        """
        await asyncio.to_thread(delete_old_uploads, self._library, KEPT_SECONDS)
        if self._shared:
            await self._shared.sweep_uploads(KEPT_SECONDS)
        if unfinished:
            try:
                await asyncio.to_thread(_delete_unfinished, self._library)
            except OSError as error:  # a full disk has no room for a lock
                log.warning("cannot look for interrupted uploads: %s", error)

    async def sweep_hourly(self) -> None:
        """Delete old uploads every hour, forever."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            try:
                await self.sweep()
            except (OSError, ThreadbotError) as error:
                log.warning("cannot look for old uploads: %s", error)

    def _reserve(self, upload: Upload, size: int, others: Mapping[str, str]) -> BinaryIO:
        """Create the folder of `upload`, if there is room for `size` bytes beside the `others`.

        Returns a file to close once all is downloaded; as long as it is open, no process takes the
        upload for an interrupted one.
        """
        with self._reserving, _alone(self._library):
            ours = everything = unwritten = 0
            for token, described in others.items():
                if not (self._library / FOLDER / token).exists():  # of another machine
                    saved = json.loads(described)
                    everything += saved["bytes"]
                    ours += saved["bytes"] if saved["guild"] == upload.guild else 0
            for each, saved in _saved(self._library):
                reserved = saved.get("bytes", 0)
                written = _size(each)
                everything += max(reserved, written)
                ours += max(reserved, written) if saved["guild"] == upload.guild else 0
                unwritten += max(0, reserved - written)
            quotas = self._quotas
            if ours + size > quotas.per_guild:
                left = max(0, quotas.per_guild - ours)
                raise UploadsTooLarge(size / MB, left / MB, quotas.per_guild / MB)
            if everything + size > quotas.total:
                raise UploadsFull
            free = shutil.disk_usage(self._library).free
            if free - unwritten - size < quotas.reserve:
                log.error("no room for an upload: %d bytes are free on the disk", free)
                raise DiskFull
            return _create(upload, size)


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
        try:
            old = each.stat().st_mtime < time.time() - seconds
        except FileNotFoundError:
            continue  # it was loaded or cancelled just now
        if old:
            shutil.rmtree(each, ignore_errors=True)


def _delete_unfinished(library: Path) -> None:
    """Delete the uploads whose download was interrupted, not those of living processes."""
    with _alone(library):
        known = dict(_saved(library))
        for each in (library / FOLDER).glob("*"):
            is_whole = each in known and not known[each].get("unfinished")
            if not is_whole and _is_abandoned(each):
                shutil.rmtree(each, ignore_errors=True)


def _is_abandoned(upload: Path) -> bool:
    try:
        return is_abandoned(upload / METADATA_FILE)
    except FileNotFoundError:
        return True


@contextmanager
def _alone(library: Path) -> Iterator[None]:
    """While inside, no other process begins an upload, or looks for interrupted ones."""
    with (library / LOCK_FILE).open("ab") as file:
        wait_to_lock(file)
        yield


def no_room(error: BaseException) -> bool:
    """Return whether `error` says that there is no room on the disk."""
    return isinstance(error, OSError) and error.errno in NO_ROOM


def _saved(library: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield the folder of each upload, and what is saved about it."""
    for each in (library / FOLDER).glob("*"):
        try:
            saved = json.loads((each / METADATA_FILE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue  # it is being deleted, or a crash left half of it
        yield each, saved


def _size(folder: Path) -> int:
    """Return the bytes of the files in `folder`, at any depth."""
    size = 0
    for each in folder.rglob("*"):
        try:
            size += each.stat().st_size if each.is_file() else 0
        except FileNotFoundError:
            continue  # it is being deleted
    return size


def _create(upload: Upload, size: int) -> BinaryIO:
    folder = upload.files.parent
    folder.parent.mkdir(exist_ok=True)  # not its parents: a new data folder would hide the old one
    folder.mkdir()
    upload.files.mkdir()
    _describe(upload, size, unfinished=True)
    file = (upload.files.parent / METADATA_FILE).open("rb")
    lock(file)
    return file


def _describe(upload: Upload, size: int, *, unfinished: bool) -> str:
    """Write down what is known about an upload, and return it.

    Args:
        upload: the upload.
        size: the bytes reserved for it.
        unfinished: whether its files are not there yet.
    """
    saved = {"guild": upload.guild, "metadata": asdict(upload.metadata), "bytes": size}
    if unfinished:
        saved["unfinished"] = True
    described = json.dumps(saved)
    (upload.files.parent / METADATA_FILE).write_text(described, encoding="utf-8")
    return described


async def _path(folder: Path, number: int, filename: str) -> Path:
    """Return the path of a new file; two files may have the same name.

    Raises:
        UnusableName: no file can have that name.
    """
    name = PurePosixPath(filename).name.lstrip(".") or f"dump-{number}"
    path = folder / name
    try:
        exists = await asyncio.to_thread(path.exists)
        name.encode()
    except (OSError, ValueError) as error:
        raise UnusableName(filename) from error
    if "\0" in name:  # `exists` says no to that, instead of failing
        raise UnusableName(filename)
    return folder / f"{number}-{name}" if exists else path


async def _download(
    session: aiohttp.ClientSession, attachment: discord.Attachment, path: Path
) -> None:
    """Download a file piece by piece.

    Raises:
        UnusableName: the file system refuses the name.
        UploadFailed: Discord did not send the whole file.
    """
    name = attachment.filename
    try:
        async with session.get(attachment.url) as response:
            if response.status in GONE:
                raise UploadFailed(name, "gone")
            if response.status != OK:
                log.warning("downloading an upload: HTTP status %d", response.status)
                raise UploadFailed(name, "refused")
            file = await asyncio.to_thread(_opened, path, name)
            try:
                size = await _copy(response, file, attachment.size)
            finally:
                await asyncio.to_thread(file.close)
            if size != attachment.size:
                raise UploadFailed(name, "cut off")
    except TimeoutError as error:
        raise UploadFailed(name, "stalled") from error
    except (aiohttp.ClientError, ConnectionError) as error:
        log.info("downloading an upload: %s", error)
        raise UploadFailed(name, "cut off") from error


def _opened(path: Path, name: str) -> BinaryIO:
    try:
        return path.open("wb")
    except OSError as error:
        if error.errno in BAD_NAME:
            raise UnusableName(name) from error
        raise


async def _copy(response: aiohttp.ClientResponse, file: BinaryIO, size: int) -> int:
    """Write a response to `file`, up to a little more than `size` bytes; return how many came."""
    received = 0
    async for chunk in response.content.iter_chunked(CHUNK):
        received += len(chunk)
        if received > size:
            break
        await asyncio.to_thread(file.write, chunk)
    return received


def _timeout() -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(
        total=DOWNLOAD_SECONDS, sock_connect=CONNECT_SECONDS, sock_read=STALLED_SECONDS
    )


def _explained(error: OSError) -> ThreadbotError:
    """Return what to tell of an error of the file system."""
    if no_room(error):
        log.error("no room for an upload: %s", error)
        return DiskFull()
    return DataFolderUnusable(str(error))
