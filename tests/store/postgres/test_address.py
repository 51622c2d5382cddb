"""What a database may be called."""

from __future__ import annotations

import pytest

from bot.store.postgres.address import Address, redacted

SECRET = "hunter2"  # noqa: S105  # what must not be shown


@pytest.mark.parametrize(
    ("url", "name"),
    [
        (f"postgresql://ada:{SECRET}@db.example:5432/bot", "postgresql://db.example:5432/bot"),
        (f"postgres://ada:{SECRET}@db.example/bot?sslmode=require", "postgresql://db.example/bot"),
        (f"postgresql:///bot?host=/run&password={SECRET}", "postgresql:///bot"),
        (f"postgresql://ada:a@{SECRET}@db.example/bot", "postgresql://db.example/bot"),
        ("postgresql://one,two:5433/bot", "postgresql://one,two:5433/bot"),
        (f"postgresql://ada:{SECRET}@[::1/bot", "the database"),
    ],
)
def test_a_name_has_no_password(url: str, name: str) -> None:
    assert redacted(url) == Address(url).name == name
    assert SECRET not in repr(Address(url, url))
