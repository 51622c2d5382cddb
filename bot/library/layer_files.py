"""Keeps a library's own layers in files, one for each, for the next start.

A small file names the layers of a generation, with what is masked in each. Layers never change, so
a load writes its own layer and that file, whatever the size of the library. The files are a cache:
what cannot be read is built again from the store.

A file's checksum is verified when it is first read. The naming file then has the layer's inode,
size and time of change; while these stay the same, later starts do not read a large file whole
again, and `damaged` does so in the background.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from bot.arrays.array_file import (
    Arrays,
    Unusable,
    is_whole,
    read_arrays,
    release,
    write_arrays,
    write_parts,
)
from bot.arrays.atomic_file import replacing
from bot.library.snapshot.layer import Layer, merging, new_name
from bot.library.snapshot.layered import Mask, Part
from bot.search.analyzer import ANALYZER_VERSION
from bot.store.shelf import Shelf

FILE_VERSION = 9
"""Raised with every change to what a layer is made of, and if stored ones may be wrong."""
UNUSED_FOR = 3_600
"""Seconds after which a layer's file is deleted that no generation names. Another process may
have written it just now, and name it soon."""
LEFT_FOR = 24 * 3_600
"""Seconds after which a layer that was left for others is deleted, if it is named no more."""
NO_STAMP = [0, 0, 0]
"""The stamp of a file that is not there."""
DAMAGED = (Unusable, ValueError, LookupError, TypeError, AttributeError)
"""What reading a layer raises whose file is damaged, but not verified."""
TRUSTED_FROM = 8 << 20
"""Bytes: smaller files are always verified, which takes a few milliseconds."""

log = logging.getLogger(__name__)

__all__ = [
    "Named",
    "Unusable",
    "damaged",
    "fetch",
    "is_left",
    "layer_file",
    "leave",
    "mapped",
    "named",
    "read",
    "take_back",
    "write",
]


class Named(NamedTuple):
    """What a naming file says."""

    key: str
    """Names the generation that the layers are of."""
    layers: Sequence[tuple[str, list[int]]]
    """The name of each layer, and the stamp of its file."""
    gone: Mapping[str, Mask]
    """What is masked, as `gone.{number of the layer}`."""


def named(path: Path) -> Named:
    """Read which layers a file names.

    Raises:
        FileNotFoundError: there is no such file.
        Unusable: it is damaged, or an earlier version wrote it.
        OSError: it cannot be read.
    """
    (key, layers), gone = read_arrays(path, _key("names"))
    return Named(key, layers, gone)


def read(
    path: Path, what: Named, known: Mapping[str, Layer] = MappingProxyType({})
) -> tuple[list[Part], bool]:
    """Read the layers that a file names.

    Args:
        path: the file that names them.
        what: what it says.
        known: layers by name that need not be read.

    Returns:
        The layers that can be read; and whether there are more.
    """
    parts = []
    for number, (name, stamp) in enumerate(what.layers):
        layer = known.get(name) or _layer(_file(path, name), name, stamp)
        if layer:
            parts.append(Part(layer, what.gone.get(f"gone.{number}")))
    return parts, len(parts) < len(what.layers)


def _layer(file: Path, name: str, stamp: list[int]) -> Layer | None:
    """Return the layer in a file, or None if it cannot be read."""
    try:
        found = _stamp(file)
        trusted = stamp == found and found[1] >= TRUSTED_FROM
        return Layer.from_arrays(name, *read_arrays(file, _key(name), is_verified=trusted))
    except (OSError, *DAMAGED) as error:
        log.warning("cannot use %s: %s; building its threads again", file.name, error)
        return None


def write(path: Path, key: str, parts: Sequence[Part], shelf: Shelf | None = None) -> list[str]:
    """Write the layers that have no file yet, and the file that names them all.

    Args:
        path: the file that names them.
        key: names the generation they are of.
        parts: the layers.
        shelf: where to leave them for other machines, too, if anywhere.

    Returns:
        The names of the layers that had no file yet.

    Raises:
        OSError: a file cannot be written.
    """
    layers, new = [], []
    for each in parts:
        file = _file(path, each.layer.name)
        if not file.exists():
            new.append(each.layer.name)
            write_arrays(file, _key(each.layer.name), *each.layer.to_arrays())
        layers.append([each.layer.name, _stamp(file)])
    gone = {f"gone.{at}": each.gone for at, each in enumerate(parts) if each.gone is not None}
    if not _is_written(path, key, layers):
        write_arrays(path, _key("names"), [key, layers], gone)
        _sweep(path, {_file(path, each.layer.name) for each in parts})
        if shelf:
            try:
                _unleft(path).touch()
                leave(path, shelf)
            except (OSError, Unusable) as error:  # others build the layers themselves, or wait
                log.warning("cannot leave layers for other machines yet: %s", error)
    return new


def damaged(path: Path, parts: Sequence[Part], step: Callable[[], None]) -> list[str]:
    """Delete the layers' files that are not as they were written; return the layers' names.

    Such a file may have been used, because its inode, size and time of change are as they were.

    Args:
        path: the file that names them.
        parts: the layers.
        step: called now and then; may raise to stop.
    """
    names = []
    for each in parts:
        file = _file(path, each.layer.name)
        with suppress(OSError):
            if _stamp(file)[1] >= TRUSTED_FROM and not is_whole(file, step):
                log.warning("%s is damaged; building its threads again", file.name)
                names.append(each.layer.name)
                file.unlink()
    return names


def write_one(path: Path, layer: Layer) -> None:
    """Write a layer that no file names yet.

    Raises:
        OSError: the file cannot be written.
    """
    write_arrays(_file(path, layer.name), _key(layer.name), *layer.to_arrays())


def write_merged(
    path: Path, parts: Sequence[Part], dumps: Collection[int], step: Callable[[], None]
) -> Layer:
    """Merge layers into one. It is written to its file while it is made, and read from there.

    Args:
        path: the file that shall name it.
        parts: the layers to merge.
        dumps: the rows of the dumps whose versions to keep.
        step: called now and then; may raise to stop.

    Raises:
        OSError: the file cannot be written or read.
        Unusable: it was damaged just now.
    """
    name = new_name()
    layers, gone = [each.layer for each in parts], [each.mask for each in parts]
    authors, arrays = merging(layers, gone, dumps)

    def stepping(some: Arrays) -> Arrays:
        step()
        for each in layers:
            release(each.index.doc_len)
        return some

    write_parts(_file(path, name), _key(name), authors, map(stepping, arrays))
    return read_one(path, name)


def delete_one(path: Path, name: str) -> None:
    """Delete the file of a layer, if it can be deleted; see `delete`."""
    with suppress(OSError):
        _file(path, name).unlink()


def read_one(path: Path, name: str) -> Layer:
    """Return the layer that this program just wrote.

    Raises:
        OSError: its file cannot be read.
        Unusable: it is damaged.
    """
    return mapped(_file(path, name), name)


def layer_file(folder: Path, name: str) -> Path | None:
    """Return the file in `folder` of the layer with that name, if there is one."""
    return next(folder.glob(f"index-*-{name}.bin"), None)


def mapped(file: Path, name: str) -> Layer:
    """Return the layer in a file that was verified before.

    Raises:
        OSError: the file cannot be read.
        Unusable: it is damaged.
    """
    return Layer.from_arrays(name, *read_arrays(file, _key(name), is_verified=True))


def fetch(path: Path, shelf: Shelf, is_wanted: Callable[[str], bool]) -> None:
    """Have the layers that other machines left, and the file that names them.

    Args:
        path: the file that shall name them.
        shelf: where they were left.
        is_wanted: whether the layers of the generation with a key are of any use.

    Raises:
        OSError: a file cannot be read or written.
    """
    from tempfile import TemporaryDirectory  # slow to import, and one machine does without

    with TemporaryDirectory() as folder:
        there = Path(folder, path.name)
        with there.open("wb") as out:
            if not shelf.get(path.name, out):
                return
        try:
            found = named(there)
        except Unusable:
            return
        if not is_wanted(found.key):
            return
        layers = []
        for name, _ in found.layers:
            file = _file(path, name)
            if not file.exists():
                _fetch_one(file, shelf)
            layers.append([name, _stamp(file) if file.exists() else NO_STAMP])
        write_arrays(path, _key("names"), [found.key, layers], found.gone)


def _fetch_one(file: Path, shelf: Shelf) -> None:
    """Fetch a layer, unless it is missing or damaged."""
    with suppress(FileNotFoundError), replacing(file) as out:
        if not shelf.get(file.name, out):
            raise FileNotFoundError
    if not file.exists() or not is_whole(file, lambda: None):
        log.warning("%s is missing among the shared layers, or damaged", file.name)
        file.unlink(missing_ok=True)


def is_left(path: Path) -> bool:
    """Whether the layers that a file names need not be left for other machines any more."""
    return not _unleft(path).exists()


def leave(path: Path, shelf: Shelf) -> None:
    """Leave layers for other machines, and then the file that names them.

    Args:
        path: the file that names them.
        shelf: where to leave them.

    Raises:
        OSError: a file cannot be read or written.
        Unusable: the file that names them is damaged.
    """
    files = [_file(path, name) for name, _ in named(path).layers]
    for file in files:
        if not shelf.has(file.name):
            shelf.put(file)
    shelf.put(path)
    needed = {path.name, *(each.name for each in files)}
    written = shelf.names()
    now = written.get(path.name, 0.0)  # on the folder's clock; that of this machine may be wrong
    for name, moment in written.items():
        is_ours = name.startswith(f"{path.stem}-") and name not in needed
        if is_ours and moment + LEFT_FOR < now < math.inf:
            shelf.delete(name)
    _unleft(path).unlink(missing_ok=True)


def take_back(path: Path, shelf: Shelf) -> None:
    """Delete what machines left of a library.

    Args:
        path: the file that names its layers.
        shelf: where they were left.

    Raises:
        OSError: a file cannot be deleted.
    """
    for name in shelf.names():
        if name == path.name or name.startswith(f"{path.stem}-"):
            shelf.delete(name)


def delete(path: Path) -> None:
    """Delete the file that names layers, and those of all layers of that library.

    Whoever has mapped them goes on; what is needed still is built again.
    """
    for file in (path, *path.parent.glob(f"{path.stem}-*.bin")):
        with suppress(OSError):  # another process deleted it, or maps it on Windows
            file.unlink()


def _is_written(path: Path, key: str, layers: Sequence[object]) -> bool:
    """Whether the file names these layers already. What is masked follows from the key."""
    try:
        written = named(path)
    except (OSError, Unusable):
        return False
    return written.key == key and written.layers == layers


def _key(name: str) -> str:
    return f"{FILE_VERSION} {ANALYZER_VERSION} {name}"


def _file(path: Path, name: str) -> Path:
    return path.with_name(f"{path.stem}-{name}.bin")


def _unleft(path: Path) -> Path:
    """Return the file that is there while layers wait to be left for other machines."""
    return path.with_suffix(".unleft")


def _stamp(file: Path) -> list[int]:
    """Return what changes whenever a file is written."""
    found = file.stat()
    return [found.st_ino, found.st_size, found.st_mtime_ns]


def _sweep(path: Path, needed: set[Path]) -> None:
    """Delete the files of layers that `path` named before, and those of writes that failed."""
    for file in path.parent.glob(f"{path.stem}-*"):
        with suppress(OSError):  # another process deleted it, or maps it on Windows
            if file not in needed and file.stat().st_mtime < time.time() - UNUSED_FOR:
                file.unlink()
