"""How the fuzzer changes what it tries: other values in JSON, other fields in custom ids."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

from tests.fuzz.beginnings import IDS

ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 10**20, 1e300, "", "0", "x", "@", " ", "\ud800", "\0", "https://",
    "1900000000000000001", "2024-13-45T25:61:61Z", "Thu Jan 99 00:00:00 +0000 2024", [], {}, [[]],
    [None], {"": None},
)  # fmt: skip
"""Values that a reader may meet where it expects another."""
PREFIX = b"window.YTD"
FIELDS = (
    *("", "0", "1", "7", "000000", "999999", "1000000", "9" * 12, "9" * 15, "9" * 18, "9" * 20),
    *("9" * 21, "-1", "1.5", "٣", "s", "g", "b", "N", "x", "-", "seeds", "quiet ports", "¦", "¦0"),
    *("0" * 12, "f" * 16, "F" * 12, " ", "\0", "\ud83d", "tb1", "tb2", "read", "all", "¦0㐀", "¦z"),
)
"""What may be between the colons of a custom id."""
Mutate = Callable[[bytes, int], bytes]
"""Changes some bytes."""
Change = Callable[[bytes, int, int, Mutate], bytes]
"""Makes the next input of one, at most so long, from a seed and a way to change bytes."""


def changed_file(data: bytes, longest: int, seed: int, mutate: Mutate) -> bytes:
    """The next file: `data` with another value in its JSON, or with other bytes."""
    dice = random.Random(seed)  # noqa: S311
    if dice.random() < 0.5:
        start = data.find(b"=") + 1 if data.startswith(PREFIX) else 0
        made = data[:start] + _other_json(data[start:], dice)
        if made != data and len(made) <= longest:
            return made
    return mutate(data, longest)


def changed_ids(data: bytes, longest: int, seed: int, mutate: Mutate) -> bytes:
    """The next custom ids: `data` with other fields or lines, or with other bytes."""
    dice = random.Random(seed)  # noqa: S311
    if dice.random() < 0.4:
        return mutate(data, longest)
    lines = data.decode("utf-8", "replace").split("\n")
    for _ in range(dice.randint(1, 3)):
        _change_lines(lines, dice)
    return "\n".join(lines).encode("utf-8", "replace")[:longest]


def _change_lines(lines: list[str], dice: random.Random) -> None:
    """Change one of the lines, or which there are."""
    at = dice.randrange(len(lines))
    match dice.randrange(5):
        case 0:
            lines.insert(at, dice.choice(IDS))
        case 1 if len(lines) > 1:
            del lines[at]
        case 2:
            other = dice.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
        case 3:
            lines[at] = f"{lines[at].partition('¦')[0]}¦{dice.choice(IDS).partition('¦')[2]}"
        case _:
            fields = lines[at].split(":")
            fields[dice.randrange(len(fields))] = dice.choice(FIELDS)
            lines[at] = ":".join(fields)


def _other_json(data: bytes, dice: random.Random) -> bytes:
    """`data` with one to three other values, if it is JSON or has a line of JSON."""
    try:
        whole = json.loads(data)
    except (ValueError, RecursionError):
        lines = data.split(b"\n")
        if len(lines) > 1 and lines[0].startswith((b"{", b"[")):
            at = dice.randrange(len(lines))
            lines[at] = _other_json(lines[at], dice)
        return b"\n".join(lines)
    places = list(_places(whole))
    for _ in range(dice.randint(1, 3)):
        if places:
            parent, key = dice.choice(places)
            _exchange(parent, key, dice.choice(places), dice)
    try:
        return json.dumps(whole, ensure_ascii=dice.random() < 0.5).encode("utf-8", "surrogatepass")
    except (ValueError, RecursionError):
        return data


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each object or list with each of its keys or indices."""
    for key in value if isinstance(value, dict) else range(len(value)) if _is_list(value) else ():
        yield value, key
        yield from _places(value[key])


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _exchange(parent: Any, key: Any, other: tuple[Any, Any], dice: random.Random) -> None:
    """Put another value at a place, or none, or the same twice; places may be gone by now."""
    try:
        match dice.randrange(5):
            case 0:
                parent[key] = dice.choice(ODD)
            case 1:
                del parent[key]
            case 2:
                parent[key] = json.loads(json.dumps(other[0][other[1]]))
            case 3:
                parent[key] = [parent[key], json.loads(json.dumps(parent[key]))]
            case _ if isinstance(parent, dict) and isinstance(other[1], str):
                parent[other[1]] = parent.pop(key)
            case _:
                parent[key] = {"": parent[key]}
    except (KeyError, IndexError, ValueError, RecursionError):
        return
