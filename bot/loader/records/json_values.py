"""Reads JSON values of unknown type as the type that a format prescribes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Json = Mapping[str, Any]
"""A JSON object."""


def as_dict(value: object) -> Json:
    """Return `value` if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[Any]:
    """Return `value` if it is an array, else an empty one."""
    return value if isinstance(value, list) else []


def as_text(value: object) -> str | None:
    """Return `value` if it is a string with at least one character, else None."""
    return value if isinstance(value, str) and value else None


def unpacked(waiting: list[Any]) -> Iterator[Any]:
    """Pop the values from `waiting`, last first; yield an array's elements in its place.

    The caller may add values to `waiting` between two steps. They come next. No recursion takes
    place, because values may be nested deeper than the stack allows.
    """
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += reversed(value)
        else:
            yield value
