"""The databases that a store may be in: the same tests run on each of them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Literal

from bot.store.places import SQLiteFolder
from bot.store.postgres.address import Address
from bot.store.postgres.place import PostgresDatabase
from bot.store.protocol import Place
from tests.postgres_server import Server, schema_for

Database = Literal["SQLite", "PostgreSQL"]
DATABASES: tuple[Database, ...] = ("SQLite", "PostgreSQL")


class Chosen:
    """The database that the current test uses."""

    def __init__(self) -> None:
        """Use SQLite."""
        self.server: Server | None = None
        self.schemas: set[str] = set()

    def at(self, folder: Path) -> Place:
        """Return the store of the data folder `folder`, in the database of this test."""
        if self.server is None:
            return SQLiteFolder(folder)
        schema = schema_for(folder)
        if schema not in self.schemas:
            self.server.sql(f"CREATE SCHEMA IF NOT EXISTS {schema}")
            self.schemas.add(schema)
        return PostgresDatabase(folder, Address(self.server.url_for(folder)))

    def change(self, place: Place, *statements: str) -> None:
        """Execute SQL behind the store's back."""
        if self.server is None:
            with closing(sqlite3.connect(place.name)) as connection, connection:
                for each in statements:
                    connection.execute(each)
            return
        for each in statements:
            self.server.sql(f"SET search_path = {schema_for(place.folder)}; {each}")

    def literal(self, data: bytes) -> str:
        """Return bytes as SQL."""
        return f"'\\x{data.hex()}'::bytea" if self.server else f"x'{data.hex()}'"


chosen = Chosen()
at = chosen.at
change = chosen.change
literal = chosen.literal
