"""ZIP archives: X archives, zipped dumps, and malicious ones."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.errors import DumpError
from bot.loader import archive
from bot.loader.files import take_in
from bot.loader.raw.content import Content
from bot.models import Metadata
from tests.conftest import SEED

TWEETS = (Path(__file__).parent.parent / "dumps" / "x_archive_tweets.txt").read_bytes()
ACCOUNT = b'window.YTD.account.part0 = [ {"account" : {"username" : "me_myself"} } ]'


def zipped(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as writer:
        for name, data in files.items():
            writer.writestr(name, data)
    return made.getvalue()


def saved(folder: Path, files: dict[str, bytes]) -> Path:
    path = folder / "archive.zip"
    path.write_bytes(zipped(files))
    return path


def test_an_x_archive_gives_its_owner_s_threads(tmp_path: Path) -> None:
    files = {
        "data/account.js": ACCOUNT,
        "data/tweets.js": TWEETS,
        "data/ad-impressions.js": b"window.YTD.ads.part0 = [ ]",
        "data/tweets_media/1.jpg": b"\xff\xd8\xff",
    }
    intake = take_in([saved(tmp_path, files)])
    (reading,) = intake.readings
    assert intake.faults == ()
    assert reading.dump.file.endswith("archive.zip")
    (thread,) = reading.dump.threads
    assert (thread.author, len(thread.tweets)) == ("me_myself", 2)
    assert thread.tweets[1].permalink == "https://x.com/me_myself/status/1222539833458868230"


def test_zipped_dumps_are_read_one_by_one_and_faults_are_named(tmp_path: Path) -> None:
    files = {
        "a/seed.txt": SEED.read_bytes(),
        "empty.txt": b"",
        "__MACOSX/._seed.txt": b"\x00\x05",
        ".hidden": b"hidden",
        "photo.jpg": b"\xff\xd8\xff",
    }
    intake = take_in([saved(tmp_path, files)])
    (reading,) = intake.readings
    assert len(reading.dump.threads) == 7
    (fault,) = intake.faults
    assert fault.file.endswith("archive.zip/empty.txt")
    assert str(fault.message) == "the file is empty"


def test_a_bomb_is_refused_and_the_rest_is_read(tmp_path: Path) -> None:
    intake = take_in([saved(tmp_path, {"bomb.txt": b"a" * 10_000_000, "ok.txt": b"Okapis"})])
    assert [each.dump.threads[0].title for each in intake.readings] == ["Okapis"]
    (fault,) = intake.faults
    assert "compressed too tightly" in str(fault.message)


def test_names_that_lead_out_of_the_archive_write_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "er"
    folder.mkdir(parents=True)
    take_in([saved(folder, {"../../escaped.txt": b"Okapis"})])
    assert not (tmp_path / "escaped.txt").exists()


def test_a_damaged_archive_is_an_error_that_names_it(tmp_path: Path) -> None:
    path = tmp_path / "broken.zip"
    path.write_bytes(zipped({"a.txt": b"Okapis"})[:-10])
    (fault,) = take_in([path]).faults
    assert fault.file.endswith("broken.zip")
    assert "this ZIP archive is damaged" in str(fault.message)
    with pytest.raises(DumpError):
        list(archive.contents(path.read_bytes(), "broken.zip"))


def test_an_empty_archive_is_a_fault(tmp_path: Path) -> None:
    (fault,) = take_in([saved(tmp_path, {"photo.jpg": b"\xff\xd8\xff"})]).faults
    assert str(fault.message) == "this ZIP archive contains no files to read"


def tweets_file(part: int, *tweets: dict[str, str]) -> bytes:
    records = json.dumps([{"tweet": each} for each in tweets])
    return f"window.YTD.tweets.part{part} = {records}".encode()


CUT = "A long post that X cuts in the file of tweets, for it is longer than a tweet may be, " * 3
MOMENT = "Fri Sep 08 10:00:00 +0000 2023"
LONG = {"id_str": "1700000000000000001", "created_at": MOMENT, "full_text": f"{CUT[:270]}…"}
NEXT = {
    "id_str": "1700000000000000002",
    "created_at": "Fri Sep 08 10:01:00 +0000 2023",
    "full_text": "And a further one.",
    "in_reply_to_status_id_str": "1700000000000000001",
    "in_reply_to_screen_name": "me_myself",
}
OTHERS = {
    "id_str": "1700000000000000003",
    "created_at": MOMENT,
    "full_text": "@ben No.",
    "in_reply_to_status_id_str": "5",
    "in_reply_to_screen_name": "ben",
}
NOTES = [
    {"noteTweet": {"createdAt": "2023-09-08T10:00:01.000Z", "core": {"text": f"{CUT}to the end"}}},
    {"noteTweet": {"createdAt": "2020-01-01T10:00:00.000Z", "core": {"text": "Of no tweet"}}},
    {"noteTweet": {"createdAt": "2020-01-01T10:00:00.000Z"}},
]
PARTED = {
    "data/account.js": ACCOUNT,
    "data/note-tweet.js": f"window.YTD.note_tweet.part0 = {json.dumps(NOTES)}".encode(),
    "data/tweets.js": tweets_file(0, LONG),
    "data/tweets-part1.js": tweets_file(1, NEXT, OTHERS),
    "data/direct-messages.js": b"window.YTD.direct_messages.part0 = [ {} ]",
    "Your archive.html": b"<html>",
}


def in_folder(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


@pytest.mark.parametrize("save", [saved, in_folder])
def test_an_archive_in_many_files_is_one_dump(
    tmp_path: Path, save: Callable[[Path, dict[str, bytes]], Path]
) -> None:
    intake = take_in([save(tmp_path, PARTED)], detailed=True)
    (reading,) = intake.readings
    assert intake.faults == ()
    (thread,) = reading.dump.threads
    assert [tweet.text for tweet in thread.tweets] == [f"{CUT}to the end", "And a further one."]
    places = [tweet.file.rsplit("/", 1)[1] for tweet in thread.tweets]
    assert places == ["tweets.js", "tweets-part1.js"]
    assert [each.message for each in reading.dump.notices] == [
        "left out 1 reply to somebody else",
        "a record without a long post; left out",
        "a long post whose tweet is not in this archive; left out",
    ]
    names = [part.name.rsplit("/", 1)[-1] for part in reading.content.parts]
    assert names == ["account.js", "note-tweet.js", "tweets.js", "tweets-part1.js"]


def test_answers_to_other_people_are_kept_on_request(tmp_path: Path) -> None:
    (reading,) = take_in([saved(tmp_path, PARTED)], Metadata(keep_replies=True)).readings
    assert [len(thread.tweets) for thread in reading.dump.threads] == [2, 1]
    assert reading.dump.threads[1].tweets[0].text == "No."


def test_two_archives_in_one_are_two_dumps(tmp_path: Path) -> None:
    files = {f"{who}/{name}": data for who in ("one", "two") for name, data in PARTED.items()}
    intake = take_in([saved(tmp_path, files)])
    assert [each.dump.file.rsplit("/", 1)[1] for each in intake.readings] == ["one", "two"]


def test_of_a_mastodon_archive_the_outbox_alone_is_a_dump(tmp_path: Path) -> None:
    outbox = (Path(__file__).parent.parent / "dumps" / "mastodon_outbox.txt").read_bytes()
    files = {"actor.json": b'{"type": "Person"}', "likes.json": b"{}", "outbox.json": outbox}
    (reading,) = take_in([saved(tmp_path, files)]).readings
    assert reading.dump.format == "mastodon"
    assert reading.dump.file.endswith("archive.zip/outbox.json")


def contents(
    data: bytes | Path, file: str = "a.zip"
) -> tuple[dict[str, list[tuple[str, int]]], dict[str, str]]:
    """Each dump with its parts' names and sizes, and each fault with its file and reason."""
    found = list(archive.contents(data, file))
    dumps = {
        name: [(part.name, part.size) for part in each.parts]
        for name, each in found
        if not isinstance(each, DumpError)
    }
    faults = {name: each for name, each in found if isinstance(each, DumpError)}
    return dumps, {each.file: str(each.reason) for each in faults.values()}


