"""ZIP archives: an X archive as downloaded, or any dumps zipped. Nothing is unpacked to disk."""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from bot.errors import DumpError
from bot.loader.x_json import account_name

MOST_ENTRIES = 20_000
LARGEST_ENTRY = 512 * 1024 * 1024
LARGEST_RATIO = 200
"""Text packs ten to twenty times; what packs more is made to fill memory."""
X_TWEETS = re.compile(r"(?:.*/)?data/(?:tweets?|tweets-part\d+|tweet-part\d+)\.js")
X_ACCOUNT = re.compile(r"(?:.*/)?data/account\.js")
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error,
    EOFError, NotImplementedError, RuntimeError, ValueError, OSError,
)  # fmt: skip
"""What a damaged archive raises, made by chance or by hand."""
MEDIA = {".jpg", ".jpeg", ".png", ".gif", ".mp4", ".webp", ".mov", ".mp3", ".woff", ".woff2"}


def is_zip(data: bytes) -> bool:
    """Whether `data` begins as a ZIP archive does."""
    return data.startswith(b"PK\x03\x04")


def entries(data: bytes, file: str) -> Iterator[tuple[str, bytes | DumpError, str | None]]:
    """Each file in the archive that may be a dump: its name, its bytes, its author if known.

    Of an X archive, those are the tweets, and the account tells whose they are. In the place of
    bytes that can't be had stands why.

    Raises:
        DumpError: the archive itself can't be read.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        infos = [info for info in archive.infolist() if not info.is_dir()]
    except UNREADABLE as error:
        raise DumpError(file, f"this ZIP archive is damaged ({error})") from error
    if len(infos) > MOST_ENTRIES:
        raise DumpError(file, f"this ZIP archive holds more than {MOST_ENTRIES:,} files")
    tweets = [info for info in infos if X_TWEETS.fullmatch(info.filename)]
    account = next((info for info in infos if X_ACCOUNT.fullmatch(info.filename)), None)
    author = None
    if tweets and account:
        found = _bytes(archive, account, file)
        author = None if isinstance(found, DumpError) else account_name(found)
    for info in tweets or infos:
        path = PurePosixPath(info.filename)
        hidden = any(part.startswith((".", "__MACOSX")) for part in path.parts)
        if not hidden and path.suffix.lower() not in MEDIA:
            name = f"{file}/{info.filename}"
            yield name, _bytes(archive, info, name), author


def _bytes(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes | DumpError:
    if info.file_size > LARGEST_ENTRY:
        return DumpError(name, f"it is larger than {LARGEST_ENTRY // 1024 // 1024} MB unpacked")
    if info.file_size > LARGEST_RATIO * max(info.compress_size, 1024):
        return DumpError(name, "it is packed so tightly that it can hardly be text")
    if info.flag_bits & 1:
        return DumpError(name, "it is locked with a password; unpack it first")
    try:
        return archive.read(info)
    except UNREADABLE as error:
        return DumpError(name, f"it can't be unpacked ({error})")
