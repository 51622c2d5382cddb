"""A dump's bytes, in memory and in files."""

from __future__ import annotations

import hashlib
import io
import os
from pathlib import Path

import pytest

from bot.loader.raw.content import PIECE, SMALL, Content, Part, Stream, pieces
from bot.loader.raw.pictures import Source


def part(name: str, data: bytes) -> Part:
    return Part(name, lambda: io.BytesIO(data), len(data))


def test_bytes_in_memory_are_one_part_without_a_name() -> None:
    made = Content.of(b"Low tide")
    assert [(each.name, each.size) for each in made.parts] == [("", 8)]
    assert (made.size, made.read(), made.read()) == (8, b"Low tide", b"Low tide")
    assert made.sha256 == hashlib.sha256(b"Low tide").hexdigest()


def test_a_small_file_stays_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"Low tide")
    made = Content.at(path)
    path.write_bytes(b"Ebb")
    assert made.read() == b"Low tide"


@pytest.mark.parametrize(("size", "stays"), [(16 * 1024**2, True), (16 * 1024**2 + 1, False)])
def test_only_a_small_file_is_held_in_memory(tmp_path: Path, size: int, *, stays: bool) -> None:
    path = tmp_path / "a.txt"
    path.touch()
    os.truncate(path, size)
    made = Content.at(path)
    assert [(each.name, each.size) for each in made.parts] == [("", size)]
    path.unlink()
    if stays:
        assert len(made.read()) == size
    else:
        with pytest.raises(FileNotFoundError):
            made.read()


def test_a_file_of_several_is_read_when_it_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a.js"
    path.write_bytes(b"Low tide")
    made = Content.at(path, "data/a.js")
    assert [(each.name, each.size) for each in made.parts] == [("data/a.js", 8)]
    path.write_bytes(b"Ebb")
    assert made.read() == b"Ebb"


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Content.at(tmp_path / "absent.txt")


def test_several_parts_are_one_content() -> None:
    made = Content((part("b", b"Low "), part("a", b"tide")))
    assert (made.size, made.read()) == (8, b"Low tide")
    assert made.sha256 == hashlib.sha256(b"b\x004\x00Low a\x004\x00tide").hexdigest()


def test_the_identity_of_parts_is_of_their_names_and_of_where_they_end() -> None:
    contents = [
        Content((part("a", b"Low "), part("b", b"tide"))),
        Content((part("b", b"tide"), part("a", b"Low "))),
        Content((part("a", b"Low"), part("b", b" tide"))),
        Content((part("a", b"Low tide"),)),
        Content.of(b"Low tide"),
    ]
    assert len({each.sha256 for each in contents}) == len(contents)


def test_parts_are_hashed_while_they_are_read() -> None:
    made = Content((part("a", b"Low "), part("b", b"tide")))
    hashing = made.hashing()
    read = [piece for each in made.parts for piece in hashing.pieces(each)]
    assert read == [b"Low ", b"tide"]
    assert hashing.hexdigest() == made.sha256


def test_a_part_is_read_a_piece_at_a_time_and_closed() -> None:
    stream = io.BytesIO(b"x" * (PIECE + 1))
    read = list(pieces(Part("", lambda: stream, PIECE + 1)))
    assert [len(each) for each in read] == [1024 * 1024, 1]
    assert stream.closed
    assert SMALL > PIECE


def test_a_stream_reads_and_closes_what_it_is_made_of() -> None:
    data = io.BytesIO(b"Low tide")
    with Stream(data.read, data.close) as stream:
        assert (stream.read(3), stream.read(9), stream.read(1)) == (b"Low", b" tide", b"")
        assert not data.closed
    assert data.closed


def test_what_lies_beside_a_dump_does_not_make_it_another() -> None:
    made = Content.of(b"Low tide")
    beside = Source({"a.jpg": 3}, lambda _: b"")
    assert Content(made.parts, beside) == made