def read(data: bytes, at: int = 0) -> bytes:
    """The bytes of the dump in that place."""
    _, content = [*archive.contents(data, "a.zip")][at]
    assert not isinstance(content, DumpError)
    return content.read()


def patched(data: bytes, local: int, central: int, value: bytes) -> bytes:
    """A ZIP archive with a field of its first entry written over, in both of its places."""
    made = bytearray(data)
    for at in (local, data.index(b"PK\x01\x02") + central):
        made[at : at + len(value)] = value
    return bytes(made)


def test_a_zip_archive_is_known_by_its_first_bytes() -> None:
    assert archive.is_zip(zipped({"a.txt": b"Ebb"}))
    assert not archive.is_zip(b"PK of tides")
    assert not archive.is_zip(b"Ebb PK\x03\x04")


def test_dumps_are_named_by_their_place_in_the_archive(tmp_path: Path) -> None:
    files = {"a.txt": b"Ebb", "deep/b.md": b"Flood", "c.JPG": b"?", "deep/.x/d.txt": b"?",
             "e.Woff2": b"?", "deep/__MACOSX/f.txt": b"?"}  # fmt: skip
    expected = {"a.zip/a.txt": [("", 3)], "a.zip/deep/b.md": [("", 5)]}
    assert contents(zipped(files)) == (expected, {})
    assert contents(saved(tmp_path, files)) == (expected, {})
    assert read(zipped(files), 1) == b"Flood"


