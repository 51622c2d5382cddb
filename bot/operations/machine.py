"""Checks the machine: disk, memory, clock, versions and kernels."""

from __future__ import annotations

import platform
import re
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from bot import __version__
from bot.errors import ThreadbotError
from bot.library.layer_files import FILE_VERSION
from bot.loader import PARSER_VERSION
from bot.reports import DiscordSays, Finding
from bot.search.bm25 import native
from bot.store.migrations import MIGRATIONS
from bot.store.protocol import Place

MB = 1_000_000
LITTLE_DISK, TOO_LITTLE_DISK = 1_000 * MB, 50 * MB
"""Free bytes below which there is a warning, and a fault."""
LITTLE_MEMORY, TOO_LITTLE_MEMORY = 256 * MB, 64 * MB
"""Available bytes of memory below which there is a warning, and a fault."""
SKEW, TOO_MUCH_SKEW = 5, 60
"""Seconds by which the clock may differ from Discord's before there is a warning, and a fault."""
BUILT = datetime(2026, 1, 1, tzinfo=UTC)
"""A clock that shows an earlier time is wrong."""


def disk(place: Place) -> Iterator[Finding]:
    """Say how much space is free on the disk of the data folder."""
    data = place.folder
    folder = next(each for each in (data.absolute(), *data.absolute().parents) if each.exists())
    free = shutil.disk_usage(folder).free
    used = place.size() if place.is_file else 0
    message = f"{size_text(free)} free"
    if free < TOO_LITTLE_DISK:
        yield Finding("disk", "fault", message, "Free some space: loads and answers may fail.")
    elif free < max(LITTLE_DISK, 2 * used):
        yield Finding(
            "disk",
            "warning",
            f"{message}; the store has {size_text(used)}",
            "Free some space: loads, backups and `threadbot vacuum` need as much as the store.",
        )
    else:
        yield Finding("disk", "ok", message)


def memory(root: Path = Path("/")) -> Iterator[Finding]:
    """Say how much memory is available, on a machine with its files at `root`."""
    available = _available_memory(root)
    if available is None:
        yield Finding("memory", "ok", "this platform does not say how much is available")
    elif available < TOO_LITTLE_MEMORY:
        yield Finding(
            "memory", "fault", f"{size_text(available)} available", "Give the bot more memory."
        )
    elif available < LITTLE_MEMORY:
        yield Finding(
            "memory",
            "warning",
            f"{size_text(available)} available",
            "A library of 100,000 tweets needs about 256 MB.",
        )
    else:
        yield Finding("memory", "ok", f"{size_text(available)} available")


def _available_memory(root: Path) -> int | None:
    """Return the bytes that are available, within the container's limit; None if not known."""
    known = []
    try:
        text = (root / "proc/meminfo").read_text(encoding="ascii")
        known += [int(each) * 1024 for each in re.findall(r"MemAvailable:\s+(\d+) kB", text)]
        group = root / "sys/fs/cgroup"
        limit = (group / "memory.max").read_text(encoding="ascii").strip()
        if limit.isdecimal():
            used = (group / "memory.current").read_text(encoding="ascii").strip()
            known.append(max(int(limit) - int(used), 0))
    except (OSError, ValueError):
        pass
    return min(known, default=None)


def clock(place: Place | None, discord: DiscordSays | None) -> Iterator[Finding]:
    """Compare the clock with Discord's, or else with the library's last change."""
    now = datetime.now(UTC)
    advice = "Set the clock, for example with NTP (systemd: timedatectl set-ntp true)."
    if now < BUILT:
        yield Finding("clock", "fault", f"it shows {now:%Y-%m-%d}", advice)
        return
    if discord is not None and discord.date is not None:
        skew = abs((now - discord.date).total_seconds())
        message = f"it differs from Discord's by {skew:.0f} s"
        state: Literal["ok", "warning", "fault"] = "ok"
        if skew > SKEW:
            state = "fault" if skew > TOO_MUCH_SKEW else "warning"
        yield Finding("clock", state, message, advice if state != "ok" else "")
        return
    newest = _newest_change(place) if place is not None else None
    if newest is not None and newest > now + timedelta(seconds=TOO_MUCH_SKEW):
        yield Finding(
            "clock",
            "warning",
            f"it shows {now:%Y-%m-%d %H:%M}, before the library's last change",
            advice,
        )
    else:
        yield Finding("clock", "ok", f"it shows {now:%Y-%m-%d %H:%M} UTC (--online compares it)")


def _newest_change(place: Place) -> datetime | None:
    """Return when the library was changed last, if the store says so."""
    try:
        newest = place.facts().newest if place.exists() else None
        return datetime.fromisoformat(newest) if newest else None
    except (ThreadbotError, ValueError):
        return None


def versions() -> Iterator[Finding]:
    """Say which versions are in use."""
    yield Finding(
        "versions",
        "ok",
        f"Threadbot {__version__}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}, schema {len(MIGRATIONS)}, parser {PARSER_VERSION}, "
        f"index files {FILE_VERSION}",
    )
    if sqlite3.sqlite_version_info < (3, 37):
        yield Finding(
            "versions", "fault", "SQLite is too old", "Install a Python with SQLite 3.37 or newer."
        )


def kernels() -> Iterator[Finding]:
    """Say whether the compiled kernels are in use."""
    if native.kernels is not None:
        yield Finding("kernels", "ok", "the compiled kernels are in use")
    else:
        yield Finding(
            "kernels",
            "warning",
            "searches run without the compiled kernels and are slower",
            "Install a C compiler and Python's headers, then reinstall threadbot with "
            "pip install --force-reinstall --no-cache-dir.",
        )


def size_text(count: int) -> str:
    """Return a number of bytes for people."""
    if count >= 1_000 * MB:
        return f"{count / 1_000 / MB:.1f} GB"
    return f"{count / MB:.1f} MB"
