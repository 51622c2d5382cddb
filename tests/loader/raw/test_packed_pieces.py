"""The packed pieces of a dump: what was read, in order; or none of it."""

from __future__ import annotations

import errno
import tempfile
import zlib

import pytest

from bot.loader.raw.content import Content
from bot.loader.raw.packed_pieces import PackedPieces

PIECES = [(0, 0, b"tide " * 900), (0, 1, b""), (2, 0, b"\x00\xff")]


def added() -> PackedPieces:
    made = PackedPieces()
    for each in PIECES:
        made.add(*each)
    return made


def test_what_was_added_comes_back_in_order_as_often_as_it_is_wanted() -> None:
    made = added()
    for _ in range(2):
        rows = [(part, place, zlib.decompress(data)) for part, place, data in made.rows()]
        assert rows == PIECES
    assert [*PackedPieces().rows()] == []


def test_if_the_disk_is_full_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> object:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    made = added()
    assert not made.is_whole
    assert [*made.rows()] == []
    content = Content.of(b"tide")
    content.keep(made)
    assert content.kept is None
