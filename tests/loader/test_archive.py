"""ZIP archives: an X archive as downloaded, dumps that somebody zipped, and traps."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.errors import DumpError
from bot.intake import take_in
from bot.loader import archive
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
    assert "packed so tightly" in str(fault.message)


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


def test_an_archive_of_nothing_is_told(tmp_path: Path) -> None:
    (fault,) = take_in([saved(tmp_path, {"photo.jpg": b"\xff\xd8\xff"})]).faults
    assert str(fault.message) == "this ZIP archive contains no file of threads"


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
        "left out 1 answer to somebody else",
        "a record that holds no long post; left out",
        "a long post whose tweet is not in this archive; left out",
    ]
    names = [part.name.rsplit("/", 1)[-1] for part in reading.content.parts]
    assert names == ["account.js", "note-tweet.js", "tweets.js", "tweets-part1.js"]


def test_answers_to_others_are_kept_where_that_is_asked_for(tmp_path: Path) -> None:
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
