"""Remembers beside the store which generation of each scope is the newest.

SQLite leaves out the end of a log that is damaged, and the newest changes with it, without a word.
With this file that is noticed.
"""

from __future__ import annotations

import json
import logging
import zlib
from collections.abc import Mapping
from pathlib import Path

from bot.arrays.atomic_file import replacing
from bot.errors import ChangesLost
from bot.store.opening import NEWEST

log = logging.getLogger(__name__)


def remembered(store: Path) -> dict[int, int]:
    """Return the newest generation of each scope; none if that is not known."""
    try:
        checksum, _, text = store.with_name(NEWEST).read_bytes().partition(b" ")
        if int(checksum, 16) != zlib.crc32(text):
            return {}
        return {int(scope): int(number) for scope, number in json.loads(text).items()}
    except (OSError, ValueError):
        return {}


def remember(store: Path, scope: int, number: int) -> None:
    """Note that a generation was stored. The store itself is more important than this note."""
    known = remembered(store)
    known[scope] = max(number, known.get(scope, 0))
    text = json.dumps(known).encode()
    try:
        with replacing(store.with_name(NEWEST)) as out:
            out.write(b"%08x %s" % (zlib.crc32(text), text))
    except OSError as error:
        log.warning("cannot note that generation %d was stored: %s", number, error)


def compare(store: Path, noted: Mapping[int, int], found: Mapping[int, int]) -> None:
    """Check that a store has all generations that were stored.

    Args:
        store: its file.
        noted: what `remembered` returned before `found` was read.
        found: the newest generation of each scope.

    Raises:
        ChangesLost: it lacks some.
    """
    for scope, number in noted.items():
        if number > found.get(scope, 0):
            raise ChangesLost(
                store, store.with_name(NEWEST), stored=number, found=found.get(scope, 0)
            )
