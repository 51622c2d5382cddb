"""Spools posts to disk while a dump is read, for access in any order."""

from __future__ import annotations

import io
import json
import shutil
import tempfile
import weakref
from array import array
from dataclasses import fields
from operator import attrgetter
from typing import IO

from bot.extras import NOTHING, packed, unpacked
from bot.loader.records.posts import Post
from bot.models import Link

IN_MEMORY = 16 * 1024 * 1024
"""Bytes of posts that stay in memory; more go to a file."""
TRANSIENT = ("key", "versions", "quoted_by", "is_cut")
"""Fields that only say how posts make threads."""
NAMES = [each.name for each in fields(Post) if each.name not in (*NOTHING, *TRANSIENT)]
VALUES = attrgetter(*NAMES)
LINKS, MENTIONS = NAMES.index("links"), NAMES.index("mentions")


class Spool:
    """Posts by number, in the order in which they were added."""

    def __init__(self) -> None:
        """Start with no posts."""
        self._file: IO[bytes] = io.BytesIO()
        self._starts = array("q", [0])

    def __len__(self) -> int:
        """Return the number of posts."""
        return len(self._starts) - 1

    def add(self, post: Post) -> None:
        """Add a post at the end."""
        row = list(VALUES(post))
        row[LINKS] = [(link.printed, link.url) for link in post.links]
        if extras := packed(post.media, post.quote, post.poll, post.card):
            row.append(extras)
        data = json.dumps(row).encode()
        self._file.seek(self._starts[-1])
        self._file.write(data)
        if self._starts[-1] < IN_MEMORY <= self._starts[-1] + len(data):
            self._move()
        self._starts.append(self._starts[-1] + len(data))

    def _move(self) -> None:
        """Move the posts to an unnamed file, which is deleted with this object."""
        file = tempfile.TemporaryFile()  # noqa: SIM115  # for as long as the dump is
        self._file.seek(0)
        shutil.copyfileobj(self._file, file)
        self._file = file
        weakref.finalize(self, file.close)

    def __getitem__(self, number: int) -> Post:
        """Return the post with that number."""
        start, end = self._starts[number], self._starts[number + 1]
        self._file.seek(start)
        row = json.loads(self._file.read(end - start))
        row[LINKS] = tuple(Link(printed, url) for printed, url in row[LINKS])
        row[MENTIONS] = tuple(row[MENTIONS])
        extras = unpacked(row.pop()) if len(row) > len(NAMES) else NOTHING
        return Post(*row, **extras)
