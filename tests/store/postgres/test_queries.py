"""What PostgreSQL gives is what SQLite gives, to the byte, so the same checksums are valid."""

from __future__ import annotations

import json
import sqlite3

import pytest

from bot.store.postgres.queries import record_row

ODD = 'a/b\\"\n\t\x7f\x1f\x08\x0c\r é 💡 \u2028 \u0001'


@pytest.mark.parametrize("text", ["", "Okapis", ODD])
def test_json_is_written_as_sqlite_writes_it(text: str) -> None:
    dumps = [["7", text, "seeds", "0" * 64, json.dumps({"author": text}), "8", "text", "99"]]
    hidden = [["author", "1", text]]
    row = record_row((0, 1, 0, "now", text, "load", 5, dumps, hidden))
    connection = sqlite3.connect(":memory:")
    (array,) = connection.execute(
        "SELECT json_group_array(json_array(?, ?, ?, ?, ?, ?, ?, ?))",
        (7, *dumps[0][1:5], 8, "text", 99),
    ).fetchone()
    assert row[7] == array
    (array,) = connection.execute(
        "SELECT json_group_array(json_array(?, ?, ?))", hidden[0]
    ).fetchone()
    connection.close()
    assert row[8] == array
    assert record_row((0, 1, 0, "now", text, "load", 5, [], []))[7:] == ("[]", "[]")
