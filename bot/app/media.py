"""Attaches the pictures that the library keeps to messages, within Discord's limits.

A layout names them as `attachment://NAME`. What cannot be sent is shown from its URL on the web if
that is known, else taken out of the layout, because Discord refuses a message that names a missing
file.
https://docs.discord.com/developers/reference#uploading-files
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import discord
from discord import ui

from bot.views.discord.media import KeptPicture
from bot.views.discord.parts import WithFiles

SCHEME = "attachment://"
MOST_FILES = 10
MOST_BYTES = 10 * 1024 * 1024
"""Bytes of all files of a message, for bots in servers without boosts."""

Item = ui.Item[Any]


async def attached(layout: ui.LayoutView, folder: Path) -> list[discord.File]:
    """Return the files to send with `layout`, after taking out of it what cannot be sent.

    Args:
        layout: the message.
        folder: the folder of the pictures that the library keeps.
    """
    own = layout.files if isinstance(layout, WithFiles) else []
    known = {file.filename for file in own}
    named = [name for name in dict.fromkeys(_named(layout)) if name not in known]
    if not named:
        return list(own)
    room, size = MOST_FILES - len(own), MOST_BYTES - sum(map(_size, own))
    read = await asyncio.to_thread(_read, folder, named, room, size)
    known |= read.keys()
    if not known.issuperset(named):
        _take_out(layout, known)
    return [*own, *(discord.File(io.BytesIO(data), name) for name, data in read.items())]


def _named(layout: ui.LayoutView) -> Iterator[str]:
    """Yield the files that a layout names, in order."""
    for item in layout.walk_children():
        if isinstance(item, ui.MediaGallery):
            urls = [each.media.url for each in item.items]
        elif isinstance(item, ui.Thumbnail | ui.File):
            urls = [item.media.url]
        elif isinstance(item, ui.Section) and isinstance(item.accessory, ui.Thumbnail):
            urls = [item.accessory.media.url]
        else:
            continue
        yield from (url.removeprefix(SCHEME) for url in urls if url.startswith(SCHEME))


def _size(file: discord.File) -> int:
    """Return the bytes of a file that is open to be sent."""
    at = file.fp.tell()
    size = file.fp.seek(0, io.SEEK_END)
    file.fp.seek(at)
    return size - at


def _read(folder: Path, names: Sequence[str], room: int, size: int) -> dict[str, bytes]:
    """Return the files in `folder` that fit: at most `room` of them, and `size` bytes in all."""
    found: dict[str, bytes] = {}
    for name in names:
        path = folder / name
        if len(found) >= room or path.parent != folder:
            continue
        try:
            if path.stat().st_size > size:
                continue
            data = path.read_bytes()
        except OSError:
            continue
        if data and len(data) <= size:
            found[name] = data
            size -= len(data)
    return found


def _take_out(layout: ui.LayoutView, known: set[str]) -> None:
    """Take what is not in `known` out of a layout, and what is empty without it."""
    kept = [each for item in layout.children for each in _kept(item, known)]
    layout.clear_items()
    for item in kept:
        layout.add_item(item)


def _kept(item: Item, known: set[str]) -> Iterator[Item]:
    """Yield what stays of `item`; of a section without its picture, the text."""
    if isinstance(item, ui.Container):
        inner = [each for child in item.children for each in _kept(child, known)]
        item.clear_items()
        for each in inner:
            item.add_item(each)
        if any(not isinstance(each, ui.Separator) for each in inner):
            yield item
    elif isinstance(item, ui.MediaGallery):
        items = []
        for picture in item.items:
            if shown := _shown(picture.media, known):
                picture.media = shown
                items.append(picture)
        if items:
            item.items = items
            yield item
    elif isinstance(item, ui.Section) and isinstance(item.accessory, ui.Thumbnail):
        if shown := _shown(item.accessory.media, known):
            item.accessory.media = shown
            yield item
        else:
            yield from item.children
    elif not isinstance(item, ui.File) or _is_there(item.media.url, known):
        yield item


def _shown(media: discord.UnfurledMediaItem, known: set[str]) -> discord.UnfurledMediaItem | None:
    """Return the picture as it can be shown: its file, else from its URL; None if neither."""
    if _is_there(media.url, known):
        return media
    elsewhere = media.elsewhere if isinstance(media, KeptPicture) else None
    return discord.UnfurledMediaItem(elsewhere) if elsewhere else None


def _is_there(url: str, known: set[str]) -> bool:
    return not url.startswith(SCHEME) or url.removeprefix(SCHEME) in known
