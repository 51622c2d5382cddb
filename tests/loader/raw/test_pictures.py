"""Tests of the pictures beside a dump."""

from __future__ import annotations

import hashlib

import pytest

from bot.loader.raw import pictures as module
from bot.loader.raw.pictures import Pictures, Room, Source, file_name, is_beside
from tests.pictures import GIF, JPEG, PNG, WEBP


def beside(files: dict[str, bytes], room: Room | None = None) -> Pictures:
    sizes = {name: len(data) for name, data in files.items()}
    return Pictures(Source(sizes, files.__getitem__), room or Room())


@pytest.mark.parametrize(
    ("data", "suffix"), [(JPEG, "jpg"), (PNG, "png"), (GIF, "gif"), (WEBP, "webp")]
)
def test_a_picture_is_named_by_its_bytes(data: bytes, suffix: str) -> None:
    assert file_name(data) == f"{hashlib.sha256(data).hexdigest()}.{suffix}"


@pytest.mark.parametrize("data", [b"", b"<svg>", b"RIFF1234WAVE", b"%PDF"])
def test_anything_else_is_no_picture(data: bytes) -> None:
    assert file_name(data) is None
    pictures = beside({"a.jpg": data})
    assert pictures.file_for("a.jpg") is None
    assert pictures.notice() == ("did not copy 1 picture: 1 not readable as JPEG, PNG, GIF or WebP")


def test_a_picture_is_found_by_the_end_of_its_path() -> None:
    pictures = beside({"x/data/tweets_media/1-a.jpg": JPEG, "x/other/1-a.jpg": PNG})
    assert pictures.file_for("tweets_media/1-a.jpg") == file_name(JPEG)
    assert pictures.file_for("./other/1-a.jpg") == file_name(PNG)
    assert pictures.file_for("media/1-a.jpg") is None
    assert pictures.file_for("2-a.jpg") is None
    assert pictures.used == {
        "x/data/tweets_media/1-a.jpg": file_name(JPEG),
        "x/other/1-a.jpg": file_name(PNG),
    }
    assert pictures.notice() is None


def test_a_blob_is_found_with_or_without_its_type() -> None:
    pictures = beside({"blobs/bafkreia": JPEG, "blobs/bafkreib.png": PNG, "bafybeic.gif": GIF})
    assert pictures.file_for("bafybeic") == file_name(GIF)
    assert pictures.file_for("bafkreia") == file_name(JPEG)
    assert pictures.file_for("bafkreib") == file_name(PNG)


def test_what_is_too_large_or_too_much_is_left_out_and_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "LARGEST", 70)
    pictures = beside({"a.jpg": JPEG, "b.jpg": JPEG + b"0" * 60, "c.png": PNG}, Room(21))
    assert [pictures.file_for(name) for name in ("b.jpg", "a.jpg", "c.png", "a.jpg")] == [
        None,
        file_name(JPEG),
        None,
        file_name(JPEG),
    ]
    notice = pictures.notice()
    assert notice is not None
    assert notice.startswith("did not copy 2 pictures: 1 larger than ")
    assert "1 beyond the 512 MB that one load keeps" in notice


def test_what_cannot_be_read_is_left_out() -> None:
    def failing(name: str) -> bytes:
        raise OSError(name)

    pictures = Pictures(Source({"a.jpg": 3}, failing))
    assert pictures.file_for("a.jpg") is None
    assert pictures.notice() is not None


def test_videos_are_not_copied_and_not_counted() -> None:
    pictures = beside({"a.mp4": b"film"})
    assert pictures.file_for("a.mp4") is None
    assert pictures.notice() is None


def test_a_dump_from_the_store_knows_the_pictures_it_had() -> None:
    pictures = Pictures(known={"data/tweets_media/1-a.jpg": "0.jpg"})
    assert pictures.file_for("1-a.jpg") == "0.jpg"
    assert pictures.file_for("2-a.jpg") is None


def test_names_tell_what_is_no_dump() -> None:
    assert is_beside("a/B.JPG")
    assert is_beside("bafkreiabc")
    assert not is_beside("a/jpg")
    assert not is_beside("tweets.js")


def test_a_picture_s_bytes_are_read_again_where_they_are() -> None:
    pictures = beside({"a.jpg": JPEG})
    pictures.file_for("a.jpg")
    assert [pictures.read(path) for path in pictures.used] == [JPEG]
    assert Pictures(known={"a.jpg": "0.jpg"}).read("a.jpg") == b""


def test_the_limit_of_a_picture_is_told_in_megabytes() -> None:
    pictures = Pictures(Source({"a.jpg": module.LARGEST + 1}, lambda _: JPEG))
    assert pictures.file_for("a.jpg") is None
    assert pictures.notice() == "did not copy 1 picture: 1 larger than 8 MB"
