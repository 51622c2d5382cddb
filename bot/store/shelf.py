"""A folder, on a shared disk or in object storage, where the machines of a bot leave layers.

A machine that lacks a layer fetches it from there instead of building it. The files are a cache:
whatever is missing or damaged is built from the store.
"""

from __future__ import annotations

import math
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from bot.errors import ShelfUnusable

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

UNFINISHED = ".unfinished"
"""What the name of a file ends with while it is written to a disk."""
OPTIONS: dict[str, Any] = {"use_listings_cache": False}
"""Options of every file system: others write and replace files, too."""
S3_OPTIONS: dict[str, Any] = {"config_kwargs": {"retries": {"max_attempts": 0}}}
"""Options of S3. s3fs tries five times by itself; tries of its own for each would take minutes."""
BLOCK = 8 << 20
"""Bytes that are read at once, and the size of an upload's parts."""
S3_PARTS = {"chunksize": BLOCK, "max_concurrency": 4}
"""How files are put to S3: by default, s3fs holds half a gigabyte of a large one in memory."""


class Shelf:
    """The shared folder at an address that fsspec knows. Its methods block, and raise OSError.

    https://filesystem-spec.readthedocs.io/en/latest/api.html#built-in-implementations
    """

    def __init__(self, url: str) -> None:
        """Use the folder at `url`: a path, or an address like s3://bucket/folder.

        Raises:
            ShelfUnusable: the package for such addresses is not installed.
        """
        try:
            import fsspec
        except ImportError as error:
            raise ShelfUnusable("it needs a package: pip install 'threadbot[layers]'") from error
        files: AbstractFileSystem
        is_s3 = url.startswith("s3:")
        try:
            options = OPTIONS | (S3_OPTIONS if is_s3 else {})
            files, self._root = fsspec.core.url_to_fs(url, **options)
        except ImportError as error:
            reason = f"{error}"
            if is_s3:
                reason = "it needs a package: pip install 'threadbot[s3]'"
            raise ShelfUnusable(reason) from error
        except ValueError as error:
            raise ShelfUnusable(f"{error}") from error
        self._files = files
        self._is_on_disk = "file" in files.protocol
        self._put_options = S3_PARTS if is_s3 else {}

    def get(self, name: str, out: BinaryIO) -> bool:
        """Write what the file `name` has to `out`; return whether there is one."""

        def copy() -> None:
            with self._files.open(self._at(name), "rb", block_size=BLOCK) as source:
                shutil.copyfileobj(source, out)

        return self._calling(copy)

    def put(self, path: Path) -> None:
        """Leave a copy of the file at `path`, for all machines, unless it is there."""
        target = self._at(path.name)
        with _os_errors():
            if not self._is_on_disk:  # object storage shows whole files only
                self._files.put_file(str(path), target, **self._put_options)
                return
            unfinished = f"{target}.{time.time_ns()}{UNFINISHED}"
            self._files.makedirs(self._root, exist_ok=True)
            self._files.put_file(str(path), unfinished)
            Path(unfinished).replace(target)

    def has(self, name: str) -> bool:
        """Whether there is a file `name`."""
        return self._calling(lambda: self._files.info(self._at(name)))

    def names(self) -> dict[str, float]:
        """Return the names of all files, and when each was written, in seconds since 1970.

        The file system's clock decides; where it does not say, the moment is `math.inf`.
        """
        rows: list[dict[str, Any]] = []
        with suppress(FileNotFoundError), _os_errors():
            rows = self._files.ls(self._root, detail=True)
        files = (each for each in rows if each["type"] == "file")
        return {each["name"].rsplit("/", 1)[-1]: _written(each) for each in files}

    def check(self) -> None:
        """Check that files can be left here: the bucket is there, and may be read and written.

        Raises:
            OSError: they cannot; the message says why.
        """
        probe = self._at(f"probe-{time.time_ns()}{UNFINISHED}")
        with _os_errors():
            if self._is_on_disk:
                self._files.makedirs(self._root, exist_ok=True)
            self._files.pipe_file(probe, b"probe")
            self._files.ls(self._root, detail=True)
            self._files.rm_file(probe)

    def delete(self, name: str) -> None:
        """Delete a file, unless it is gone already."""
        self._calling(lambda: self._files.rm_file(self._at(name)))

    def _at(self, name: str) -> str:
        return f"{self._root}/{name}"

    def _calling(self, work: Callable[[], object]) -> bool:
        """Do `work` with a file; return whether it is there."""
        try:
            with _os_errors():
                work()
        except FileNotFoundError:
            return False
        return True


@contextmanager
def _os_errors() -> Iterator[None]:
    """Turn what libraries of file systems raise into OSError.

    Raises:
        OSError: something failed; the message says what.
    """
    try:
        yield
    except OSError:
        raise
    except Exception as error:
        raise OSError(f"{type(error).__name__}: {error}") from error


def _written(row: dict[str, Any]) -> float:
    """Return when a file was written, in seconds since 1970; infinity if that is not known."""
    written = row.get("mtime", row.get("LastModified", row.get("created")))
    if isinstance(written, datetime):
        written = written.timestamp()
    return float(written) if isinstance(written, int | float) else math.inf
