"""Finds the pictures that lie beside a dump's text, in its ZIP archive or folder.

A picture's name in the library is the hash of its bytes. Here they are only read; the library
copies them when the load is committed.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from bot.errors import ThreadbotError

LARGEST = 8 * 1024 * 1024
"""Bytes of the largest picture to keep; Discord accepts 10 MB in all per message."""
LARGEST_LOAD = 512 * 1024 * 1024
"""Bytes of all pictures that one load may keep."""
SUFFIXES = frozenset(
    (".jpg", ".jpeg", ".png", ".gif", ".mp4", ".webp", ".mov", ".mp3", ".woff", ".woff2")
)
"""Files beside a dump that are no dumps."""
VIDEOS = (".mp4", ".mov", ".mp3")
"""Files that are not copied: only pictures are."""
BLOB = ("bafkrei", "bafybei")
"""How names of Bluesky's blobs begin: their content identifiers."""
TOO_LARGE, TOO_MANY, UNKNOWN = "too large", "too many", "unknown"


@dataclass(frozen=True, slots=True)
class Source:
    """Files beside a dump."""

    sizes: Mapping[str, int]
    """Their paths, and their sizes in bytes."""
    read: Callable[[str], bytes]
    """Reads one. Raises OSError or DumpError if that is impossible."""


@dataclass(slots=True)
class Room:
    """How much a load may still keep."""

    left: int = LARGEST_LOAD
    """Bytes."""


def is_beside(name: str) -> bool:
    """Whether a file is a picture or the like, to judge by its name: no dump."""
    last = name.rsplit("/", 1)[-1]
    _, dot, suffix = last.rpartition(".")
    return f".{suffix}".lower() in SUFFIXES if dot else last.startswith(BLOB)


def suffix_of(data: bytes) -> str | None:
    """Return the type of a picture, by its first bytes; None for anything else."""
    if data.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    return "webp" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else None


def file_name(data: bytes) -> str | None:
    """Return the name that a picture has in the library; None if `data` is no picture."""
    suffix = suffix_of(data)
    return f"{hashlib.sha256(data).hexdigest()}.{suffix}" if suffix else None


@dataclass(slots=True)
class Pictures:
    """The pictures of one dump that its tweets show."""

    source: Source | None = None
    """The files beside the dump."""
    room: Room = field(default_factory=Room)
    """How much may be kept."""
    known: Mapping[str, str] | None = None
    """For a dump from the store: the names of the pictures kept, by path."""
    used: dict[str, str] = field(default_factory=dict)
    """The names of the pictures that tweets show, by path."""
    _left_out: dict[str, str] = field(default_factory=dict)
    _by_name: dict[str, list[str]] | None = None

    def file_for(self, reference: str) -> str | None:
        """Return the name in the library of the picture that a tweet refers to, if it is there.

        Args:
            reference: the end of its path; of a Bluesky blob, its name without type.
        """
        path = self._path(reference)
        if path is None or path in self._left_out:
            return None
        if path not in self.used:
            found = self.known[path] if self.known is not None else self._read(path)
            if found is None:
                return None
            self.used[path] = found
        return self.used[path]

    def at(self, path: str) -> str | None:
        """Return the name in the library of the picture at `path`; None if there is none."""
        if self.source is None or path not in self.source.sizes:
            return None
        try:
            return file_name(self.source.read(path))
        except (OSError, ThreadbotError):
            return None

    def size(self, paths: Iterable[str]) -> int:
        """Return how many bytes the pictures at `paths` have."""
        return sum(self.source.sizes[path] for path in paths) if self.source else 0

    def read(self, path: str) -> bytes:
        """Return the bytes of a picture in `used`; none if the source is gone."""
        return self.source.read(path) if self.source else b""

    def notice(self) -> str | None:
        """Return how many pictures were left out and why, in one sentence; None if none were."""
        counts = Counter(self._left_out.values())
        reasons = {
            TOO_LARGE: f"larger than {LARGEST // 1024**2} MB",
            TOO_MANY: f"beyond the {LARGEST_LOAD // 1024**2} MB that one load keeps",
            UNKNOWN: "not readable as JPEG, PNG, GIF or WebP",
        }
        if not counts:
            return None
        why = ", ".join(f"{counts[key]:,} {each}" for key, each in reasons.items() if counts[key])
        total = counts.total()
        return f"did not copy {total:,} {'picture' if total == 1 else 'pictures'}: {why}"

    def _path(self, reference: str) -> str | None:
        if self._by_name is None:
            paths = (
                self.known if self.known is not None else self.source.sizes if self.source else ()
            )
            self._by_name = {}
            for path in paths:
                last = path.rsplit("/", 1)[-1]
                for name in {last, last.split(".", 1)[0]} if last.startswith(BLOB) else {last}:
                    self._by_name.setdefault(name, []).append(path)
        wanted = reference.strip("/").removeprefix("./")
        for path in self._by_name.get(wanted.rsplit("/", 1)[-1], ()):
            if "/" not in wanted or f"/{path}".endswith(f"/{wanted}"):
                return path
        return None

    def _read(self, path: str) -> str | None:
        if self.source is None or path.lower().endswith(VIDEOS):
            return None
        size = self.source.sizes[path]
        if size > LARGEST:
            self._left_out[path] = TOO_LARGE
        elif size > self.room.left:
            self._left_out[path] = TOO_MANY
        else:
            name = self.at(path)
            if name:
                self.room.left -= size
                return name
            self._left_out[path] = UNKNOWN
        return None
