"""Reads and writes files of named arrays, memory-mapped, with a checksum and a key.

Layout: MAGIC; the header's length (8 bytes, little-endian); its CRC-32 (4 bytes, little-endian);
the header (JSON with the key and each array's type, shape and offset); the arrays, each at a
multiple of 64 bytes; and the CRC-32 of all that (4 bytes, little-endian).
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from bot.arrays.atomic_file import replacing

MAGIC = b"threadbot arrays 2\n"
HEAD = len(MAGIC) + 12
"""Bytes before the header."""
ALIGNMENT = 64
"""Bytes; a multiple of every dtype's size, and a cache line."""
CHUNK = 1 << 20
"""Bytes that are written and checked at a time."""
Arrays = dict[str, NDArray[Any]]
"""Arrays by name."""


class Unusable(ValueError):
    """The file is damaged or has another key. The message says which."""


def write_arrays(path: Path, key: str, meta: object, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write arrays to a file, atomically and durably; see `atomic_file.replacing`.

    Args:
        path: the file; an existing one is replaced.
        key: names what the arrays were made from.
        meta: anything that JSON can hold.
        arrays: arrays of any dtype and shape, by name.

    Raises:
        OSError: the file cannot be written.
    """
    places: dict[str, tuple[str, tuple[int, ...], int]] = {}
    at = 0
    for name, each in arrays.items():
        places[name] = (each.dtype.str, each.shape, at)
        at += each.nbytes + -each.nbytes % ALIGNMENT
    header = json.dumps({"key": key, "meta": meta, "arrays": places}).encode()
    header += b" " * (-(HEAD + len(header)) % ALIGNMENT)
    head = [MAGIC, len(header).to_bytes(8, "little"), _crc_bytes(zlib.crc32(header)), header]
    with replacing(path) as out:
        crc = _write(out, head, 0)
        for each in arrays.values():
            whole = np.ascontiguousarray(each).reshape(-1).view(np.uint8)
            parts = [whole[start : start + CHUNK].data for start in range(0, len(whole), CHUNK)]
            crc = _write(out, [*parts, b"\0" * (-each.nbytes % ALIGNMENT)], crc)
        out.write(_crc_bytes(crc))


def read_arrays(path: Path, key: str, *, is_verified: bool = False) -> tuple[Any, Arrays]:
    """Read what `write_arrays` wrote: `meta`, and the arrays, memory-mapped and read-only.

    Args:
        path: the file.
        key: names what the arrays were made from.
        is_verified: whether the file is known to be as it was written; else all of it is read, to
            compare its checksum.

    Raises:
        FileNotFoundError: there is no such file.
        Unusable: it is damaged or has another key.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        data = _mapped(file)
        described, begin = _header(data)
        if described["key"] != key:
            raise Unusable("it was made from other data")
        if not is_verified and not _is_whole(file):
            raise Unusable("it is damaged")
    arrays = {}
    for name, (kind, shape, at) in described["arrays"].items():
        kept = np.dtype(kind)
        size = kept.itemsize * int(np.prod(shape))
        arrays[name] = data[begin + at : begin + at + size].view(kept).reshape(shape)
    return described["meta"], arrays


def is_whole(path: Path, step: Callable[[], None]) -> bool:
    """Whether the file is as it was written: reads all of it.

    Args:
        path: the file.
        step: called now and then; may raise to stop.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        return _is_whole(file, step)


def key_of(path: Path) -> str:
    """Return the key of the file.

    Raises:
        Unusable: its header is damaged.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        return str(_header(_mapped(file))[0]["key"])


def _header(data: NDArray[np.uint8]) -> tuple[dict[str, Any], int]:
    """Return a file's header, and where its arrays begin.

    Raises:
        Unusable: it is damaged.
    """
    if len(data) < HEAD + 4 or data[: len(MAGIC)].tobytes() != MAGIC:
        raise Unusable("it is not a file of arrays")
    begin = HEAD + int.from_bytes(data[len(MAGIC) : HEAD - 4].tobytes(), "little")
    header = data[HEAD:begin].tobytes()
    if _crc_bytes(zlib.crc32(header)) != data[HEAD - 4 : HEAD].tobytes():
        raise Unusable("it is damaged")
    described: dict[str, Any] = json.loads(header)
    return described, begin


def _mapped(file: BinaryIO) -> NDArray[np.uint8]:
    """Map a file, as a plain array, because NumPy is slower with its subclass memmap."""
    size = os.fstat(file.fileno()).st_size
    return np.asarray(np.memmap(file, np.uint8, mode="r") if size else np.empty(0, np.uint8))


def _is_whole(file: BinaryIO, step: Callable[[], None] = lambda: None) -> bool:
    """Whether a file's checksum is right. Reads the file: mapped pages would stay in memory."""
    left = os.fstat(file.fileno()).st_size - 4
    file.seek(0)
    crc = 0
    while left > 0 and (some := file.read(min(CHUNK, left))):
        step()
        crc = zlib.crc32(some, crc)
        left -= len(some)
    return _crc_bytes(crc) == file.read()


def _crc_bytes(crc: int) -> bytes:
    return crc.to_bytes(4, "little")


def _write(out: BinaryIO, parts: list[Any], crc: int) -> int:
    """Write `parts`, and return `crc` continued over them."""
    for each in parts:
        out.write(each)
        crc = zlib.crc32(each, crc)
    return crc


def with_prefix(prefix: str, arrays: Mapping[str, NDArray[Any]]) -> Arrays:
    """Return `arrays` with `prefix.` before their names."""
    return {f"{prefix}.{name}": each for name, each in arrays.items()}


def without_prefix(prefix: str, arrays: Mapping[str, NDArray[Any]]) -> Arrays:
    """Return the arrays whose names begin with `prefix.`, without it. Inverts `with_prefix`."""
    start = f"{prefix}."
    return {name.removeprefix(start): arrays[name] for name in arrays if name.startswith(start)}
