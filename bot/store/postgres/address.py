"""Where a database is, and what it may be called: never with its password."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

SETTING, READ_SETTING = "DATABASE_URL", "DATABASE_READ_URL"
"""The settings that name the primary and a replica."""


@dataclass(frozen=True, slots=True)
class Address:
    """Addresses of a database."""

    url: str = field(repr=False)
    """The primary: `postgresql://user:password@host/database`."""
    read_url: str | None = field(default=None, repr=False)
    """A read replica of it, if there is one."""

    @property
    def name(self) -> str:
        """What errors and logs call it: without the password, and without options."""
        return redacted(self.url)


def redacted(url: str) -> str:
    """Return the address of a database without its password and its options."""
    try:
        found = urlsplit(url)
    except ValueError:
        return "the database"
    _, _, hosts = found.netloc.rpartition("@")
    return f"postgresql://{hosts}{found.path}"