def test_folders_in_an_archive_are_no_dumps() -> None:
    assert contents(zipped({"deep/": b"", "deep/a.txt": b"Ebb"}))[0] == {
        "a.zip/deep/a.txt": [("", 3)]
    }


@pytest.mark.parametrize("suffix", "jpg jpeg png gif mp4 webp mov mp3 woff woff2".split())
def test_pictures_and_the_like_are_passed_over(suffix: str) -> None:
    assert contents(zipped({f"a.{suffix}": b"?"})) == ({}, {})


def test_an_x_archive_goes_by_the_zip_archive() -> None:
    files = {"twitter-1/data/account.js": b"12", "twitter-1/data/tweets.js": b"345", "b.txt": b"6"}
    assert contents(zipped(files))[0] == {
        "a.zip": [("data/account.js", 2), ("data/tweets.js", 3)],
        "a.zip/b.txt": [("", 1)],
    }
    assert read(zipped(files)) == b"12345"


def test_several_x_archives_go_by_their_folders() -> None:
    files = {"one/data/tweets.js": b"1", "data/tweets.js": b"2"}
    assert contents(zipped(files))[0] == {
        "a.zip": [("data/tweets.js", 1)],
        "a.zip/one": [("data/tweets.js", 1)],
    }


def test_an_x_archive_one_of_whose_files_cannot_be_read_is_a_fault() -> None:
    files = {"data/account.js": b"1", "data/tweets.js": b"a" * 1_000_000, "b.txt": b"Ebb"}
    assert contents(zipped(files)) == (
        {"a.zip/b.txt": [("", 3)]},
        {"a.zip/data/tweets.js": "the file is compressed too tightly to be text"},
    )


@pytest.mark.parametrize("folder", ["", "archive/"])
def test_beside_an_outbox_nothing_is_a_dump(folder: str) -> None:
    files = {f"{folder}outbox.json": b"{}", f"{folder}likes.json": b"{}", "a.txt": b"Ebb"}
    assert list(contents(zipped(files))[0]) == [f"a.zip/{folder}outbox.json"]


@pytest.mark.parametrize("name", ["my-outbox.json", "a/b/outbox.json", "outbox.json.txt"])
def test_other_names_are_no_outbox(name: str) -> None:
    assert len(contents(zipped({name: b"{}", "a.txt": b"Ebb"}))[0]) == 2


def test_what_packs_two_hundred_times_is_text_and_what_packs_more_is_not() -> None:
    assert contents(zipped({"a.txt": b"a" * 204_800}))[1] == {}
    reason = "the file is compressed too tightly to be text"
    assert contents(zipped({"a.txt": b"a" * 204_801})) == ({}, {"a.zip/a.txt": reason})


