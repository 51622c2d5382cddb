"""Reads and writes files of named arrays, memory-mapped, with a checksum and a key.

Layout: MAGIC; the header's length (8 bytes, little-endian); its CRC-32 (4 bytes, little-endian);
the header (JSON with the key and each array's type, shape and offset); the arrays, each at a
multiple of 64 bytes; and the CRC-32 of all that (4 bytes, little-endian).
"""

from __future__ import annotations

import json
import mmap
import os
import zlib
from collections.abc import Callable, Iterable, Mapping
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
MOST = 100
"""Arrays for which a file written part by part has room."""
PLACE = 160
"""Bytes that the header may need for an array: its name, type, shape and offset."""
INVERTED = 0xFFFFFFFF
"""CRC-32 inverts what it begins with, and its result."""
DONT_NEED: int | None = getattr(mmap, "MADV_DONTNEED", None)
"""The advice that frees a mapping's pages; not available on Windows."""
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
    write_parts(path, key, meta, [arrays], len(arrays))


def write_parts(
    path: Path,
    key: str,
    meta: object,
    parts: Iterable[Mapping[str, NDArray[Any]]],
    most: int = MOST,
) -> None:
    """Write arrays as `write_arrays` does, but each part before the next one is made.

    The header comes first in the file and is written last, so there is room for it.

    Args:
        path: the file; an existing one is replaced.
        key: names what the arrays were made from.
        meta: anything that JSON can hold.
        parts: some arrays at a time, by name. No array of a part is kept.
        most: how many arrays there are at most.

    Raises:
        OSError: the file cannot be written.
    """
    places: dict[str, tuple[str, tuple[int, ...], int]] = {}
    described = {"key": key, "meta": meta, "arrays": places}
    room = len(json.dumps(described)) + most * PLACE
    room += -(HEAD + room) % ALIGNMENT
    with replacing(path) as out:
        out.seek(HEAD + room)
        at, crc = 0, 0
        for arrays in parts:
            for name in arrays:
                places[name] = (arrays[name].dtype.str, arrays[name].shape, at)
                crc = _write(out, arrays[name], crc)
                at += arrays[name].nbytes + -arrays[name].nbytes % ALIGNMENT
            del arrays  # the next ones are made without them
        header = json.dumps(described).encode().ljust(room)
        if len(header) > room:
            raise ValueError(f"{len(places)} arrays, and there is room for {most}")
        head = MAGIC + room.to_bytes(8, "little") + _crc_bytes(zlib.crc32(header)) + header
        out.write(_crc_bytes(_joined(zlib.crc32(head), crc, at)))
        out.seek(0)
        out.write(head)


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


def release(array: NDArray[Any]) -> None:
    """Free the memory of what was read of the file that an array is mapped from, if it is.

    What is needed is read again.
    """
    owner: Any = array
    while isinstance(owner, np.ndarray) and not isinstance(owner, np.memmap):
        owner = owner.base
    if isinstance(owner, np.memmap) and DONT_NEED is not None:
        mapping: Any = owner.base
        mapping.madvise(DONT_NEED)


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


def _write(out: BinaryIO, array: NDArray[Any], crc: int) -> int:
    """Write an array, up to the next multiple of ALIGNMENT, and return `crc` continued over it."""
    whole = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
    for start in range(0, len(whole), CHUNK):
        some = whole[start : start + CHUNK].data
        out.write(some)
        crc = zlib.crc32(some, crc)
    rest = bytes(-len(whole) % ALIGNMENT)
    out.write(rest)
    return zlib.crc32(rest, crc)


def _joined(first: int, second: int, size: int) -> int:
    """Return the CRC-32 of two parts, one after the other, from the CRC-32 of each.

    What the first one adds to it is what becomes of its own over as many zeros as the second part
    has bytes.

    Args:
        first: that of the first part.
        second: that of the second part.
        size: the bytes of the second part.
    """
    zeros, added = bytes(CHUNK), first ^ INVERTED
    for done in range(0, size, CHUNK):
        added = zlib.crc32(zeros[: size - done], added)
    return added ^ INVERTED ^ second


def with_prefix(prefix: str, arrays: Mapping[str, NDArray[Any]]) -> Arrays:
    """Return `arrays` with `prefix.` before their names."""
    return {f"{prefix}.{name}": each for name, each in arrays.items()}


def without_prefix(prefix: str, arrays: Mapping[str, NDArray[Any]]) -> Arrays:
    """Return the arrays whose names begin with `prefix.`, without it. Inverts `with_prefix`."""
    start = f"{prefix}."
    return {name.removeprefix(start): arrays[name] for name in arrays if name.startswith(start)}
