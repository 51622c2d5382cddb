"""Where a store in PostgreSQL is."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from bot.errors import PostgresMissing, StoreError
from bot.store.places import in_postgres, place_at
from bot.store.postgres import place as places
from bot.store.protocol import Place
from tests.databases import at
from tests.postgres_server import Server
from tests.store.stored import SHELF, new

URL = "postgresql://ada:hunter2@db.example/bot"


def test_without_asyncpg_the_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "find_spec", lambda _: None)
    place = place_at(tmp_path, URL)
    with pytest.raises(PostgresMissing, match=r"pip install 'threadbot\[postgres\]'"):
        place.open()
    with pytest.raises(PostgresMissing):
        place.facts()


def test_a_place_says_no_password(tmp_path: Path) -> None:
    place = in_postgres(tmp_path, URL, URL)
    assert "hunter2" not in f"{place} {place!r} {place.name}"
    assert pickle.loads(pickle.dumps(place)) == place  # noqa: S301  # ours


async def test_a_database_is_a_place(tmp_path: Path, in_postgres: Server) -> None:
    place: Place = at(tmp_path)
    with pytest.raises(StoreError, match="there is no store in this database"):
        place.require()
    async with place.open() as store:
        await store.commit(SHELF, 0, [new(b"Okapis are shy")], actor="me", action="load")
    place.require(writable=True)
    place.require_present()
    place.require_newest()
    assert place.newest_generations() == {SHELF: 1}
    assert (place.exists(), place.is_file) == (True, False)
    assert in_postgres.url.startswith("postgresql://")