def claiming(size: int) -> bytes:
    """Return a ZIP archive whose only entry claims to have that many bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as writer:
        writer.writestr("a.txt", b"Flood")
        writer.infolist()[0].file_size = size
    return made.getvalue()


def test_what_is_too_large_is_a_fault() -> None:
    reason = "the file is larger than 8 GB when unpacked"
    assert contents(claiming(8 * 1024**3 + 1)) == ({}, {"a.zip/a.txt": reason})
    assert "compressed too tightly" in contents(claiming(8 * 1024**3))[1]["a.zip/a.txt"]


def test_what_is_locked_is_a_fault() -> None:
    locked = patched(zipped({"a.txt": b"Ebb", "b.txt": b"Flood"}), 6, 8, b"\x01\x00")
    assert contents(locked) == (
        {"a.zip/b.txt": [("", 5)]},
        {"a.zip/a.txt": "the file is locked with a password; unpack it first"},
    )


def test_an_archive_of_too_many_files_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = zipped({"a.txt": b"Ebb", "b.txt": b"Flood"})
    monkeypatch.setattr(archive, "MOST_ENTRIES", 2)
    assert len(contents(data)[0]) == 2
    monkeypatch.setattr(archive, "MOST_ENTRIES", 1)
    with pytest.raises(DumpError, match=r"^a\.zip: this ZIP archive contains more than 1 files$"):
        contents(data)


def test_the_error_of_a_damaged_archive_names_the_reason() -> None:
    with pytest.raises(DumpError) as caught:
        contents(b"PK\x03\x04 and no more")
    assert str(caught.value) == "a.zip: this ZIP archive is damaged (File is not a zip file)"


def test_an_entry_that_cannot_be_opened_is_named_with_the_reason() -> None:
    data = patched(zipped({"deep/a.txt": b"Ebb"}), 8, 10, b"\x63\x00")
    reason = "the file is compressed in a way that is not read here; unpack it first"
    assert contents(data) == ({}, {"a.zip/deep/a.txt": reason})


def test_a_damaged_entry_is_named_with_the_reason() -> None:
    data = zipped({"deep/a.txt": bytes(range(256)) * 4})
    with pytest.raises(DumpError) as caught:
        read(data[:60] + b"?" * 20 + data[80:])
    assert caught.value.file == "a.zip/deep/a.txt"
    assert str(caught.value.reason).startswith("the file cannot be unpacked (")


def test_an_archive_that_is_replaced_while_it_is_read_is_read_as_it_was(tmp_path: Path) -> None:
    path = saved(tmp_path, {"a.txt": b"Ebb"})
    ((_, content),) = archive.contents(path, "a.zip")
    path.unlink()
    path.write_bytes(zipped({"a.txt": b"Flow"}))
    assert not isinstance(content, DumpError)
    assert content.read() == b"Ebb"


def test_an_entry_can_be_read_twice_and_is_closed() -> None:
    ((_, content),) = archive.contents(zipped({"a.txt": b"Ebb"}), "a.zip")
    assert not isinstance(content, DumpError)
    with content.parts[0].open() as stream:
        assert stream.read(2) == b"Eb"
        assert stream.read(9) == b"b"
        assert stream.read(9) == b""
    with pytest.raises(DumpError):
        stream.read(9)
    assert content.read() == b"Ebb"


def test_the_pictures_of_an_archive_are_beside_its_dumps() -> None:
    files = {"a.txt": b"Ebb", "media/b.jpg": b"\xff\xd8\xff", "bomb.png": b"a" * 1_000_000}
    ((_, content),) = archive.contents(zipped(files), "a.zip")
    assert isinstance(content, Content)
    assert content.beside is not None
    assert content.beside.sizes == {"media/b.jpg": 3}
    assert content.beside.read("media/b.jpg") == b"\xff\xd8\xff"


def test_a_damaged_picture_is_named_with_the_reason() -> None:
    data = patched(zipped({"media/b.jpg": b"Ebb", "a.txt": b"Ebb"}), 8, 10, b"\x63\x00")
    _, content = next(archive.contents(data, "a.zip"))
    assert isinstance(content, Content)
    assert content.beside is not None
    with pytest.raises(DumpError) as caught:
        content.beside.read("media/b.jpg")
    assert str(caught.value) == (
        "a.zip/media/b.jpg: the file cannot be unpacked (That compression method is not supported)"
    )
