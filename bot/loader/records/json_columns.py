"""Reads JSON whose keys a person has named: `--column text=Body` says what has the texts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from bot.loader.line_account import Account
from bot.loader.records.csv_table import post_of_record
from bot.loader.records.json_values import Json
from bot.loader.records.posts import Post
from bot.models import Metadata

Find = Callable[[Any, int, Account], Iterator[Post]]
"""Finds the posts in a record that starts at a line, and adds notices for the rest."""


class Finder:
    """Finds the posts in records with named keys; in others as `find` does."""

    def __init__(self, columns: str, metadata: Metadata, find: Find) -> None:
        """Read keys as named.

        Args:
            columns: which keys have what, as in the metadata.
            metadata: metadata given for the dump.
            find: finds the posts in records that have none of these keys.
        """
        self._columns = columns
        self._metadata = metadata
        self._find = find

    def __call__(self, value: Any, line: int, account: Account) -> Iterator[Post]:
        """Yield the posts in a JSON value, in order."""
        found = False
        waiting = [value]  # values may be nested deeper than the stack allows
        while waiting:
            here = waiting.pop()
            if isinstance(here, dict):
                post = post_of_record(_flat(here), self._columns, line, self._metadata)
                if post is not None:
                    found = True
                    yield post
                    continue
                waiting += reversed(here.values())
            elif isinstance(here, list):
                waiting += reversed(here)
        if not found:
            yield from self._find(value, line, account)


def _flat(record: Json) -> dict[str, str]:
    """Return the values of a record as texts; `author.name` is that of the object `author`."""
    flat = {}
    for name, value in record.items():
        flat[name] = _text(value)
        if isinstance(value, dict):
            flat |= {f"{name}.{inner}": _text(each) for inner, each in value.items()}
    return flat


def _text(value: object) -> str:
    """Return a value as the text that the cell of a table would have."""
    if value in (None, False):
        return ""
    if isinstance(value, str):
        return value.strip()
    try:
        return json.dumps(value)
    except RecursionError:
        return ""
